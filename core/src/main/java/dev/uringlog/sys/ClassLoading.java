package dev.uringlog.sys;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For a caller that logs while its class loader loads a class. It holds that loader's lock, so no other thread can load a class
 * there, and even names of the JDK's classes are looked up under that lock when they are first used. If the caller then waits for
 * the log's thread, both wait for good. So the caller loads whatever that thread may need before it starts it.
 */
public final class ClassLoading {
    private static final ClassLoader LOADER = ClassLoading.class.getClassLoader();

    /** This library's own classes, whose names are followed. */
    private static final String OURS = "dev/uringlog/";

    private static final String SYS = OURS + "sys/";

    /** A class's name, alone or in a descriptor. */
    private static final Pattern NAME = Pattern.compile("(?:^|L)((?:[a-z]\\w*/)+[\\w$]+)(?=;|$)");

    private static final int MAGIC_AND_VERSION = 8;

    private ClassLoading() {}

    /**
     * Whether other threads may have to wait for this one when they use a class for the first time.
     *
     * @return true if this thread holds the lock of the class loader that this library came from
     */
    public static boolean isUnderWay() {
        return LOADER != null && Thread.holdsLock(LOADER);
    }

    /**
     * Loads some classes, and all that they and other classes of this library name. What cannot be loaded is left out.
     *
     * @param roots where to begin
     */
    public static void complete(final Class<?>... roots) {
        final Set<String> met = new HashSet<>();
        final Deque<String> ours = new ArrayDeque<>();
        Arrays.stream(roots).map(root -> root.getName().replace('.', '/')).forEach(ours::add);
        while (!ours.isEmpty()) {
            for (final String name : namedIn(ours.remove())) {
                final boolean isOurs = name.startsWith(OURS);
                if (met.add(name) && (isOurs || isOfTheJdk(name)) && isLoaded(name, isOurs) && isFollowed(name)) {
                    ours.add(name);
                }
            }
        }
    }

    private static boolean isOfTheJdk(final String name) {
        return name.startsWith("java/") || name.startsWith("jdk/");
    }

    /** What this package names is JNR, which may be loading right now on a thread that waits for this one. */
    private static boolean isFollowed(final String name) {
        return name.startsWith(OURS) && !name.startsWith(SYS);
    }

    private static boolean isLoaded(final String name, final boolean isOurs) {
        try {
            final String type = name.replace('/', '.');
            if (isOurs) {
                Class.forName(type, false, LOADER);
            } else {
                // Before JDK 24 a name is looked up once for each protection domain: only this form looks it up for
                // ours.
                Class.forName(type);
            }
            return true;
        } catch (final ClassNotFoundException | LinkageError e) {
            return false; // No class, or one that only another runtime has.
        }
    }

    /** The names in a class file's constant pool; none for a class that has no file. */
    private static Set<String> namedIn(final String type) {
        final Set<String> names = new HashSet<>();
        try (InputStream file = LOADER.getResourceAsStream(type + ".class")) {
            if (file == null) {
                return names;
            }
            final DataInputStream in = new DataInputStream(file);
            in.skipNBytes(MAGIC_AND_VERSION);
            final int count = in.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                i += readConstant(in, names);
            }
        } catch (final IOException e) {
            return names;
        }
        return names;
    }

    /** Returns how many entries the constant takes beyond one. The tags are those of the JVM specification, 4.4. */
    private static int readConstant(final DataInputStream in, final Set<String> names) throws IOException {
        final int tag = in.readUnsignedByte();
        switch (tag) {
            case 1 -> { // Utf8
                final Matcher matcher = NAME.matcher(in.readUTF());
                while (matcher.find()) {
                    names.add(matcher.group(1));
                }
            }
            case 5, 6 -> { // Long, Double
                in.skipNBytes(8);
                return 1;
            }
            case 7, 8, 16, 19, 20 -> in.skipNBytes(2); // Class, String, MethodType, Module, Package
            case 15 -> in.skipNBytes(3); // MethodHandle
            case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4); // Integer, Float, references, Dynamic
            default -> throw new IOException("constant of an unknown kind: " + tag);
        }
        return 0;
    }
}
