package dev.uringlog.logback;

import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Who writes which file in this JVM: Logback itself no longer compares files of appenders that are not its own. */
final class OpenFiles {
    private static final ConcurrentMap<Path, Object> WRITERS = new ConcurrentHashMap<>();

    private OpenFiles() {}

    /** Takes a file; returns null, or whoever has it. */
    static Object take(final Path path, final Object writer) {
        return WRITERS.putIfAbsent(key(path), writer);
    }

    static void giveBack(final Path path, final Object writer) {
        WRITERS.remove(key(path), writer);
    }

    private static Path key(final Path path) {
        return path.toAbsolutePath().normalize();
    }
}
