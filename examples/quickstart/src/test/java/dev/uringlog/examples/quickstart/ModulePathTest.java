package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application whose frameworks, appenders and library are modules. */
class ModulePathTest {
    private static final String ASM = "--add-modules org.objectweb.asm";
    private static final String NATIVE_ACCESS = "--enable-native-access=org.jnrproject.jffi";

    /** Our modules, by a class of each. */
    private static final Map<String, Class<?>> OURS = Map.of(
            "dev.uringlog.core", AppendLog.class,
            "dev.uringlog.log4j2", dev.uringlog.log4j2.IoUringFileAppender.class,
            "dev.uringlog.logback", dev.uringlog.logback.IoUringFileAppender.class);

    @TempDir
    private Path dir;

    private String modules;

    @BeforeEach
    void collectModules() throws Exception {
        final Path application = SingleJar.pack(
                dir.resolve("application.jar"),
                List.of(SingleJar.place(ReadmeLogger.class), SingleJar.place(Quickstart.class)));
        modules = Stream.concat(jars(), Stream.of(application.toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The class path's; a directory of our classes becomes a jar that has the module's name. */
    private Stream<String> jars() throws Exception {
        for (final Map.Entry<String, Class<?>> each : OURS.entrySet()) {
            final Path place = SingleJar.place(each.getValue());
            if (Files.isDirectory(place)) {
                SingleJar.pack(dir.resolve(each.getKey() + ".jar"), List.of(place));
            }
        }
        try (Stream<Path> packed = Files.list(dir)) {
            return Stream.concat(
                    packed
                            .filter(path -> path.getFileName().toString().startsWith("dev.uringlog"))
                            .map(Path::toString)
                            .toList()
                            .stream(),
                    Arrays.stream(Jvm.classPath().split(File.pathSeparator))
                            .filter(entry -> entry.endsWith(".jar"))
                            .filter(entry -> !entry.contains("junit") && !entry.contains("opentest4j")));
        }
    }

    /** The application is an automatic module, so it cannot require a framework itself. */
    private Jvm application(final String framework) throws IOException {
        return ReadmeLog.jvm(framework, dir)
                .modulePath(modules, "application")
                .option("--add-modules="
                        + (framework.equals("log4j2") ? "org.apache.logging.log4j.core" : "ch.qos.logback.classic"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldLogByNativeCodeWithTheFlagsThatTheReadmeNames(final String framework) throws Exception {
        assertTrue(Readme.text().contains(ASM) && Readme.text().contains(NATIVE_ACCESS));
        final Jvm jvm = application(framework).option("--add-modules=org.objectweb.asm");
        if (Runtime.version().feature() >= Jvm.WARNING_JDK) {
            jvm.option(NATIVE_ACCESS);
        }
        final Jvm.Outcome outcome = jvm.run();
        ReadmeLog.assertLogged(outcome, dir);
        assertTrue(outcome.output().contains("strategy writev"), outcome.output());
        assertFalse(outcome.output().contains("WARN"), outcome.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldLogInPureJavaAndNameTheFlagThatIsMissing(final String framework) throws Exception {
        final Jvm.Outcome outcome = application(framework).run();
        ReadmeLog.assertLogged(outcome, dir);
        assertEquals(
                1,
                outcome.output()
                        .lines()
                        .filter(line -> line.contains("WARN") && line.contains("start the JVM with " + ASM))
                        .count(),
                outcome.output());
    }
}
