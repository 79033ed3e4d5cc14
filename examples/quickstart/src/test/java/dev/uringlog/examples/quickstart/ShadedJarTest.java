package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.config.plugins.processor.PluginCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application in a single jar, with and without Log4j's plug-in lists merged. */
class ShadedJarTest {
    private static final String PLUGINS = "META-INF/org/apache/logging/log4j/core/config/plugins/Log4j2Plugins.dat";

    @TempDir
    private Path dir;

    private Jvm application(final String framework, final Path... first) throws IOException {
        final Stream<Path> classPath = Arrays.stream(Jvm.classPath().split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::exists);
        final Path jar = SingleJar.pack(
                dir.resolve("application.jar"),
                Stream.concat(Stream.of(first), classPath).toList());
        return ReadmeLog.jvm(framework, dir).classPath(jar.toString());
    }

    /** What Log4j's transformers for Maven and Gradle do. */
    private Path mergedLists() throws IOException {
        final PluginCache cache = new PluginCache();
        cache.loadCacheFiles(ShadedJarTest.class.getClassLoader().getResources(PLUGINS));
        final Path lists = dir.resolve("lists");
        Files.createDirectories(lists.resolve(PLUGINS).getParent());
        try (OutputStream list = Files.newOutputStream(lists.resolve(PLUGINS))) {
            cache.writeCache(list);
        }
        return lists;
    }

    @Test
    void shouldLogThroughLog4jWhereThePluginListsAreMerged() throws Exception {
        final Jvm.Outcome outcome = application("log4j2", mergedLists()).run();
        ReadmeLog.assertLogged(outcome, dir);
        assertTrue(outcome.output().contains("strategy writev"), outcome.output());
    }

    @Test
    void shouldBeSaidByLog4jThatItsListLacksTheAppenderWhereTheyAreNotMerged() throws Exception {
        final Path log4j = SingleJar.place(Appender.class);
        final Jvm.Outcome outcome = application("log4j2", log4j).run();
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(
                outcome.output()
                        .matches(
                                "(?s).*ERROR.*IoUringFile.*CLASS_NOT_FOUND.*|(?s).*ERROR.*CLASS_NOT_FOUND.*IoUringFile.*"),
                outcome.output());
        assertFalse(Files.exists(ReadmeLog.file(dir)));
        assertTrue(Files.readString(Readme.file("core/docs/shaded-jar.md")).contains("CLASS_NOT_FOUND"));
    }

    @Test
    void shouldLogThroughLogbackWithoutAnyMerging() throws Exception {
        ReadmeLog.assertLogged(application("logback").run(), dir);
    }
}
