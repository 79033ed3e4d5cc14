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
        "EPERM (1),       2, 2, kernel.io_uring_disabled is 2",
        "EPERM (1),       0, 2, a seccomp profile",
        "EPERM (1),       1, 2, a seccomp profile",
        "EPERM (1),       1, 0, kernel.io_uring_disabled is 1",
        "EPERM (1),       0, 0, a security module",
        "ENOSYS (38),      , 2, a seccomp profile",
        "ENOSYS (38),      , 0, older than 5.1",
        "ENOMEM (12),     0, 0, RLIMIT_MEMLOCK is 65536",
        "EOPNOTSUPP (95), 0, 0, older than 5.12",
        "EACCES (13),     0, 0, a security module",
    })
    void shouldNameTheCause(final String errno, final Integer disabled, final int seccomp, final String cause) {
        final String explanation =
                Diagnosis.explain("io_uring_setup: " + errno, new Sandbox(disabled, seccomp, "65536"));
        assertTrue(explanation.contains(cause), explanation);
    }

    @Test
    void shouldSayNothingOfWhatItDoesNotKnow() {
        assertNull(Diagnosis.explain("io_uring_setup: EMFILE (24)", new Sandbox(0, NO_FILTER, null)));
        assertNull(Diagnosis.explain("io_uring is used on Linux alone", new Sandbox(null, null, null)));
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
