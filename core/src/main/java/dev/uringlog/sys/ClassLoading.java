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
 * Prevents a deadlock when a caller logs while its class loader loads a class. The caller holds that loader's lock, so no
 * other thread can load a class there. Even JDK classes are looked up under that lock at first use. If the caller then waits
 * for the log's thread, both wait forever. So the caller loads every class that the log's thread may need before it starts
 * that thread.
 */
public final class ClassLoading {
    private static final ClassLoader LOADER = ClassLoading.class.getClassLoader();

    /** Only the constant pools of this library's own classes are searched. */
    private static final String OURS = "dev/uringlog/";

    private static final String SYS = OURS + "sys/";

    /** A class's name, alone or in a descriptor. */
    private static final Pattern NAME = Pattern.compile("(?:^|L)((?:[a-z]\\w*/)+[\\w$]+)(?=;|$)");

    private static final int MAGIC_AND_VERSION = 8;

    private ClassLoading() {}

    /**
     * Whether another thread may block on the current thread when it uses a class for the first time.
     *
     * @return true if the current thread holds the lock of this library's class loader
     */
    public static boolean isUnderWay() {
        return LOADER != null && Thread.holdsLock(LOADER);
    }

    /**
     * Loads all classes that the roots refer to, directly or through other classes of this library. Classes that cannot be
     * loaded are skipped.
     *
     * @param roots the classes to start from
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

    /** Skips this package: it refers to JNR, which another thread may be loading while it waits for this one. */
    private static boolean isFollowed(final String name) {
        return name.startsWith(OURS) && !name.startsWith(SYS);
    }

    private static boolean isLoaded(final String name, final boolean isOurs) {
        try {
            final String type = name.replace('/', '.');
            if (isOurs) {
                Class.forName(type, false, LOADER);
            } else {
                // Before JDK 24 the JVM caches a lookup per protection domain. Only this form uses ours.
                Class.forName(type);
            }
            return true;
        } catch (final ClassNotFoundException | LinkageError e) {
            return false; // Not a class, or a class that this runtime does not have.
        }
    }

    /** The names in a class file's constant pool; empty if the class has no file. */
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

    /** Returns how many extra entries the constant takes. The tags are from the JVM specification, section 4.4. */
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
