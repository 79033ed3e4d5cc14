package dev.uringlog.examples.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.log4j2.IoUringFileAppender;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** That the appenders' classes, as they were compiled, link on every version of the frameworks that they are made for. */
class LinkageTest {
    /** What the appenders use where it is there, and do without where it is not. */
    private static final Set<String> GUARDED_IN_LOGBACK = Set.of(
            "ch/qos/logback/core/encoder/Encoder.isStateful()Z", // 1.6.4
            "ch/qos/logback/core/rolling/SizeAndTimeBasedFNATP.setCheckIncrement"
                    + "(Lch/qos/logback/core/util/Duration;)V", // 1.3.12, 1.4.12
            "ch/qos/logback/core/rolling/LengthCounter", // 1.5.8, as the rest
            "ch/qos/logback/core/rolling/LengthCounter.add(J)V",
            "ch/qos/logback/core/rolling/LengthCounter.getLength()J",
            "ch/qos/logback/core/rolling/TimeBasedFileNamingAndTriggeringPolicy.getLengthCounter()"
                    + "Lch/qos/logback/core/rolling/LengthCounter;",
            "ch/qos/logback/core/rolling/TriggeringPolicy.getLengthCounter()"
                    + "Lch/qos/logback/core/rolling/LengthCounter;");

    private static final int REACHED = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;

    static Stream<Arguments> versions() {
        return Stream.of(Frameworks.values())
                .flatMap(framework -> framework.versions().stream().map(version -> Arguments.of(framework, version)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldFindEverythingThatTheAppenderNames(final Frameworks framework, final String version)
            throws URISyntaxException {
        final Classes classes = classes(framework, version);
        final Set<String> missing = new TreeSet<>();
        Classes.files(List.of(appender(framework)))
                .map(ClassReader::new)
                .flatMap(reader -> Reference.in(reader).stream())
                .filter(reference -> !reference.owner().startsWith("["))
                .filter(reference -> !isThere(classes, reference))
                .forEach(reference -> missing.add(reference.toString()));
        missing.removeAll(guarded(framework));
        assertEquals(Set.of(), missing);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldImplementWhatIsAbstractAndOverrideNothingFinal(final Frameworks framework, final String version)
            throws URISyntaxException {
        final Classes classes = classes(framework, version);
        final Set<String> wrong = new TreeSet<>();
        Classes.files(List.of(appender(framework)))
                .map(ClassReader::new)
                .map(ClassReader::getClassName)
                .map(name -> classes.find(name).orElseThrow())
                .forEach(node -> {
                    abstractLeft(classes, node).forEach(wrong::add);
                    finalOverridden(classes, node).forEach(wrong::add);
                });
        assertEquals(Set.of(), wrong);
    }

    @ParameterizedTest
    @EnumSource(Frameworks.class)
    void shouldGuardWhatTheFloorLacksAndTheNewestHas(final Frameworks framework) throws URISyntaxException {
        final List<String> versions = framework.versions();
        final Classes oldest = classes(framework, versions.get(0));
        final Classes newest = classes(framework, versions.get(versions.size() - 1));
        final Set<String> named = Classes.files(List.of(appender(framework)))
                .map(ClassReader::new)
                .flatMap(reader -> Reference.in(reader).stream())
                .filter(reference -> guarded(framework).contains(reference.toString()))
                .peek(reference -> assertTrue(!isThere(oldest, reference), reference + " needs no guard"))
                .peek(reference -> assertTrue(isThere(newest, reference), reference + " is no more"))
                .map(Reference::toString)
                .collect(Collectors.toSet());
        assertEquals(guarded(framework), named);
    }

    private static Set<String> guarded(final Frameworks framework) {
        return framework == Frameworks.LOGBACK ? GUARDED_IN_LOGBACK : Set.of();
    }

    private static boolean isThere(final Classes classes, final Reference reference) {
        if (reference.isClass()) {
            return classes.find(reference.owner()).isPresent();
        }
        final boolean isOurs = reference.owner().startsWith("dev/uringlog/");
        return classes.access(reference)
                .filter(access -> isOurs || (access & REACHED) != 0)
                .isPresent();
    }

    private static Stream<String> abstractLeft(final Classes classes, final ClassNode node) {
        if ((node.access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) != 0) {
            return Stream.empty();
        }
        return classes.lineage(node.name)
                .flatMap(ancestor -> ancestor.methods.stream())
                .filter(method -> (method.access & Opcodes.ACC_ABSTRACT) != 0)
                .filter(method -> classes.lineage(node.name)
                        .flatMap(ancestor -> ancestor.methods.stream())
                        .noneMatch(other -> isSame(method, other) && (other.access & Opcodes.ACC_ABSTRACT) == 0))
                .map(method -> node.name + " lacks " + method.name + method.desc);
    }

    private static Stream<String> finalOverridden(final Classes classes, final ClassNode node) {
        return classes.lineage(node.name)
                .filter(ancestor -> ancestor != node)
                .flatMap(ancestor -> ancestor.methods.stream())
                .filter(method -> (method.access & Opcodes.ACC_FINAL) != 0)
                .filter(method -> (method.access & REACHED) != 0)
                .filter(method -> node.methods.stream().anyMatch(own -> isSame(own, method)))
                .map(method -> node.name + " overrides the final " + method.name + method.desc);
    }

    private static boolean isSame(final MethodNode one, final MethodNode other) {
        return one.name.equals(other.name) && one.desc.equals(other.desc);
    }

    private static Classes classes(final Frameworks framework, final String version) throws URISyntaxException {
        return Classes.of(
                Stream.concat(Stream.of(appender(framework), place(AppendLog.class)), framework.jars(version).stream())
                        .toList());
    }

    private static Path appender(final Frameworks framework) throws URISyntaxException {
        return place(
                framework == Frameworks.LOG4J
                        ? IoUringFileAppender.class
                        : dev.uringlog.logback.IoUringFileAppender.class);
    }

    /** The jar or the directory that a class of ours comes from. */
    private static Path place(final Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
