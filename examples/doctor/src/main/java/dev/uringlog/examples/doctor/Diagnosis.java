package dev.uringlog.examples.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands behind an answer to the probe, as far as the sandbox tells, and what would change it. */
final class Diagnosis {
    private static final int FORBIDDEN_TO_ALL = 2;
    private static final int FORBIDDEN_WITHOUT_PRIVILEGE = 1;

    private static final Pattern ERRNO = Pattern.compile("\\b(E[A-Z]+) \\(\\d+\\)");

    private static final String PROFILE =
            "a seccomp profile forbids it, as containers' default profiles do: allow io_uring_setup, io_uring_enter and"
                    + " io_uring_register in it, if that is wanted";

    private Diagnosis() {}

    /**
     * Explains a refusal.
     *
     * @param refusal what the library said
     * @param sandbox what /proc says
     * @return one line, or null if there is nothing to add
     */
    static String explain(final String refusal, final Sandbox sandbox) {
        if (refusal.startsWith("turned off by ")) {
            return "start the JVM without that property";
        }
        if (refusal.startsWith("JNR-FFI cannot load")) {
            return "its stub is unpacked into java.io.tmpdir, which must be writable and not mounted noexec"
                    + " (-Djffi.extract.dir=DIR takes another); from JDK 24 on --illegal-native-access=deny forbids it too";
        }
        final Matcher errno = ERRNO.matcher(refusal);
        return errno.find() ? explainErrno(errno.group(1), sandbox) : null;
    }

    private static String explainErrno(final String errno, final Sandbox sandbox) {
        final Integer disabled = sandbox.ioUringDisabled();
        return switch (errno) {
            case "EPERM" -> {
                if (disabled != null && disabled == FORBIDDEN_TO_ALL) {
                    yield "sysctl kernel.io_uring_disabled is 2, which forbids it to everybody; 0 allows it";
                }
                if (sandbox.isFiltered()) {
                    yield PROFILE;
                }
                yield disabled != null && disabled == FORBIDDEN_WITHOUT_PRIVILEGE
                        ? "sysctl kernel.io_uring_disabled is 1, which allows it to the group kernel.io_uring_group alone"
                        : "a security module forbids it";
            }
            case "ENOSYS" -> sandbox.isFiltered() ? PROFILE : "the kernel is older than 5.1, or built without it";
            case "ENOMEM" -> "RLIMIT_MEMLOCK is " + sandbox.memlock() + ": raise it, or take a smaller ringDepth";
            case "EINVAL", "EOPNOTSUPP" -> "the kernel is older than 5.12";
            case "EACCES" -> "a security module forbids it";
            default -> null;
        };
    }
}
