package dev.uringlog.logback;

import ch.qos.logback.core.Appender;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who writes which file, and rolls to which names, in this JVM. Logback compares exact class names when it looks for two
 * appenders on one file, so it does not see ours; two rings on one file would interleave by batches.
 */
final class FileRegistry {
    private static final ConcurrentMap<Object, Appender<?>> OWNERS = new ConcurrentHashMap<>();

    /** What a pattern is registered as: it is no path, and names no file. */
    private record Pattern(String absolute) {}

    private FileRegistry() {}

    /** The appender that has what the key names, or null if it is the caller's from now on. */
    static Appender<?> claim(final Object key, final Appender<?> appender) {
        final Appender<?> owner = OWNERS.putIfAbsent(key, appender);
        return owner == appender ? null : owner;
    }

    /** An appender goes on in another file: as {@link #claim}, and the first is free if that succeeds. */
    static Appender<?> move(final Path from, final Path to, final Appender<?> appender) {
        final Appender<?> owner = from.equals(to) ? null : claim(to, appender);
        if (owner == null && !from.equals(to) && !OWNERS.remove(from, appender)) {
            OWNERS.remove(to, appender); // It has been stopped meanwhile, in vain.
        }
        return owner;
    }

    /** Whatever the appender had is free. */
    static void release(final Appender<?> appender) {
        OWNERS.values().removeIf(owner -> owner == appender);
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

    /** The key of a {@code fileNamePattern}, which need not be a path that the file system would take. */
    static Object patternKey(final String pattern) {
        return new Pattern(new File(pattern).getAbsolutePath());
    }
}
