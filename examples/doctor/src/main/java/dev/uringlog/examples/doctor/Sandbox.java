package dev.uringlog.examples.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel says of io_uring and of the sandbox around this process, in files that anybody may read. Null where it
 * does not say.
 *
 * @param ioUringDisabled sysctl kernel.io_uring_disabled: 0 for nobody, 1 for those without privilege, 2 for all; null
 *     before Linux 6.6
 * @param seccomp 0 for none, 1 for strict mode, 2 for a filter
 * @param memlock RLIMIT_MEMLOCK: bytes, or {@code unlimited}
 */
record Sandbox(Integer ioUringDisabled, Integer seccomp, String memlock) {
    private static final int SECCOMP_FILTER = 2;

    /** Reads below a directory that is /proc, or a test's. */
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
        return "kernel.io_uring_disabled " + (ioUringDisabled == null ? "is not known to it" : ioUringDisabled)
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

    /** The word after a name at a line's start. */
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
