package dev.uringlog.logback;

import ch.qos.logback.core.Appender;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which appender writes which file, and rolls to which names, in this JVM. Logback itself looks for two appenders on one file
 * by exact class names, so it misses these appenders. Two rings on one file would interleave by batches.
 */
final class FileRegistry {
    private static final ConcurrentMap<Object, Appender<?>> OWNERS = new ConcurrentHashMap<>();

    /** The key of a pattern: not a path, because it names no file. */
    private record Pattern(String absolute) {}

    private FileRegistry() {}

    /** Claims a key. Returns the appender that has it, or null if the claim succeeded. */
    static Appender<?> claim(final Object key, final Appender<?> appender) {
        final Appender<?> owner = OWNERS.putIfAbsent(key, appender);
        return owner == appender ? null : owner;
    }

    /** Claims the next file of an appender, as {@link #claim} does, and releases the one before if that succeeds. */
    static Appender<?> move(final Path from, final Path to, final Appender<?> appender) {
        final Appender<?> owner = from.equals(to) ? null : claim(to, appender);
        if (owner == null && !from.equals(to) && !OWNERS.remove(from, appender)) {
            OWNERS.remove(to, appender); // The appender has been stopped since.
        }
        return owner;
    }

    /** Releases everything that an appender has claimed. */
    static void release(final Appender<?> appender) {
        OWNERS.values().removeIf(owner -> owner == appender);
    }

    /** The file's one name, however the configuration spells it, and whether or not its directories exist. */
    static Path key(final Path file) {
        final Path absolute = file.toAbsolutePath().normalize();
        for (Path parent = absolute.getParent(); parent != null; parent = parent.getParent()) {
            try {
                return parent.toRealPath().resolve(parent.relativize(absolute));
            } catch (final IOException e) {
                continue; // It does not exist: a directory above it does.
            }
        }
        return absolute;
    }

    /** The key of a {@code fileNamePattern}, which need not be a valid path. */
    static Object patternKey(final String pattern) {
        return new Pattern(new File(pattern).getAbsolutePath());
    }
}
