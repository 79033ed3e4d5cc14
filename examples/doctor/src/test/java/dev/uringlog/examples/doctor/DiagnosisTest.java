package dev.uringlog.examples.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One errno has several causes; what /proc says tells them apart. */
class DiagnosisTest {
    private static final int NO_FILTER = 0;

    @TempDir
    private Path proc;

    @ParameterizedTest
    @CsvSource({
        "EPERM (1),       2, 2, 6.18.5-cloud, kernel.io_uring_disabled is 2",
        "EPERM (1),       0, 2, 6.18.5-cloud, a seccomp profile",
        "EPERM (1),       1, 2, 6.18.5-cloud, a seccomp profile",
        "EPERM (1),       1, 0, 6.18.5-cloud, kernel.io_uring_disabled is 1",
        "EPERM (1),       0, 0, 6.18.5-cloud, a security module",
        "ENOSYS (38),      , 2, 6.18.5-cloud, a seccomp profile",
        "ENOSYS (38),      , 0, 5.0.21, older than 5.1",
        "ENOSYS (38),      , 0, 4.18.0-553.el8, older than 5.1",
        "ENOSYS (38),      , 0, 6.18.5-cloud, an emulator such as qemu-user",
        "ENOSYS (38),      , 0, unknown, built without it",
        "ENOMEM (12),     0, 0, 6.18.5-cloud, RLIMIT_MEMLOCK is 65536",
        "EOPNOTSUPP (95), 0, 0, 5.10.0-32-amd64, older than 5.12",
        "EOPNOTSUPP (95), 0, 0, 6.18.5-cloud, an emulator",
        "EACCES (13),     0, 0, 6.18.5-cloud, a security module",
    })
    void shouldNameTheCause(
            final String errno, final Integer disabled, final int seccomp, final String kernel, final String cause) {
        final String explanation =
                Diagnosis.explain("io_uring_setup: " + errno, new Sandbox(disabled, seccomp, "65536"), kernel);
        assertTrue(explanation.contains(cause), explanation);
    }

    @Test
    void shouldSayNothingOfWhatItDoesNotKnow() {
        assertNull(Diagnosis.explain("io_uring_setup: EMFILE (24)", new Sandbox(0, NO_FILTER, null), "6.18.5"));
        assertNull(Diagnosis.explain("io_uring is supported only on Linux", new Sandbox(null, null, null), "6.18.5"));
    }

    @Test
    void shouldReadWhatTheKernelSays() throws IOException {
        Files.createDirectories(proc.resolve("sys/kernel"));
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(proc.resolve("sys/kernel/io_uring_disabled"), "1\n");
        Files.writeString(proc.resolve("self/status"), "Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1\n");
        Files.writeString(
                proc.resolve("self/limits"),
                "Limit                     Soft Limit           Hard Limit           Units     \n"
                        + "Max locked memory         8388608              unlimited            bytes     \n");
        assertEquals(new Sandbox(1, 2, "8388608"), Sandbox.read(proc));
        assertEquals(
                "kernel.io_uring_disabled 1, seccomp filters, RLIMIT_MEMLOCK 8388608",
                Sandbox.read(proc).describe());
    }

    @Test
    void shouldDoWithoutProc() {
        assertEquals(new Sandbox(null, null, null), Sandbox.read(proc.resolve("missing")));
    }
}
