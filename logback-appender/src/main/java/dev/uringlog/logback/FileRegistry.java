package dev.uringlog.logback;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who writes which file in this JVM. Logback compares exact class names when it looks for two appenders on one file, so it
 * does not see ours; two rings on one file would interleave by batches.
 */
final class FileRegistry {
    private static final ConcurrentMap<Path, IoUringFileAppender<?>> OWNERS = new ConcurrentHashMap<>();

    private FileRegistry() {}

    /** The appender that has the file, or null if it is the caller's from now on. */
    static IoUringFileAppender<?> claim(final Path file, final IoUringFileAppender<?> appender) {
        final IoUringFileAppender<?> owner = OWNERS.putIfAbsent(file, appender);
        return owner == appender ? null : owner;
    }

    static void release(final Path file, final IoUringFileAppender<?> appender) {
        OWNERS.remove(file, appender);
    }

    /** The file's one name, however the configuration spells it and whether its directories are there yet or not. */
    static Path key(final Path file) {
        final Path absolute = file.toAbsolutePath().normalize();
        for (Path parent = absolute.getParent(); parent != null; parent = parent.getParent()) {
            try {
                return parent.toRealPath().resolve(parent.relativize(absolute));
            } catch (final IOException e) {
                continue; // No such directory: one above it has a real name.
            }
        }
        return absolute;
    }
}
