package dev.uringlog.sys;

/** The kernel this JVM runs on, as far as it can be reached. */
public final class Kernel {
    /** System property that turns native access off: {@code -Duringlog.native=false}. */
    public static final String SWITCH = "uringlog.native";

    private Kernel() {}

    /** Loads on first use: reaching the kernel costs some hundred milliseconds of class loading. */
    private static final class Holder {
        private static final Syscalls SYSCALLS;
        private static final String REFUSAL;

        static {
            Syscalls syscalls = null;
            String refusal = null;
            final Platform platform = Platform.current();
            if ("false".equalsIgnoreCase(System.getProperty(SWITCH))) {
                refusal = "turned off by -D" + SWITCH + "=false";
            } else if (platform == null) {
                refusal = "no native access for " + System.getProperty("os.name") + " on "
                        + System.getProperty("os.arch");
            } else {
                try {
                    JffiCleaner.disarm();
                    syscalls = new JnrSyscalls(platform);
                } catch (final LinkageError | RuntimeException e) {
                    // No stub for this C library, no directory to unpack it to, native access denied: all the same.
                    refusal = "JNR-FFI cannot load: " + e;
                }
            }
            SYSCALLS = syscalls;
            REFUSAL = refusal;
        }
    }

    /**
     * The system calls.
     *
     * @return null if they cannot be reached, {@link #refusal()} says why
     */
    public static Syscalls syscalls() {
        return Holder.SYSCALLS;
    }

    /**
     * Why there is no native access.
     *
     * @return one line, or null if there is
     */
    public static String refusal() {
        return Holder.REFUSAL;
    }
}
