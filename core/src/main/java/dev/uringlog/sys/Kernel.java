package dev.uringlog.sys;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The kernel this JVM runs on, as far as it can be reached.
 *
 * <p>JNR loads once, on a thread of its own. A caller that needs it waits, but never for good: if the caller holds a lock that
 * the loading thread needs (a class loader that logs while it loads a class), native access is refused for now.
 */
public final class Kernel {
    /** System property that turns native access off: {@code -Duringlog.native=false}. */
    public static final String SWITCH = "uringlog.native";

    /**
     * How the kernel can be reached, or why it cannot.
     *
     * @param syscalls the system calls, or null
     * @param refusal one line if there are none, otherwise null
     * @param warning one line that an operator should know about the way native code was loaded, or null
     */
    public record Access(Syscalls syscalls, String refusal, String warning) {
        static Access refused(final String why) {
            return new Access(null, why, null);
        }
    }

    /** JNR needs less than a tenth of it. Not the caller's stack: that one may be small, or nearly used up. */
    private static final long STACK_BYTES = 1 << 20;

    /** How often a waiting caller looks at the loading thread. */
    private static final long LOOK_MILLIS = 100;

    /** Loading takes 0.2 s, with no step that takes a tenth of this: one that does waits for a lock. */
    private static final int LOOKS_WITHOUT_PROGRESS_MAX = 20;

    /** Above this it counts as stuck, even where its stack may not be looked at: 50 times what loading takes. */
    private static final int LOOKS_MAX = 100;

    private static final Access STUCK = Access.refused("native access is still being loaded, by a thread that waits for"
            + " another one: a class loader may be logging while it loads. Logs that open later may have it");

    private static final FutureTask<Access> LOADING = new FutureTask<>(Kernel::load);
    private static final AtomicBoolean IS_PREPARED = new AtomicBoolean();

    /** The thread that was made for loading; null if the first caller has to load. */
    private static volatile Thread loader;

    /** The thread that loads, the one above or a caller's; null before that. */
    private static volatile Thread loading;

    /** A caller has waited in vain. Others need not. */
    private static volatile boolean isStuck;

    private Kernel() {}

    /** Begins to load on another thread, unless that has been done. A caller that needs native access then waits for the rest. */
    public static void prepare() {
        try {
            if (LoggingManager.isMissing() || !IS_PREPARED.compareAndSet(false, true)) {
                return;
            }
            final Thread thread = OwnThread.daemon(Kernel::loadInBackground, "uringlog-loader", STACK_BYTES);
            thread.setUncaughtExceptionHandler((failed, failure) -> {}); // The task keeps it.
            loader = thread;
            thread.start();
        } catch (final Throwable e) {
            loader = null; // No thread, or none allowed: the first caller loads.
        }
    }

    private static void loadInBackground() {
        try {
            // While a caller holds the class loader's lock, this waits for it, and that caller may still load by
            // itself.
            Class.forName(JnrSyscalls.class.getName(), false, Kernel.class.getClassLoader());
        } catch (final Throwable e) {
            // The task meets the same, and says so.
        }
        LOADING.run();
    }

    private static Access load() {
        loading = Thread.currentThread();
        return NativeAccess.load();
    }

    /**
     * How the kernel can be reached. A refusal that names a passing reason may be withdrawn later, never the other way round.
     *
     * @return the system calls, or why there are none
     */
    public static Access access() {
        if (!LOADING.isDone()) {
            if (LoggingManager.isMissing()) {
                return Access.refused(LoggingManager.refusal() + ", and JNR-FFI needs java.util.logging");
            }
            prepare();
            if (loader == null || ClassLoading.isUnderWay()) {
                LOADING.run(); // Unless another thread has begun.
            }
        }
        return await();
    }

    /** An interrupt is kept. */
    private static Access await() {
        StackTraceElement[] last = {};
        boolean isInterrupted = false;
        int looksWithoutProgress = 0;
        try {
            for (int looks = 0; LOADING.isDone() || isWorthWaiting(looks, looksWithoutProgress); looks++) {
                try {
                    return LOADING.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (final InterruptedException e) {
                    isInterrupted = true;
                } catch (final TimeoutException e) {
                    final StackTraceElement[] now = stackOf(loading == null ? loader : loading);
                    looksWithoutProgress = now.length > 0 && Arrays.equals(last, now) ? looksWithoutProgress + 1 : 0;
                    last = now;
                } catch (final ExecutionException e) {
                    return Access.refused(NativeAccess.refusal(e.getCause()));
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        isStuck = true;
        return STUCK;
    }

    private static boolean isWorthWaiting(final int looks, final int looksWithoutProgress) {
        return !isStuck
                && Thread.currentThread() != loading // Loading logs.
                && looks < LOOKS_MAX
                && looksWithoutProgress < LOOKS_WITHOUT_PROGRESS_MAX;
    }

    private static StackTraceElement[] stackOf(final Thread thread) {
        try {
            return thread == null ? new StackTraceElement[0] : thread.getStackTrace();
        } catch (final SecurityException e) {
            return new StackTraceElement[0];
        }
    }

    /**
     * The system calls.
     *
     * @return null if they cannot be reached
     */
    public static Syscalls syscalls() {
        return access().syscalls();
    }
}
