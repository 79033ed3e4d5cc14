package dev.uringlog.examples.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both appenders on each version of their framework: every event once, whatever rolls the file. */
@Timeout(300)
class VersionsTest {
    /** Applications wait most of the time; they start on two processors. */
    private static final int AT_A_TIME = 4;

    private static final String LINKAGE = "NoSuchMethod|NoSuchField|NoClassDefFound|AbstractMethod|IncompatibleClass";
    private static final String TROUBLE = "(?s).*(ERROR|" + LINKAGE + ").*";
    private static final String OLD = "from before the start";

    /** Logback before 1.3.12 and 1.4.12 looks at a size less often under load, so the number of files varies. */
    private static final Set<String> SELDOM_BY_SIZE = Set.of("1.3.0", "1.4.0");

    @TempDir
    private static Path directory;

    private static final Map<String, Future<Application.Outcome>> OUTCOMES = new ConcurrentHashMap<>();
    private static final ExecutorService STARTER = Executors.newFixedThreadPool(AT_A_TIME);

    @BeforeAll
    static void startApplications() throws IOException {
        final List<Arguments> all = Stream.concat(
                        LinkageTest.versions(), Stream.of(Arguments.of(Frameworks.LOGBACK, Frameworks.BELOW_THE_FLOOR)))
                .toList();
        for (final Arguments each : all) {
            final Path dir = dir((Frameworks) each.get()[0], (String) each.get()[1]);
            Files.createDirectories(dir.resolve("on-startup"));
            Files.writeString(dir.resolve("on-startup/app.log"), OLD + "\n");
        }
        // A file's age counts in seconds where a JVM's start is asked for.
        Awaitility.await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        for (final Arguments each : all) {
            final Frameworks framework = (Frameworks) each.get()[0];
            final String version = (String) each.get()[1];
            OUTCOMES.put(
                    framework + version,
                    STARTER.submit(() -> Application.run(framework, version, dir(framework, version))));
        }
    }

    @AfterAll
    static void stopApplications() {
        STARTER.shutdownNow();
    }

    private static Path dir(final Frameworks framework, final String version) {
        return directory.resolve(framework + version);
    }

    private static Application.Outcome outcome(final Frameworks framework, final String version) throws Exception {
        return OUTCOMES.get(framework + version).get(4, TimeUnit.MINUTES);
    }

    static Stream<String> log4jVersions() {
        return Frameworks.LOG4J.versions().stream();
    }

    static Stream<String> logbackVersions() {
        return Frameworks.LOGBACK.versions().stream();
    }

    @ParameterizedTest
    @MethodSource("log4jVersions")
    void shouldWriteEachEventOnceInLog4j(final String version) throws Exception {
        assertQuiet(outcome(Frameworks.LOG4J, version));
        final Path dir = dir(Frameworks.LOG4J, version);
        assertLines(dir.resolve("plain"), 1, Load.lines());
        assertLines(dir.resolve("size"), 4, Load.lines());
        assertLines(dir.resolve("time"), 3, Load.lines());
        assertLines(dir.resolve("size-and-time"), 5, Load.lines());
        assertLines(dir.resolve("cron"), 3, Load.lines());
        assertLines(dir.resolve("on-startup"), 2, Stream.concat(Load.lines(), Stream.of(OLD)));
        assertLines(dir.resolve("direct"), 5, Load.lines());
        assertLines(dir.resolve("default-strategy"), 9, Load.lines());
        assertLines(dir.resolve("direct-strategy"), 9, Load.lines());
    }

    @ParameterizedTest
    @MethodSource("log4jVersions")
    void shouldLookUpTheThreadContextAsLog4jsOwnAppenderDoes(final String version) throws Exception {
        assertQuiet(outcome(Frameworks.LOG4J, version));
        final Map<String, List<String>> stock =
                tree(dir(Frameworks.LOG4J, version).resolve("stock-lookup"));
        assertTrue(stock.containsKey("b/app-1.log"), stock.toString());
        assertEquals(stock, tree(dir(Frameworks.LOG4J, version).resolve("lookup")));
    }

    @ParameterizedTest
    @MethodSource("logbackVersions")
    void shouldWriteEachEventOnceInLogback(final String version) throws Exception {
        assertQuiet(outcome(Frameworks.LOGBACK, version));
        final Path dir = dir(Frameworks.LOGBACK, version);
        assertLines(dir.resolve("plain"), 1, Load.lines());
        assertLines(dir.resolve("size"), 9, Load.lines());
        assertLines(dir.resolve("time"), 3, Load.lines());
        assertLines(dir.resolve("size-and-time"), SELDOM_BY_SIZE.contains(version) ? 3 : 9, Load.lines());
        assertLines(dir.resolve("size-within-time"), SELDOM_BY_SIZE.contains(version) ? 3 : 9, Load.lines());
        assertLines(dir.resolve("named-by-time"), 3, Load.lines());
        assertRolledBySize(dir.resolve("size-and-time"));
        assertRolledBySize(dir.resolve("size-within-time"));
    }

    @Test
    void shouldSayThatALogbackBelowTheFloorIsTooOldAndLetTheApplicationRun() throws Exception {
        final Application.Outcome outcome = outcome(Frameworks.LOGBACK, Frameworks.BELOW_THE_FLOOR);
        assertEquals(0, outcome.exitCode(), outcome.output());
        final List<String> errors = outcome.output()
                .lines()
                .filter(line -> line.startsWith("ERROR"))
                .toList();
        assertEquals(6, errors.size(), outcome.output()); // One an appender.
        assertTrue(errors.stream().allMatch(line -> line.contains("older than 1.3.0")), outcome.output());
        assertFalse(outcome.output().matches("(?s).*(" + LINKAGE + ").*"), outcome.output());
    }

    private static void assertQuiet(final Application.Outcome outcome) {
        assertTrue(outcome.output().contains("logged " + Load.EVENTS), outcome.output());
        assertFalse(outcome.output().matches(TROUBLE), outcome.output());
        assertEquals(0, outcome.exitCode());
    }

    /** A second has a further file only if the size ended the one before. */
    private static void assertRolledBySize(final Path dir) throws IOException {
        final Set<String> names = tree(dir).keySet();
        assertTrue(names.stream().anyMatch(name -> name.matches("app-[0-9-]+\\.[1-9].*")), dir + ": " + names);
    }

    private static void assertLines(final Path dir, final int filesMin, final Stream<String> expected)
            throws IOException {
        final Map<String, List<String>> files = tree(dir);
        assertTrue(files.size() >= filesMin, () -> dir + ": " + files.keySet());
        assertEquals(
                expected.sorted().toList(),
                files.values().stream().flatMap(List::stream).sorted().toList(),
                () -> dir + ": " + files.keySet());
    }

    /** Every file under a directory, by its path there, and its lines. */
    private static Map<String, List<String>> tree(final Path dir) throws IOException {
        final Map<String, List<String>> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(dir)) {
            paths.filter(Files::isRegularFile)
                    .forEach(path -> files.put(dir.relativize(path).toString(), lines(path)));
        }
        return files;
    }

    private static List<String> lines(final Path file) {
        try (InputStream bytes = Files.newInputStream(file);
                InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
