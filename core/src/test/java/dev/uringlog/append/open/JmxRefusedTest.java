package dev.uringlog.append.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.uringlog.testing.ChildJvm;
import java.nio.file.Path;
import java.security.Permission;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log in a JVM whose management or whose own logging is not to be touched. */
@Timeout(120)
class JmxRefusedTest {
    private static final String JUL = "java.util.logging.manager";

    private static final int NO_SECURITY_MANAGER_JDK = 24;

    @TempDir
    Path directory;

    private ChildJvm.Outcome open(final String... jvmArguments) throws Exception {
        return LoadingTest.open(directory, jvmArguments);
    }

    private static List<String> warnings(final ChildJvm.Outcome outcome) {
        return LoadingTest.warnings(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Djavax.management.builder.initial=no.such.Builder", "-D" + JUL + "=no.such.Manager"})
    void shouldGoOnWithoutJmxAndSaySoOnceWhateverKeepsItOut(final String option) throws Exception {
        final ChildJvm.Outcome outcome = open(option);
        final List<String> warnings = warnings(outcome);
        assertEquals(
                1,
                warnings.stream().filter(line -> line.contains("not under JMX")).count(),
                outcome.output());
        assertTrue(warnings.stream().anyMatch(line -> line.contains("-Duringlog.jmx=false")), outcome.output());
    }

    @Test
    void shouldLeaveTheJdksLoggingAloneWhileItsManagerCannotBeLoaded() throws Exception {
        final ChildJvm.Outcome outcome = open("-D" + JUL + "=no.such.Manager");
        assertFalse(outcome.output().contains("Could not load Logmanager"), outcome.output());
        assertTrue(outcome.output().contains("strategy java (-D" + JUL + "=no.such.Manager"), outcome.output());
    }

    @Test
    void shouldTouchNoManagementWhereThatIsTurnedOff() throws Exception {
        final ChildJvm.Outcome outcome =
                open("-Duringlog.jmx=false", "-Djavax.management.builder.initial=no.such.Builder");
        assertEquals(List.of(), warnings(outcome));
    }

    /** Denies what JMX asks for, and nothing else. */
    @SuppressWarnings("removal")
    public static final class Denier extends SecurityManager {
        @Override
        public void checkPermission(final Permission permission) {
            if (permission.getClass().getName().startsWith("javax.management.")) {
                throw new SecurityException("denied: " + permission);
            }
        }
    }

    @Test
    void shouldGoOnWithoutJmxWhereASecurityManagerDeniesIt() throws Exception {
        assumeTrue(Runtime.version().feature() < NO_SECURITY_MANAGER_JDK, "this JDK has no security manager");
        final ChildJvm.Outcome outcome = open("-Djava.security.manager=" + Denier.class.getName());
        final List<String> warnings = warnings(outcome);
        assertEquals(1, warnings.size(), outcome.output());
        assertTrue(warnings.get(0).contains("not under JMX") && warnings.get(0).contains("denied: "), outcome.output());
    }
}
