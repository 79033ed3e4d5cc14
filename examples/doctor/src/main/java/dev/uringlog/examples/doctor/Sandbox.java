package dev.uringlog.examples.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel reports about io_uring and the sandbox of this process, in files that any user may read. Null if it
 * does not report it.
 *
 * @param ioUringDisabled sysctl kernel.io_uring_disabled: 0 if it is allowed, 1 if only privileged processes may use
 *     it, 2 if it is forbidden; null before Linux 6.6
 * @param seccomp 0 for none, 1 for strict mode, 2 for a filter
 * @param memlock RLIMIT_MEMLOCK: bytes, or {@code unlimited}
 */
record Sandbox(Integer ioUringDisabled, Integer seccomp, String memlock) {
    private static final int SECCOMP_FILTER = 2;

    /** Reads below a directory: /proc, or a test's. */
    static Sandbox read(final Path proc) {
        return new Sandbox(
                number(text(proc.resolve("sys/kernel/io_uring_disabled"))),
                number(field(proc.resolve("self/status"), "Seccomp:")),
                field(proc.resolve("self/limits"), "Max locked memory"));
    }

    boolean isFiltered() {
        return seccomp != null && seccomp == SECCOMP_FILTER;
    }

    String describe() {
        return "kernel.io_uring_disabled " + (ioUringDisabled == null ? "unknown" : ioUringDisabled)
                + ", seccomp "
                + (seccomp == null ? "unknown" : isFiltered() ? "filters" : seccomp == 0 ? "off" : "strict")
                + ", RLIMIT_MEMLOCK " + (memlock == null ? "unknown" : memlock);
    }

    private static String text(final Path file) {
        try {
            return Files.readString(file).strip();
        } catch (final IOException e) {
            return null;
        }
    }

    /** The word that follows a name at the start of a line. */
    private static String field(final Path file, final String name) {
        try {
            final List<String> lines = Files.readAllLines(file);
            return lines.stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip().split("\\s+")[0])
                    .findFirst()
                    .orElse(null);
        } catch (final IOException e) {
            return null;
        }
    }

    private static Integer number(final String text) {
        try {
            return text == null ? null : Integer.valueOf(text);
        } catch (final NumberFormatException e) {
            return null;
        }
    }
}
