package dev.uringlog.log4j2.framework;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs Log4j's own tests of its rolling appenders, as it published them last (2.19.0), against the Log4j of this build and
 * with RollingIoUringFile in their place. What need not pass is in {@code exclusions.txt}, each line with its reason: classes,
 * which are not run, and methods. Whatever else fails, and an excluded method that passes, fails the run.
 *
 * <p>Each test class has a JVM and a working directory of its own, for many of them use the same files.
 */
public final class FrameworkTests {
    /** Most of them wait for a clock. */
    private static final int AT_ONCE = 12;

    private static final int MORE_TRIES = 3;

    private static final long CLASS_TIMEOUT_S = 80;

    private static final Pattern TEST_CLASS = Pattern.compile(
            "org/apache/logging/log4j/core/appender/(rolling/)?(Roll|RandomRoll|Cron|OnStartup)[^$/]*Test\\.class");
    private static final Pattern CONFIGURATION = Pattern.compile("[^/]*\\.(xml|properties|json|ya?ml)");
    private static final Pattern DATA = Pattern.compile("__files/.+");
    private static final Pattern CLASS_FILE =
            Pattern.compile("org/apache/logging/log4j/core/appender/(rolling/)?[^/]*\\.class");

    private final Path root;
    private final Path swapped;
    private final List<String> testClasses = new ArrayList<>();

    private FrameworkTests(final Path root) {
        this.root = root;
        swapped = root.resolve("swapped");
    }

    /**
     * Runs them.
     *
     * @param arguments the file of exclusions, a directory to work in, the names of the classes to run (all if there is none)
     * @throws Exception if it cannot
     */
    public static void main(final String[] arguments) throws Exception {
        final Map<String, String> exclusions = Exclusions.read(Path.of(arguments[0]));
        final FrameworkTests tests = new FrameworkTests(Path.of(arguments[1]).toAbsolutePath());
        tests.swap();
        if (arguments.length > 2) {
            final List<String> wanted = List.of(arguments).subList(2, arguments.length);
            tests.testClasses.removeIf(name -> wanted.stream().noneMatch(name::endsWith));
        }
        tests.testClasses.removeIf(name -> exclusions.containsKey(simpleName(name)));
        System.exit(new Verdict(exclusions).judge(tests.run(exclusions), tests.testClasses) ? 0 : 1);
    }

    private void swap() throws IOException, ClassNotFoundException {
        delete(root);
        final Class<?> any = Class.forName(
                "org.apache.logging.log4j.core.appender.rolling.RollingAppenderSizeTest",
                false,
                FrameworkTests.class.getClassLoader());
        final Path jar =
                Path.of(any.getProtectionDomain().getCodeSource().getLocation().getPath());
        try (JarFile tests = new JarFile(jar.toFile())) {
            for (final JarEntry entry : (Iterable<JarEntry>) tests.stream()::iterator) {
                final String name = entry.getName();
                if (TEST_CLASS.matcher(name).matches()) {
                    testClasses.add(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
                try (InputStream in = tests.getInputStream(entry)) {
                    if (CLASS_FILE.matcher(name).matches()) {
                        write(name, Swap.classFile(in.readAllBytes()));
                    } else if (CONFIGURATION.matcher(name).matches()) {
                        write(name, Swap.configuration(in.readAllBytes()));
                    } else if (DATA.matcher(name).matches()) {
                        write(name, in.readAllBytes());
                    }
                }
            }
        }
        testClasses.sort(Comparator.naturalOrder());
    }

    private void write(final String name, final byte[] bytes) throws IOException {
        final Path file = swapped.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static void delete(final Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> paths = Files.walk(tree)) {
                for (final Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(path);
                }
            }
        }
    }

    private Map<String, String> run(final Map<String, String> exclusions)
            throws IOException, InterruptedException, ExecutionException {
        final Map<String, String> outcomes = new TreeMap<>();
        final ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            final List<Future<Map<String, String>>> runs = new ArrayList<>();
            for (final String testClass : testClasses) {
                runs.add(pool.submit(() -> runClass(testClass, "run")));
            }
            for (final Future<Map<String, String>> run : runs) {
                outcomes.putAll(run.get());
            }
        } finally {
            pool.shutdownNow();
        }
        // So many at once are late for a clock now and then, and some miss a second's end alone: a few more tries.
        for (int i = 1; i <= MORE_TRIES; i++) {
            for (final String testClass : testClasses) {
                if (hasFailed(testClass, outcomes, exclusions)) {
                    System.out.println("again    " + simpleName(testClass));
                    outcomes.remove(simpleName(testClass));
                    outcomes.putAll(runClass(testClass, "again-" + i));
                }
            }
        }
        return outcomes;
    }

    private static boolean hasFailed(
            final String testClass, final Map<String, String> outcomes, final Map<String, String> exclusions) {
        final String name = simpleName(testClass);
        return outcomes.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name) || entry.getKey().startsWith(name + "#"))
                .filter(entry -> !exclusions.containsKey(entry.getKey() + "?"))
                .anyMatch(entry -> !exclusions.containsKey(entry.getKey()) && OneClass.isFailure(entry.getValue()));
    }

    private Map<String, String> runClass(final String testClass, final String turn)
            throws IOException, InterruptedException {
        final Path directory = Files.createDirectories(root.resolve(turn).resolve(testClass));
        // Where some look for their configuration, and for files to roll.
        for (final String place : List.of("target/test-classes", "src/test/resources")) {
            Files.createDirectories(directory.resolve(place).getParent());
            Files.createSymbolicLink(directory.resolve(place), swapped);
        }
        final Path output = directory.resolve("output.txt");
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        swapped + System.getProperty("path.separator") + System.getProperty("java.class.path"),
                        OneClass.class.getName(),
                        testClass)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(CLASS_TIMEOUT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return Map.of(simpleName(testClass), "took longer than " + CLASS_TIMEOUT_S + " s");
        }
        final Map<String, String> outcomes = OneClass.outcomes(Files.readString(output, StandardCharsets.UTF_8));
        return outcomes.isEmpty() ? Map.of(simpleName(testClass), "ran no test, see " + output) : outcomes;
    }

    static String simpleName(final String testClass) {
        return testClass.substring(testClass.lastIndexOf('.') + 1);
    }
}
