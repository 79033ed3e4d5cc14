package dev.uringlog.log4j2.framework;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs one test class, and prints what came of each of its methods. */
final class OneClass {
    private static final String MARK = "#outcome ";
    private static final String PASSED = "passed";
    private static final String SKIPPED = "skipped";

    private OneClass() {}

    public static void main(final String[] arguments) {
        final String testClass = arguments[0];
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(testClass))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(final TestIdentifier test, final TestExecutionResult result) {
                                final boolean hasFailed = result.getStatus() == TestExecutionResult.Status.FAILED;
                                result.getThrowable().filter(e -> hasFailed).ifPresent(Throwable::printStackTrace);
                                if (test.isTest() || hasFailed) {
                                    print(
                                            test,
                                            hasFailed
                                                    ? String.valueOf(result.getThrowable()
                                                            .orElse(null))
                                                    : result.getStatus() == TestExecutionResult.Status.ABORTED
                                                            ? SKIPPED
                                                            : PASSED);
                                }
                            }

                            @Override
                            public void executionSkipped(final TestIdentifier test, final String reason) {
                                print(test, SKIPPED);
                            }

                            private void print(final TestIdentifier test, final String outcome) {
                                final String method = test.getSource()
                                        .filter(MethodSource.class::isInstance)
                                        .map(source -> "#" + ((MethodSource) source).getMethodName())
                                        .orElse("");
                                System.out.println("\n" + MARK + FrameworkTests.simpleName(testClass) + method + " "
                                        + outcome.lines().findFirst().orElse("failed"));
                            }
                        });
        System.exit(0); // Whatever threads a test has left.
    }

    /** What each method came to; of one that ran several times, the worst. */
    static Map<String, String> outcomes(final String output) {
        final Map<String, String> outcomes = new TreeMap<>();
        output.lines().filter(line -> line.startsWith(MARK)).forEach(line -> {
            final String[] parts = line.substring(MARK.length()).split(" ", 2);
            outcomes.merge(parts[0], parts[1], (one, other) -> isFailure(one) ? one : other);
        });
        return outcomes;
    }

    static boolean isFailure(final String outcome) {
        return !outcome.equals(PASSED) && !outcome.equals(SKIPPED);
    }

    static boolean isSkipped(final String outcome) {
        return outcome.equals(SKIPPED);
    }
}
