package dev.uringlog.sys;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import jnr.ffi.LibraryLoader;

/**
 * Sends one thread signals until closed, blindly or one in each of its system calls: Linux only. A blind storm on a
 * busy machine mostly interrupts everything but the calls. The signal is HotSpot's own SIGUSR2, which samplers send to
 * interrupt a thread; its handler ignores it if no suspension was requested. It is installed with SA_RESTART, which
 * does not help io_uring_enter: that answers EINTR, or the count it submitted.
 */
public final class SignalStorm implements AutoCloseable {
    private static final int SIGUSR2 = 12;
    private static final boolean IS_ARM64 = System.getProperty("os.arch").equals("aarch64");
    private static final int SYS_GETTID = IS_ARM64 ? 178 : 186;
    private static final int SYS_TGKILL = IS_ARM64 ? 131 : 234;
    private static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");

    /** What a storm needs of libc. */
    public interface LibC {
        long syscall(long number, long first, long second, long third);
    }

    private final Thread sender;
    private volatile boolean isOver;

    private SignalStorm(final long threadId, final IntSupplier crossings) {
        final long processId = ProcessHandle.current().pid();
        sender = new Thread(() -> {
            int last = 0;
            while (!isOver) {
                final int now = crossings.getAsInt();
                if ((now & 1) == 1 && now != last) {
                    LIBC.syscall(SYS_TGKILL, processId, threadId, SIGUSR2);
                    last = now;
                }
                Thread.onSpinWait();
            }
        });
        sender.setDaemon(true);
        sender.start();
    }

    /** What sends the calling thread one signal each time it is run, by whichever thread. */
    public static Runnable senderToThisThread() throws IOException {
        requireHandler();
        final long processId = ProcessHandle.current().pid();
        final long threadId = LIBC.syscall(SYS_GETTID, 0, 0, 0);
        return () -> LIBC.syscall(SYS_TGKILL, processId, threadId, SIGUSR2);
    }

    /** Starts one on the calling thread that aims at nothing; skips the test where the signal would kill the process. */
    public static SignalStorm onThisThread() throws IOException {
        final AtomicInteger everInside = new AtomicInteger(1);
        return onThisThread(() -> everInside.addAndGet(2));
    }

    /**
     * Starts one on the calling thread; skips the test where the signal would kill the process.
     *
     * @param crossings counts how often the thread went into the system call or out of it: odd while it is inside
     */
    public static SignalStorm onThisThread(final IntSupplier crossings) throws IOException {
        requireHandler();
        return new SignalStorm(LIBC.syscall(SYS_GETTID, 0, 0, 0), crossings);
    }

    private static void requireHandler() throws IOException {
        final String caught = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigCgt:"))
                .findFirst()
                .orElseThrow();
        final long mask =
                Long.parseUnsignedLong(caught.substring(caught.indexOf(':') + 1).strip(), 16);
        assumeTrue((mask >> (SIGUSR2 - 1) & 1) == 1, "no handler for SIGUSR2");
    }

    @Override
    public void close() {
        isOver = true;
        try {
            sender.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
