package dev.uringlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Habits that neither compiler nor formatter checks, over the sources and the documents of every module. */
class StyleTest {
    private static final int LINES_MAX = 450;

    private static final Pattern SOURCE_SET = Pattern.compile("[^/]+(/[^/]+)?/src/(?<set>\\w+)/java/.*");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);
    private static final Pattern SLEEP = Pattern.compile("\\bsleep\\(");
    private static final Pattern MONITOR = Pattern.compile("\\bsynchronized\\b");
    /** A thread is "it". */
    private static final Pattern PERSON =
            Pattern.compile("\\b(he|him|his|himself|whoever|somebody|nobody|anybody)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#\\s]+)(#[^)]*)?\\)");

    /** A file, and which source set it belongs to: main, test, jcstress, jmh. */
    private record Source(String set, Path path, String text) {
        boolean isTooLong() {
            return text.lines().count() > LINES_MAX;
        }

        boolean hasCode(final Pattern pattern) {
            return pattern.matcher(COMMENT.matcher(text).replaceAll("")).find();
        }

        boolean hasDeadLink() {
            return LINK.matcher(text).results().anyMatch(link -> Files.notExists(path.resolveSibling(link.group(1))));
        }
    }

    // Surefire sets basedir to the module's directory; every module lies beside this one.
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private static List<Source> sources;
    private static List<Source> documents;

    @BeforeAll
    static void readSources() throws IOException {
        try (Stream<Path> paths = Files.walk(ROOT)) {
            sources = paths.filter(path -> path.toString().endsWith(".java"))
                    .map(path -> SOURCE_SET.matcher(ROOT.relativize(path).toString()))
                    .filter(Matcher::matches)
                    .map(matcher -> read(matcher.group("set"), ROOT.resolve(matcher.group())))
                    .toList();
        }
        try (Stream<Path> paths = Files.walk(ROOT)) {
            documents = paths.filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .map(path -> read("documents", path))
                    .toList();
        }
    }

    @Test
    void shouldFindTheSources() {
        assertTrue(of("main").count() > 50, "too few sources: this test looks in the wrong place");
        assertTrue(of("test").count() > 20, "too few tests: this test looks in the wrong place");
        assertTrue(documents.size() > 30, "too few documents: this test looks in the wrong place");
    }

    @Test
    void shouldKeepFilesShort() {
        assertNone(sources.stream().filter(Source::isTooLong), "longer than " + LINES_MAX + " lines");
    }

    @Test
    void shouldNotSleepInTests() {
        assertNone(of("test").filter(source -> source.hasCode(SLEEP)), "sleeps; use Awaitility or a latch");
    }

    /** ArchitectureTest sees synchronized methods; synchronized blocks only the source shows. */
    @Test
    void shouldTakeNoMonitor() {
        assertNone(of("main").filter(source -> source.hasCode(MONITOR)), "takes a monitor");
    }

    @Test
    void shouldNotSpeakOfThreadsAsPersons() {
        assertNone(
                Stream.concat(of("main"), documents.stream())
                        .filter(source -> PERSON.matcher(source.text).find()),
                "says he, whoever, nobody or the like; a thread is \"it\"");
    }

    @Test
    void shouldLinkOnlyToFilesThatExist() {
        assertNone(documents.stream().filter(Source::hasDeadLink), "links to a file that does not exist");
    }

    private static Stream<Source> of(final String set) {
        return sources.stream().filter(source -> source.set.equals(set));
    }

    private static void assertNone(final Stream<Source> offenders, final String offence) {
        assertEquals(List.of(), offenders.map(Source::path).toList(), offence);
    }

    private static Source read(final String set, final Path path) {
        try {
            return new Source(set, path, Files.readString(path));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
