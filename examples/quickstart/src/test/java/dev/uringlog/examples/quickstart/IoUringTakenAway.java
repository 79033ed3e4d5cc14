package dev.uringlog.examples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** The quickstart, in a process that forbids itself io_uring once a file has some bytes: as if an operator had. */
final class IoUringTakenAway {
    private static final long BYTES = 1 << 20;
    private static final boolean IS_ARM64 = System.getProperty("os.arch").equals("aarch64");
    private static final long SYS_SECCOMP = IS_ARM64 ? 277 : 317;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int SECCOMP_FILTER_FLAG_TSYNC = 1;

    // struct sock_filter, 8 bytes: code, jt, jf, k. The calls bear the same numbers on x86-64 and arm64.
    private static final long[][] FILTER = {
        {0x20, 0, 0, 0}, // Load the call's number.
        {0x35, 0, 2, 425}, // io_uring_setup or above? else allow.
        {0x25, 1, 0, 427}, // Beyond io_uring_register? then allow.
        {0x06, 0, 0, 0x00050001}, // EPERM.
        {0x06, 0, 0, 0x7fff0000}, // Allow.
    };

    private IoUringTakenAway() {}

    /** What this needs of libc. */
    public interface LibC {
        int prctl(int option, long second, long third, long fourth, long fifth);

        long syscall(long number, long operation, long flags, Pointer program);
    }

    public static void main(final String[] args) throws Exception {
        final LibC libc = LibraryLoader.create(LibC.class).load("c");
        final Path watched = Path.of(args[0]);
        final Thread thread = new Thread(() -> {
            while (sizeOf(watched) < BYTES) {
                LockSupport.parkNanos(100_000);
            }
            forbid(libc);
            System.out.println("io_uring is taken away");
        });
        thread.setDaemon(true);
        thread.start();
        Quickstart.main(new String[0]);
    }

    private static long sizeOf(final Path path) {
        try {
            return Files.exists(path) ? Files.size(path) : 0;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For every thread there is: TSYNC. */
    private static void forbid(final LibC libc) {
        final Runtime runtime = Runtime.getRuntime(libc);
        final Pointer code = Memory.allocateDirect(runtime, FILTER.length * Long.BYTES);
        for (int i = 0; i < FILTER.length; i++) {
            final long[] line = FILTER[i];
            code.putLong(i * (long) Long.BYTES, line[0] | line[1] << 16 | line[2] << 24 | line[3] << 32);
        }
        final Pointer program = Memory.allocateDirect(runtime, 2 * Long.BYTES);
        program.putLong(0, FILTER.length);
        program.putPointer(Long.BYTES, code);
        final int privileges = libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        final long result = libc.syscall(SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, program);
        if (privileges != 0 || result != 0) {
            throw new IllegalStateException("seccomp: " + privileges + ", " + result);
        }
    }
}
