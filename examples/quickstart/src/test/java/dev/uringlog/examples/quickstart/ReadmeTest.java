package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says is true: each block is started, compiled, run or compared. */
class ReadmeTest {
    /** What may stand in a shell block; {@code .ci/run} reads them there and runs each as it is. */
    private static final Set<String> COMMANDS = Set.of(
            "mvn -q -Pquickstart",
            "mvn verify",
            "mvn -q -Pquickstart -Dinput=/var/log/dpkg.log",
            "mvn -q -Pquickstart -Dstrategy=writev",
            "mvn -q -Pquickstart -Dstrategy=iouring",
            "java -jar examples/doctor/target/uringlog-doctor.jar /var/log");

    private static final int WORDS_MAX = 2_200;
    private static final int SENTENCE_WORDS_MAX = 30;

    /** A thread is "it", a person is "you" or the operator. */
    private static final Set<String> NOT_FOR_THREADS =
            Set.of("he", "him", "his", "himself", "whoever", "somebody", "nobody", "anew");

    private static final String LOG4J_APPENDER = "<IoUringFile ";
    private static final String LOG4J_ROLLING = "<RollingIoUringFile ";
    private static final String LOGBACK_APPENDER = "dev.uringlog.logback.IoUringFileAppender\">";
    private static final String LOGBACK_ROLLING = "dev.uringlog.logback.RollingIoUringFileAppender\">";

    /** The end of an opening line: which file system and which kernel is the machine's affair. */
    private static final String FILE = "writes /.*/logs/app\\.log";

    private static final String PLACE = ", on [^,]+, \\S+ \\S+$";

    @TempDir
    private Path dir;

    @Test
    void shouldHoldNoBlockThatIsNotChecked() throws IOException {
        // "text" is output, shown; its one block is checked below.
        assertEquals(Set.of("sh", "xml", "java", "text"), Set.copyOf(Readme.languages()));
        assertEquals(
                Readme.blocks("xml", "").size(),
                Readme.blocks("xml", "<dependency>").size()
                        + Readme.blocks("xml", LOG4J_APPENDER).size()
                        + Readme.blocks("xml", LOG4J_ROLLING).size()
                        + Readme.blocks("xml", LOGBACK_APPENDER).size()
                        + Readme.blocks("xml", LOGBACK_ROLLING).size());
    }

    @Test
    void shouldBeShortAndInPlainSentences() throws IOException {
        assertTrue(Readme.text().split("\\s+").length <= WORDS_MAX);
        assertEquals(List.of(), Readme.sentencesLongerThan(SENTENCE_WORDS_MAX));
        assertEquals(List.of(), Readme.wordsIn(NOT_FOR_THREADS));
    }

    @Test
    void shouldLinkOnlyToWhatIsThere() throws IOException {
        assertFalse(Readme.links().isEmpty());
        for (final String link : Readme.links()) {
            assertTrue(Files.exists(Readme.file(link)), link);
        }
    }

    @Test
    void shouldNameNoCommandThatCiDoesNotRun() throws IOException {
        final Set<String> commands =
                Readme.blocks("sh", "").stream().flatMap(String::lines).collect(Collectors.toSet());
        assertEquals(COMMANDS, commands);
        assertTrue(Files.readString(Readme.file(".ci/run")).contains("README.md | while read -r command"));
    }

    @Test
    void shouldNameDependenciesAsTheyAreBuilt() throws IOException {
        final String version = between(Files.readString(Readme.file("pom.xml")), "<version>", "</version>");
        for (final String block : Readme.blocks("xml", "<dependency>")) {
            final String artifact = between(block, "<artifactId>", "</artifactId>");
            final Path module = Readme.file(artifact.replace("uringlog-", "") + "-appender/pom.xml");
            assertTrue(Files.readString(module).contains("<artifactId>" + artifact + "</artifactId>"), artifact);
            assertEquals("dev.uringlog", between(block, "<groupId>", "</groupId>"));
            assertEquals(version, between(block, "<version>", "</version>"));
        }
    }

    @Test
    void shouldNameTheCharsetInEachConfiguration() throws IOException {
        for (final String block : Readme.blocks("xml", "Appender")) {
            assertTrue(block.contains("charset=\"UTF-8\"") || block.contains("<charset>UTF-8</charset>"), block);
        }
    }

    @Test
    void shouldLogThroughTheLog4jConfiguration() throws Exception {
        final String description = assertLogs("log4j2", Readme.block("xml", LOG4J_APPENDER));
        final String shown = Readme.block("text", "Uringlog writes").strip();
        assertEquals(
                shown.replaceFirst(FILE, "writes").replaceFirst(PLACE, ""),
                description.replaceFirst(FILE, "writes").replaceFirst(PLACE, ""));
        assertTrue(description.matches(".*" + FILE + ".*" + PLACE), description);
    }

    @Test
    void shouldLogThroughTheLog4jConfigurationThatRolls() throws Exception {
        assertLogs("log4j2", Readme.block("xml", LOG4J_ROLLING));
    }

    @Test
    void shouldLogThroughTheLogbackConfiguration() throws Exception {
        assertLogs("logback", Readme.block("xml", LOGBACK_APPENDER));
    }

    @Test
    void shouldLogThroughTheRollingLogbackConfiguration() throws Exception {
        assertLogs("logback", Readme.block("xml", LOGBACK_ROLLING));
    }

    @Test
    void shouldTakeEveryOptionOfTheTableInLog4j() throws Exception {
        final String attributes = Readme.options().stream()
                .map(option -> option.name() + "=\"" + option.value() + "\" ")
                .collect(Collectors.joining());
        final String xml = Readme.block("xml", LOG4J_APPENDER);
        assertQuiet(start("log4j2", xml.replace(LOG4J_APPENDER, LOG4J_APPENDER + attributes)));
        final String rolling = Readme.block("xml", LOG4J_ROLLING);
        assertQuiet(start("log4j2", rolling.replace(LOG4J_ROLLING, LOG4J_ROLLING + attributes)));
    }

    @Test
    void shouldTakeEveryOptionOfTheTableInLogback() throws Exception {
        final String elements = Readme.options().stream()
                .map(option -> "<" + option.name() + ">" + option.value() + "</" + option.name() + ">")
                .collect(Collectors.joining());
        for (final String appender : List.of(LOGBACK_APPENDER, LOGBACK_ROLLING)) {
            final String xml = Readme.block("xml", appender);
            assertQuiet(start("logback", xml.replace(appender, appender + elements)));
        }
    }

    @Test
    void shouldTakeEachDurability() throws Exception {
        final String log4j = Readme.block("xml", LOG4J_APPENDER);
        final String logback = Readme.block("xml", LOGBACK_APPENDER);
        for (final String durability : List.of("KERNEL", "DISK")) {
            final String attribute = LOG4J_APPENDER + "durability=\"" + durability + "\" ";
            final String element = LOGBACK_APPENDER + "<durability>" + durability + "</durability>";
            assertQuiet(start("log4j2", log4j.replace(LOG4J_APPENDER, attribute)));
            assertQuiet(start("logback", logback.replace(LOGBACK_APPENDER, element)));
        }
    }

    @Test
    void shouldPrintWhatTheJavaBlocksSay() throws Exception {
        final List<String> blocks = Readme.blocks("java", "");
        assertEquals(2, blocks.size());
        for (int i = 0; i < blocks.size(); i++) {
            final String name = "Snippet" + i;
            final Path source = dir.resolve(name + ".java");
            Files.writeString(source, Readme.program(name, blocks.get(i)));
            final int result = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "-proc:none",
                            "-cp",
                            Jvm.classPath(),
                            "-d",
                            dir.toString(),
                            source.toString());
            assertEquals(0, result, name);
            final Jvm.Outcome outcome = new Jvm(name, dir).classes(dir).run();
            assertEquals(0, outcome.exitCode(), outcome.output());
            final String expected = Readme.prints(blocks.get(i));
            assertTrue(outcome.output().lines().anyMatch(expected::equals), outcome.output());
        }
    }

    /** Returns the appender's description. */
    private String assertLogs(final String label, final String xml) throws Exception {
        final String output = start(label, xml);
        final List<String> log = Files.readAllLines(dir.resolve("logs").resolve("app.log"));
        assertEquals(1, log.size(), output);
        assertTrue(log.get(0).endsWith(Workload.LOGGER + " - " + ReadmeLogger.EVENT), log.get(0));
        return output.lines()
                .filter(line -> line.startsWith("Uringlog writes"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(output));
    }

    private static void assertQuiet(final String output) {
        assertTrue(output.contains("Uringlog writes"), output);
        assertFalse(output.contains("WARN") || output.contains("ERROR"), output);
    }

    private String start(final String label, final String xml) throws Exception {
        Files.writeString(dir.resolve(label + ".xml"), xml);
        final String property = label.equals("log4j2") ? "log4j2.configurationFile" : "logback.configurationFile";
        final Jvm.Outcome outcome = new Jvm(ReadmeLogger.class, dir)
                .with(property, dir.resolve(label + ".xml"))
                .argument(label)
                .run();
        assertEquals(0, outcome.exitCode(), outcome.output());
        return outcome.output();
    }

    private static String between(final String text, final String start, final String end) {
        final int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
