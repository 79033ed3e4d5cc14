package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a JVM says of native code, and what becomes of the log where there can be none. */
class NativeAccessTest {
    private static final boolean JVM_WARNS = Runtime.version().feature() >= Jvm.WARNING_JDK;

    @TempDir
    private Path dir;

    private static void assertPureJavaWithOneWarning(final Jvm.Outcome outcome) {
        assertTrue(outcome.output().contains("strategy java (JNR-FFI cannot load: "), outcome.output());
        final List<String> warnings = outcome.output()
                .lines()
                .filter(line -> line.contains("WARN") || line.contains("ERROR"))
                .toList();
        assertEquals(1, warnings.size(), outcome.output());
        assertTrue(warnings.get(0).contains("no native access, writing through Java's FileChannel"), outcome.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldGoOnInPureJavaWithOneWarningWhereNativeAccessIsDenied(final String framework) throws Exception {
        assumeTrue(JVM_WARNS, "this JDK denies no native access");
        final Jvm.Outcome outcome = ReadmeLog.jvm(framework, dir)
                .withoutNativeAccess()
                .option("--illegal-native-access=deny")
                .run();
        ReadmeLog.assertLogged(outcome, dir);
        assertPureJavaWithOneWarning(outcome);
        assertTrue(outcome.output().contains("Illegal native access"), outcome.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldGoOnInPureJavaWithOneWarningWhereNothingMayBeExecuted(final String framework) throws Exception {
        Needs.root();
        final Path where = Files.createDirectory(dir.resolve("noexec"));
        execute("mount", "-t", "tmpfs", "-o", "noexec,size=64m", "tmpfs", where.toString());
        try {
            // jffi tries the directory for temporary files, and then the current one.
            final Jvm.Outcome outcome = ReadmeLog.jvm(framework, where)
                    .with("java.io.tmpdir", where)
                    .run();
            ReadmeLog.assertLogged(outcome, where);
            assertPureJavaWithOneWarning(outcome);
        } finally {
            execute("umount", where.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldHaveTheJvmSayNothingButWhatTheReadmeNames(final String framework) throws Exception {
        final Jvm.Outcome bare =
                ReadmeLog.jvm(framework, dir).withoutNativeAccess().run();
        ReadmeLog.assertLogged(bare, dir);
        final List<String> warnings =
                bare.output().lines().filter(line -> line.startsWith("WARNING")).toList();
        if (JVM_WARNS) {
            assertEquals(4, warnings.size(), bare.output());
            assertTrue(
                    warnings.get(0).contains("A restricted method in java.lang.System has been called"), bare.output());
            assertTrue(warnings.get(2).contains("--enable-native-access=ALL-UNNAMED"), bare.output());
            assertTrue(Readme.text().contains("--enable-native-access=ALL-UNNAMED"));
            Files.delete(ReadmeLog.file(dir));
            final Jvm.Outcome granted = ReadmeLog.jvm(framework, dir).run();
            ReadmeLog.assertLogged(granted, dir);
            assertFalse(granted.output().contains("WARN"), granted.output());
        } else {
            assertEquals(List.of(), warnings);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldLetTheApplicationRunAndNameBothWaysOutWhereDirectMemoryIsShort(final String framework) throws Exception {
        final Jvm.Outcome outcome = ReadmeLog.jvm(framework, dir)
                .option("-XX:MaxDirectMemorySize=1m")
                .run();
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("raise -XX:MaxDirectMemorySize or lower ringSize"), outcome.output());
    }

    private static void execute(final String... command) throws Exception {
        final Process process = new ProcessBuilder(command).inheritIO().start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), () -> String.join(" ", command));
    }
}
