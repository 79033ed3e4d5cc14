package dev.uringlog.sys;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Access to the kernel that this JVM runs on.
 *
 * <p>JNR is loaded once, on a separate thread. A caller that needs it waits for a limited time. If the caller holds a lock
 * that the loading thread needs (a class loader that logs while it loads a class), native access is refused for now.
 */
public final class Kernel {
    /** System property that turns native access off: {@code -Duringlog.native=false}. */
    public static final String SWITCH = "uringlog.native";

    /**
     * The system calls, or the reason why there are none.
     *
     * @param syscalls the system calls, or null
     * @param refusal one line if there are none, otherwise null
     * @param warning one line for the operator about the way native code was loaded, or null
     */
    public record Access(Syscalls syscalls, String refusal, String warning) {
        static Access refused(final String why) {
            return new Access(null, why, null);
        }
    }

    /** JNR needs less than a tenth of this. The caller's stack may be too small, or nearly used up. */
    private static final long STACK_BYTES = 1 << 20;

    /** The interval at which a waiting caller checks the loading thread. */
    private static final long LOOK_MILLIS = 100;

    /** 2 s. Loading takes 0.2 s in total, so a thread that makes no progress for this long is waiting for a lock. */
    private static final int LOOKS_WITHOUT_PROGRESS_MAX = 20;

    /** 10 s, which is 50 times what loading takes. Limits the wait if a security manager hides the thread's stack. */
    private static final int LOOKS_MAX = 100;

    private static final Access STUCK = Access.refused("native access is still loading, on a thread that waits for"
            + " another one: a class loader may be logging while it loads a class. A log opened later may get it");

    private static final FutureTask<Access> LOADING = new FutureTask<>(Kernel::load);
    private static final AtomicBoolean IS_PREPARED = new AtomicBoolean();

    /** The thread that was created for loading; null if the first caller has to load. */
    private static volatile Thread loader;

    /** The thread that is loading, either the one above or a caller; null before loading starts. */
    private static volatile Thread loading;

    /** A caller has waited to the limit. Later callers do not wait. */
    private static volatile boolean isStuck;

    private Kernel() {}

    /** Starts loading on another thread, once. A caller that needs native access waits until loading is complete. */
    public static void prepare() {
        try {
            if (LoggingManager.isMissing() || !IS_PREPARED.compareAndSet(false, true)) {
                return;
            }
            final Thread thread = OwnThread.daemon(Kernel::loadInBackground, "uringlog-loader", STACK_BYTES);
            thread.setUncaughtExceptionHandler((failed, failure) -> {}); // The task reports the failure.
            loader = thread;
            thread.start();
        } catch (final Throwable e) {
            loader = null; // The thread could not be created: the first caller loads.
        }
    }

    private static void loadInBackground() {
        try {
            // Blocks while a caller holds the class loader's lock. LOADING is still free, so that caller can run it.
            Class.forName(JnrSyscalls.class.getName(), false, Kernel.class.getClassLoader());
        } catch (final Throwable e) {
            // The task fails in the same way and reports it.
        }
        LOADING.run();
    }

    private static Access load() {
        loading = Thread.currentThread();
        return NativeAccess.load();
    }

    /**
     * Returns the system calls, or the reason why there are none. A refusal for a temporary reason may turn into access
     * later. Access never turns into a refusal.
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
                LOADING.run(); // Has no effect if another thread has started it.
            }
        }
        return await();
    }

    /** Preserves the interrupt status. */
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
                && Thread.currentThread() != loading // The loading itself has caused an event to be logged.
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
