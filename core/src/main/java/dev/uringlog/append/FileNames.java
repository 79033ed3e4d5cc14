package dev.uringlog.append;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * File names from a configuration, with the meaning that they have for the frameworks' own appenders, which open
 * {@code java.io} streams. {@code java.nio} differs in two ways: it takes a relative name to be in {@code user.dir}, not in
 * the directory of the process, and it refuses a name that the platform's encoding does not have.
 */
public final class FileNames {
    private static final Path PROCESS_DIRECTORY = Path.of("/proc/self/cwd");

    private FileNames() {}

    /**
     * The file that a name means.
     *
     * @param name as configured
     * @return where a stream of {@code java.io} would open it
     * @throws InvalidPathException if it is not a valid path
     */
    public static Path path(final String name) {
        return Path.of(resolve(name));
    }

    /**
     * A name, or a pattern of names, that means the same file everywhere.
     *
     * @param name as configured
     * @return the name itself where it means one file to all: where the platform can encode it, and it is absolute or the
     *     process runs in {@code user.dir}. Otherwise characters that cannot be encoded become {@code ?}, and a relative name is made
     *     absolute by the directory of the process, if the system tells which directory that is
     */
    public static String resolve(final String name) {
        final String encodable = encodable(name);
        final String directory = elsewhere();
        return directory == null
                        || encodable.isEmpty()
                        || encodable.startsWith("$")
                        || Path.of(encodable).isAbsolute()
                ? encodable
                : directory + '/' + encodable;
    }

    /**
     * What to say of a name whose characters the platform cannot encode.
     *
     * @param name as configured
     * @return one line, or null if it can
     */
    public static String warning(final String name) {
        final String encodable = encodable(name);
        return encodable.equals(name)
                ? null
                : "the platform's encoding, " + encoding() + ", has not all of its characters, so the file is named "
                        + encodable + "; set LC_ALL or LANG to a UTF-8 locale";
    }

    private static Charset encoding() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }

    private static String encodable(final String name) {
        final CharsetEncoder encoder = encoding().newEncoder();
        if (encoder.canEncode(name)) {
            return name;
        }
        final StringBuilder replaced = new StringBuilder(name.length());
        name.codePoints().forEach(point -> {
            final String character = Character.toString(point);
            replaced.append(encoder.canEncode(character) ? character : "?");
        });
        return replaced.toString();
    }

    /** The directory of the process; null if it is {@code user.dir}, or not known, or cannot stand in a pattern of names. */
    private static String elsewhere() {
        try {
            final Path directory = PROCESS_DIRECTORY.toRealPath();
            final Path userDirectory = Path.of("").toAbsolutePath();
            final boolean isSame = Files.exists(userDirectory) && Files.isSameFile(directory, userDirectory);
            return isSame || directory.toString().matches(".*[%$\\\\].*") ? null : directory.toString();
        } catch (final IOException | SecurityException e) {
            return null;
        }
    }
}
