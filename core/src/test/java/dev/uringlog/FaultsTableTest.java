package dev.uringlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each row of the tables of faults and of what is promised of security names its tests, and each of them is there. */
class FaultsTableTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final int ROWS_MIN = 80;

    private static final Pattern NAME = Pattern.compile("`(\\w+)#(\\w+)`");

    private static List<String> rows() throws IOException {
        final List<String> rows = new ArrayList<>(tableRows(Files.readString(ROOT.resolve("core/docs/faults.md"))));
        final String security = Files.readString(ROOT.resolve("SECURITY.md"));
        rows.addAll(tableRows(security.substring(security.indexOf("## Each promise"))));
        return rows;
    }

    /** Without each table's head, which a line of dashes follows. */
    private static List<String> tableRows(final String markdown) {
        final List<String> lines = markdown.lines().toList();
        return IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).startsWith("|") && !lines.get(i).startsWith("|---"))
                .filter(i -> i + 1 == lines.size() || !lines.get(i + 1).startsWith("|---"))
                .mapToObj(lines::get)
                .toList();
    }

    /** Every test source by its class's name; two modules may each have one of that name. */
    private static Map<String, List<String>> testSources() throws IOException {
        final Map<String, List<String>> sources = new HashMap<>();
        try (Stream<Path> paths = Files.walk(ROOT)) {
            for (final Path path : paths.filter(path -> path.toString().contains("/src/test/java/"))
                    .filter(path -> path.toString().endsWith("Test.java"))
                    .toList()) {
                final String name = path.getFileName().toString().replace(".java", "");
                sources.computeIfAbsent(name, each -> new ArrayList<>()).add(Files.readString(path));
            }
        }
        return sources;
    }

    @Test
    void shouldNameATestInEachRow() throws IOException {
        assertTrue(rows().size() >= ROWS_MIN, rows().size() + " rows: this test looks in the wrong place");
        assertEquals(
                List.of(),
                rows().stream().filter(row -> !NAME.matcher(row).find()).toList());
    }

    @Test
    void shouldNameOnlyTestsThatAreThere() throws IOException {
        final Map<String, List<String>> sources = testSources();
        final List<String> missing = new ArrayList<>();
        for (final String row : rows()) {
            for (final Matcher name = NAME.matcher(row); name.find(); ) {
                if (sources.getOrDefault(name.group(1), List.of()).stream()
                        .noneMatch(source -> source.contains("void " + name.group(2) + "("))) {
                    missing.add(name.group());
                }
            }
        }
        assertEquals(List.of(), missing);
    }
}
