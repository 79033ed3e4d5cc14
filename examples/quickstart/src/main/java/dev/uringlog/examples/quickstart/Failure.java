package dev.uringlog.examples.quickstart;

import java.io.IOException;
import java.util.Arrays;

/**
 * Exceptions that are really thrown, through real frames. Only the frames of this class are kept, so the same thread
 * number and index always give the same stack trace.
 */
final class Failure {
    private static final int DEPTH_MAX = 24;

    private Failure() {}

    static Exception of(final int thread, final int index) {
        try {
            descend((thread + index) % DEPTH_MAX, thread, index);
            throw new AssertionError("descend returned");
        } catch (final IllegalStateException e) {
            trim(e);
            trim(e.getCause());
            return e;
        }
    }

    private static void descend(final int depth, final int thread, final int index) {
        if (depth > 0) {
            descend(depth - 1, thread, index);
            return;
        }
        try {
            refuse(index);
        } catch (final IOException e) {
            throw new IllegalStateException("order " + index + " of worker " + thread + " — défaut 故障 🔥", e);
        }
    }

    private static void refuse(final int index) throws IOException {
        throw new IOException("connection " + index % 97 + " reset by peer");
    }

    private static void trim(final Throwable thrown) {
        final StackTraceElement[] trace = thrown.getStackTrace();
        int own = 0;
        while (own < trace.length && trace[own].getClassName().equals(Failure.class.getName())) {
            own++;
        }
        thrown.setStackTrace(Arrays.copyOf(trace, own));
    }
}
