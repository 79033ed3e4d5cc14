package dev.uringlog.examples.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cause of a refused probe, as far as the sandbox shows it, and what would change it. */
final class Diagnosis {
    private static final int FORBIDDEN_TO_ALL = 2;
    private static final int FORBIDDEN_WITHOUT_PRIVILEGE = 1;

    private static final Pattern ERRNO = Pattern.compile("\\b(E[A-Z]+) \\(\\d+\\)");

    private static final Pattern RELEASE = Pattern.compile("^(\\d{1,4})\\.(\\d{1,4})");
    private static final int MAJOR = 5;
    private static final int FEATURES_MINOR = 12;

    private static final String PROFILE =
            "a seccomp profile forbids it, as containers' default profiles do; to use io_uring, allow io_uring_setup,"
                    + " io_uring_enter and io_uring_register in it";

    private Diagnosis() {}

    /**
     * Explains a refusal.
     *
     * @param refusal the library's message
     * @param sandbox the contents of /proc
     * @param kernel its release, such as 6.18.5-cloud
     * @return one line, or null if there is nothing to add
     */
    static String explain(final String refusal, final Sandbox sandbox, final String kernel) {
        if (refusal.startsWith("turned off by ")) {
            return "start the JVM without that property";
        }
        if (refusal.equals(IoUring.KILLED)) {
            return "logs at MEMORY and KERNEL do not call it; for DISK and syncInterval start the JVM with"
                    + " -Duringlog.iouring=false, or let the filter return EPERM (systemd: SystemCallErrorNumber=EPERM)";
        }
        if (refusal.startsWith("JNR-FFI cannot load")) {
            return "its library is unpacked into java.io.tmpdir or, if that is not writable or is mounted noexec, into the"
                    + " working directory (-Djffi.extract.dir=DIRECTORY names the only one to use); on JDK 24 and newer"
                    + " --illegal-native-access=deny forbids it too";
        }
        final Matcher errno = ERRNO.matcher(refusal);
        return errno.find() ? explainErrno(errno.group(1), sandbox, kernel) : null;
    }

    private static String explainErrno(final String errno, final Sandbox sandbox, final String kernel) {
        final Integer disabled = sandbox.ioUringDisabled();
        return switch (errno) {
            case "EPERM" -> {
                if (disabled != null && disabled == FORBIDDEN_TO_ALL) {
                    yield "sysctl kernel.io_uring_disabled is 2, which forbids it to all processes; 0 allows it";
                }
                if (sandbox.isFiltered()) {
                    yield PROFILE;
                }
                yield disabled != null && disabled == FORBIDDEN_WITHOUT_PRIVILEGE
                        ? "sysctl kernel.io_uring_disabled is 1, which allows it only to the group kernel.io_uring_group"
                        : "a security module forbids it";
            }
            case "ENOSYS" -> {
                if (sandbox.isFiltered()) {
                    yield PROFILE;
                }
                yield isOlder(kernel, 1)
                        ? "the kernel is older than 5.1"
                        : "this kernel was built without it, or something hides it: an emulator such as qemu-user,"
                                + " or a sandbox such as gVisor";
            }
            case "ENOMEM" -> "RLIMIT_MEMLOCK is " + sandbox.memlock() + ": raise it, or use a smaller ringDepth";
            case "EINVAL", "EOPNOTSUPP" ->
                isOlder(kernel, FEATURES_MINOR)
                        ? "the kernel is older than 5.12"
                        : "something between this process and the kernel hides part of it: an emulator, or a sandbox";
            case "EACCES" -> "a security module forbids it";
            default -> null;
        };
    }

    /** Whether the kernel is older than 5 and the given minor version; false if its release cannot be parsed. */
    private static boolean isOlder(final String kernel, final int minor) {
        final Matcher release = RELEASE.matcher(kernel);
        if (!release.find()) {
            return false;
        }
        final int major = Integer.parseInt(release.group(1));
        return major < MAJOR || major == MAJOR && Integer.parseInt(release.group(2)) < minor;
    }
}
