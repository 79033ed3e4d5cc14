package dev.uringlog.sys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Loads JNR-FFI, and explains a failure in terms that an operator can act on. */
final class NativeAccess {
    private static final int EBADF = 9; // On every platform.

    private static final int WRITABLE_BY_OTHERS = 022;
    private static final int STICKY = 01000;

    private NativeAccess() {}

    /** Catches everything: a log also works without native access. */
    static Kernel.Access load() {
        try {
            final Platform platform = Platform.current();
            if ("false".equalsIgnoreCase(System.getProperty(Kernel.SWITCH))) {
                return Kernel.Access.refused("turned off by -D" + Kernel.SWITCH + "=false");
            }
            if (platform == null) {
                return Kernel.Access.refused("no native access for " + System.getProperty("os.name") + " on "
                        + System.getProperty("os.arch"));
            }
            JffiCleaner.disarm();
            final Syscalls syscalls = new JnrSyscalls(platform);
            return tryOut(syscalls)
                    ? new Kernel.Access(syscalls, null, warning())
                    : Kernel.Access.refused("JNR-FFI loads, but its calls do not reach the C library");
        } catch (final Throwable e) {
            return Kernel.Access.refused(refusal(e));
        }
    }

    /** JNR binds some code at the first call. If that fails, it fails here and not while a log writes. */
    private static boolean tryOut(final Syscalls syscalls) {
        final ByteBuffer memory = NativeMemory.allocate(Long.BYTES, Long.BYTES);
        return syscalls.close(-1) == -EBADF && NativeMemory.address(memory) % Long.BYTES == 0;
    }

    /** JNR's own message names neither the cause nor a fix, so this reports the innermost cause. */
    static String refusal(final Throwable failure) {
        return refusal(failure, NativeAccess.class.getModule().isNamed());
    }

    static String refusal(final Throwable failure, final boolean isModular) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        final String line = cause.toString().lines().findFirst().orElse(""); // JNR's message contains a stack trace.
        return "JNR-FFI cannot load: " + line + remedy(cause, line, isModular);
    }

    private static String remedy(final Throwable cause, final String line, final boolean isModular) {
        if (line.contains("Illegal native access")) {
            final String module =
                    line.contains("from module org.jnrproject.jffi") ? "org.jnrproject.jffi" : "ALL-UNNAMED";
            return "; start the JVM with --enable-native-access=" + module;
        }
        if (cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError) {
            return isModular
                    ? "; a module is missing, start the JVM with --add-modules "
                            + (line.contains("objectweb") ? "org.objectweb.asm" : "ALL-MODULE-PATH")
                    : "; a jar that jnr-ffi depends on is missing";
        }
        if (line.contains("jffi binary stub") || line.contains("could not load jffi library")) {
            return "; set -Djffi.extract.dir=DIRECTORY to a directory that is writable and not mounted noexec";
        }
        return "";
    }

    /** If other users can write to the directory of jffi's library, they can replace that library. */
    private static String warning() {
        final Path directory = directoryOfStub();
        return directory != null && isExposed(directory)
                ? "native code was loaded from " + directory + ", which its group or other users can write to: make it"
                        + " writable only by its owner, or set another one with -Djffi.extract.dir=DIRECTORY"
                : null;
    }

    /** Reads the memory map, because jffi does not say which of several directories it used. Null except on Linux. */
    private static Path directoryOfStub() {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains("jffi") && line.contains(".so"))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))).getParent())
                    .findFirst()
                    .orElse(null);
        } catch (final IOException | RuntimeException e) {
            return null;
        }
    }

    private static boolean isExposed(final Path directory) {
        try {
            final int mode = (Integer) Files.getAttribute(directory, "unix:mode");
            return (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0;
        } catch (final IOException | RuntimeException e) {
            return false;
        }
    }
}
