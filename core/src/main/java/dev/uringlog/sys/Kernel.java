package dev.uringlog.sys;

import java.util.concurrent.atomic.AtomicBoolean;

/** The kernel this JVM runs on, as far as it can be reached. */
public final class Kernel {
    /** System property that turns native access off: {@code -Duringlog.native=false}. */
    public static final String SWITCH = "uringlog.native";

    private static final AtomicBoolean IS_PREPARED = new AtomicBoolean();

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
                    refusal = "JNR-FFI cannot load: " + reason(e);
                }
            }
            SYSCALLS = syscalls;
            REFUSAL = refusal;
        }

        /** JNR says that it could not load; of what, and what would mend it, only its innermost cause tells. */
        private static String reason(final Throwable failure) {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause.toString().lines().findFirst().orElseThrow(); // JNR has a stack trace in its message.
        }
    }

    /**
     * Begins to load, in the background; whoever needs the system calls meanwhile waits for what is left of it. The first
     * call counts.
     */
    public static void prepare() {
        if (IS_PREPARED.compareAndSet(false, true)) {
            final Thread thread = new Thread(Kernel::syscalls, "uringlog-loader");
            thread.setDaemon(true);
            try {
                thread.start();
            } catch (final OutOfMemoryError e) {
                return; // No thread to be had: whoever needs the system calls loads them himself.
            }
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
