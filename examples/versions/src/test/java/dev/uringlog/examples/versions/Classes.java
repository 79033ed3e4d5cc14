package dev.uringlog.examples.versions;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;

/** Classes as their files say, from jars or directories; a JDK class from the JDK that runs this. */
final class Classes {
    private static final int INHERITED = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;

    private final Map<String, ClassNode> nodes = new HashMap<>();

    static Classes of(final List<Path> jarsAndDirectories) {
        final Classes classes = new Classes();
        files(jarsAndDirectories).map(ClassReader::new).forEach(classes::add);
        return classes;
    }

    /** The bytes of every class there, but for those of later JDKs in a multi-release jar. */
    static Stream<byte[]> files(final List<Path> jarsAndDirectories) {
        return jarsAndDirectories.stream().flatMap(Classes::files);
    }

    private static Stream<byte[]> files(final Path place) {
        try {
            if (Files.isDirectory(place)) {
                return bytes(place);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return bytes(jar.getPath("/"));
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<byte[]> bytes(final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.toString().contains("META-INF"))
                    .filter(file -> !file.endsWith("module-info.class"))
                    .map(Classes::read)
                    .toList()
                    .stream();
        }
    }

    private static byte[] read(final Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ClassNode add(final ClassReader reader) {
        final ClassNode node = new ClassNode();
        reader.accept(node, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        nodes.put(node.name, node);
        return node;
    }

    /** A class by its internal name, if it is there. */
    Optional<ClassNode> find(final String name) {
        final ClassNode node = nodes.get(name);
        if (node != null) {
            return Optional.of(node);
        }
        if (!name.startsWith("java")) {
            return Optional.empty();
        }
        try (InputStream stream = ClassLoader.getSystemResourceAsStream(name + ".class")) {
            return stream == null ? Optional.empty() : Optional.of(add(new ClassReader(stream)));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A class and all that it inherits from, the nearest first; what is missing is left out. */
    Stream<ClassNode> lineage(final String name) {
        return find(name).stream()
                .flatMap(node -> Stream.concat(
                        Stream.of(node),
                        Stream.concat(Stream.ofNullable(node.superName), node.interfaces.stream())
                                .flatMap(this::lineage)));
    }

    /** The access flags of a class's method or field, its own or one that it inherits. */
    Optional<Integer> access(final Reference reference) {
        return lineage(reference.owner())
                .flatMap(node -> Stream.concat(
                                node.methods.stream()
                                        .filter(method -> is(method, reference))
                                        .map(method -> method.access),
                                node.fields.stream()
                                        .filter(field -> is(field, reference))
                                        .map(field -> field.access))
                        .filter(access -> (access & INHERITED) != 0 || isNear(node.name, reference.owner())))
                .findFirst();
    }

    /** Of one package, within which what is not public or protected is inherited too. */
    private static boolean isNear(final String name, final String other) {
        return name.substring(0, name.lastIndexOf('/')).equals(other.substring(0, other.lastIndexOf('/')));
    }

    private static boolean is(final MethodNode method, final Reference reference) {
        return method.name.equals(reference.name()) && method.desc.equals(reference.descriptor());
    }

    private static boolean is(final FieldNode field, final Reference reference) {
        return field.name.equals(reference.name()) && Objects.equals(field.desc, reference.descriptor());
    }
}
