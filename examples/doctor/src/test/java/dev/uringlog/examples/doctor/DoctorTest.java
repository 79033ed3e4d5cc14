package dev.uringlog.examples.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.logging.log4j.layout.template.json.util.JsonReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as an operator runs it. */
class DoctorTest {
    private static final String LAUNCHER = "../quickstart/src/test/c/seccomp_deny.c";

    @TempDir
    private Path dir;

    private Path logs;

    @BeforeEach
    void makeDirectory() throws IOException {
        logs = Files.createDirectory(dir.resolve("logs & \"more\""));
    }

    private Jar.Outcome doctor(final Object... arguments) throws Exception {
        return new Jar(dir).run(List.of(), arguments);
    }

    @Test
    void shouldSayThatIoUringWorksWhatItCostsAndWhatToConfigure() throws Exception {
        Needs.need("iouring", VectoredWriter.isIoUringSupported());
        final Jar.Outcome outcome = doctor(logs);
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().matches("(?s).*\\nio_uring +works\\n.*"), outcome.output());
        for (final String durability : List.of("MEMORY", "KERNEL", "DISK")) {
            assertTrue(
                    outcome.output().matches("(?s).*\\nauto, " + durability + " +(writev|iouring).*"),
                    outcome.output());
        }
        assertTrue(outcome.output().matches("(?s).*\\na flush +\\d+\\.\\d us .*"), outcome.output());
        assertTrue(outcome.output().matches("(?s).*\\nan fdatasync +\\d+\\.\\d us .*"), outcome.output());
        assertTrue(outcome.holds("log4j2.xml    <IoUringFile "), outcome.output());
        assertTrue(outcome.holds("logback.xml   <appender "), outcome.output());
        // From JDK 24 on the JVM warns of native access, but for what the manifest of its main jar grants.
        assertFalse(outcome.holds("WARNING"), outcome.output());
    }

    @Test
    void shouldLeaveNothingBehind() throws Exception {
        doctor(logs);
        try (Stream<Path> left = Files.list(logs)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, EPERM", "38, ENOSYS"})
    void shouldNameTheSeccompProfileThatForbidsIoUring(final int errno, final String name) throws Exception {
        final Jar.Outcome outcome = new Jar(dir)
                .under(compileLauncher().toString(), Integer.toString(errno))
                .run(List.of(), logs);
        assertEquals(1, outcome.exitCode(), outcome.output());
        assertTrue(outcome.holds("does not work: io_uring_setup: " + name), outcome.output());
        assertTrue(outcome.holds("a seccomp profile forbids it"), outcome.output());
        assertTrue(outcome.holds("seccomp filters"), outcome.output());
    }

    @Test
    void shouldLiveToSayThatASeccompFilterKillsForIoUring() throws Exception {
        final Jar.Outcome outcome =
                new Jar(dir).under(compileLauncher().toString(), "kill").run(List.of(), logs);
        assertEquals(1, outcome.exitCode(), outcome.output());
        assertTrue(outcome.holds("does not work: a seccomp filter kills the process"), outcome.output());
        assertTrue(outcome.holds("-Duringlog.iouring=false"), outcome.output());
    }

    private Path compileLauncher() throws Exception {
        final Path launcher = dir.resolve("seccomp_deny");
        Needs.need("gcc", Files.isExecutable(Path.of("/usr/bin/gcc")));
        assertEquals(
                0,
                Jar.execute(dir.resolve("gcc.txt"), List.of("gcc", "-o", launcher.toString(), LAUNCHER))
                        .exitCode());
        return launcher;
    }

    @Test
    void shouldSayThatThereIsPlainJavaAlone() throws Exception {
        final Jar.Outcome outcome = new Jar(dir).run(List.of("-Duringlog.native=false"), logs);
        assertEquals(2, outcome.exitCode(), outcome.output());
        assertTrue(outcome.holds("every log is written by Java's FileChannel"), outcome.output());
        assertTrue(outcome.holds("auto, MEMORY  java"), outcome.output());
    }

    @Test
    void shouldSayWhyNoLogCanBeOnAReadOnlyFileSystem() throws Exception {
        Needs.need("root", "root".equals(System.getProperty("user.name")));
        final Path mounts = dir.resolve("mount.txt");
        final String at = logs.toString();
        assertEquals(
                0,
                Jar.execute(mounts, List.of("mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", at))
                        .exitCode());
        try {
            final Jar.Outcome outcome = doctor(logs);
            assertEquals(3, outcome.exitCode(), outcome.output());
            assertTrue(outcome.holds("no log is possible in " + logs) && outcome.holds("EROFS"), outcome.output());
        } finally {
            Jar.execute(mounts, List.of("umount", at));
        }
    }

    @Test
    void shouldSayWhyNoLogCanBeInADirectoryThatIsNotThere() throws Exception {
        final Jar.Outcome outcome = doctor("--json", logs.resolve("missing"));
        assertEquals(3, outcome.exitCode(), outcome.output());
        final Map<?, ?> json = (Map<?, ?>) JsonReader.read(outcome.output());
        assertTrue(json.get("problem").toString().endsWith("is not a directory"), outcome.output());
    }

    @Test
    void shouldSayTheSameInJson() throws Exception {
        final Jar.Outcome outcome = doctor("--json", logs);
        assertEquals(1, outcome.output().lines().count(), outcome.output());
        final Map<?, ?> json = (Map<?, ?>) JsonReader.read(outcome.output());
        assertEquals(outcome.exitCode(), json.get("exitCode"));
        assertEquals(VectoredWriter.isIoUringSupported(), ((Map<?, ?>) json.get("ioUring")).get("works"));
        assertEquals(logs.toString(), json.get("directory"));
        assertEquals(Files.getFileStore(logs).type(), json.get("fileSystem"));
        assertEquals(List.of("MEMORY", "KERNEL", "DISK"), List.copyOf(((Map<?, ?>) json.get("auto")).keySet()));
        assertTrue(((Number) json.get("flushNanos")).longValue() > 0, outcome.output());
        assertTrue(((Number) json.get("fdatasyncNanos")).longValue() > 0, outcome.output());
        Configurations.assertTheyLog(
                logs, json.get("log4j2").toString(), json.get("logback").toString());
    }

    @Test
    void shouldExplainItself() throws Exception {
        final Jar.Outcome outcome = doctor("--help");
        assertEquals(0, outcome.exitCode(), outcome.output());
        for (int code = 0; code <= 4; code++) {
            assertTrue(outcome.holds("\n  " + code + "  "), outcome.output());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--yaml", "a b"})
    void shouldRefuseWhatItDoesNotUnderstand(final String arguments) throws Exception {
        final Jar.Outcome outcome = doctor((Object[]) arguments.split(" "));
        assertEquals(4, outcome.exitCode(), outcome.output());
        assertTrue(outcome.holds("unknown: "), outcome.output());
    }
}
