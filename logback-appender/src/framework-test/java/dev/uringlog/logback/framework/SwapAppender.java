package dev.uringlog.logback.framework;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/**
 * Copies Logback's own tests of its rolling appender, as they are published, and has them use ours: wherever a class file's
 * constants name {@code RollingFileAppender}, the copy names another class.
 */
public final class SwapAppender {
    private static final Pattern THEIRS =
            Pattern.compile("ch([/.])qos\\1logback\\1core\\1rolling\\1RollingFileAppender\\b");

    private static final String TESTS = "ch/qos/logback/core/rolling/";

    private static final int UTF8 = 1;

    private final String ours;

    private SwapAppender(final String ours) {
        this.ours = ours;
    }

    /**
     * Copies them.
     *
     * @param args a directory for the copies; our class's name; the directory that they will run in
     * @throws IOException if there are none
     */
    public static void main(final String[] args) throws IOException {
        final URL one = SwapAppender.class.getClassLoader().getResource(TESTS + "RollingFileAppenderTest.class");
        final int count = new SwapAppender(args[1]).copy(one, Path.of(args[0]));
        Witnesses.write(Path.of(args[2]));
        if (count == 0) {
            throw new IOException("no class in " + one + " uses RollingFileAppender");
        }
        System.out.println("[INFO] " + count + " of Logback's test classes use " + args[1]);
    }

    private int copy(final URL oneOfThem, final Path directory) throws IOException {
        int count = 0;
        try (JarFile tests = ((JarURLConnection) oneOfThem.openConnection()).getJarFile()) {
            for (final Enumeration<JarEntry> all = tests.entries(); all.hasMoreElements(); ) {
                final JarEntry entry = all.nextElement();
                if (entry.getName().startsWith(TESTS) && entry.getName().endsWith(".class")) {
                    try (InputStream bytes = tests.getInputStream(entry)) {
                        count += copy(bytes.readAllBytes(), directory.resolve(entry.getName()));
                    }
                }
            }
        }
        return count;
    }

    private int copy(final byte[] original, final Path file) throws IOException {
        final ByteArrayOutputStream swapped = new ByteArrayOutputStream();
        final boolean isChanged = swap(new DataInputStream(new ByteArrayInputStream(original)), swapped);
        if (!isChanged) {
            return 0; // As it is in the jar, it does.
        }
        Files.createDirectories(file.getParent());
        Files.write(file, swapped.toByteArray());
        return 1;
    }

    /** The class file format is that of the JVM specification, chapter 4. */
    private boolean swap(final DataInputStream in, final ByteArrayOutputStream bytes) throws IOException {
        final DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(in.readLong()); // Magic and version.
        final int constants = in.readUnsignedShort();
        out.writeShort(constants);
        boolean isChanged = false;
        for (int i = 1; i < constants; i++) {
            final int tag = in.readUnsignedByte();
            out.writeByte(tag);
            if (tag == UTF8) {
                final String text = in.readUTF();
                final String swapped = swap(text);
                out.writeUTF(swapped);
                isChanged |= !swapped.equals(text);
            } else {
                out.write(in.readNBytes(length(tag)));
                i += tag == 5 || tag == 6 ? 1 : 0; // A long or a double has two places.
            }
        }
        in.transferTo(out);
        return isChanged;
    }

    private String swap(final String text) {
        return THEIRS.matcher(text).replaceAll(found -> found.group(1).equals("/") ? ours.replace('.', '/') : ours);
    }

    private static int length(final int tag) throws IOException {
        return switch (tag) {
            case 7, 8, 16, 19, 20 -> 2;
            case 15 -> 3;
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
            case 5, 6 -> 8;
            default -> throw new IOException("constant of kind " + tag);
        };
    }
}
