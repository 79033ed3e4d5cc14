package dev.uringlog.examples.doctor;

import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Asks the kernel for io_uring. Under a seccomp filter another process asks first, because the filter may kill the
 * process that asks.
 */
final class IoUring {
    /** The other process's argument. */
    static final String ASK = "--ask-for-io_uring";

    static final String KILLED = "a seccomp filter kills the process that asks for it";

    /** Several times what a JVM takes to start. A JVM of which only one thread was killed never ends. */
    private static final long LIMIT_SECONDS = 30;

    private IoUring() {}

    /** Why it does not work, or null. If asking kills the process, io_uring is turned off for the rest of this one. */
    static String refusal(final Sandbox sandbox) {
        if (sandbox.isFiltered() && isDeadly()) {
            System.setProperty(VectoredWriter.IO_URING_SWITCH, "false");
            return KILLED;
        }
        return VectoredWriter.ioUringRefusal();
    }

    private static boolean isDeadly() {
        try {
            final Process asking = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            final boolean hasEnded = asking.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            asking.destroyForcibly();
            return !hasEnded || asking.exitValue() != 0;
        } catch (final IOException e) {
            return false; // No other process can be started, so this one asks.
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<String> command() {
        final String java =
                Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, "-cp", System.getProperty("java.class.path"), Doctor.class.getName(), ASK);
    }
}
