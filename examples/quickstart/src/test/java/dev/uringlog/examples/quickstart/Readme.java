package dev.uringlog.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The README's parts that a machine can hold it to. */
final class Readme {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern OPTION =
            Pattern.compile("^\\| `(\\w+)` \\| .* \\| `([^`|]+)` \\|$", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^:)#]+)(?:#[^)]*)?\\)");
    private static final Pattern PRINTS = Pattern.compile("^// prints: (.*)$", Pattern.MULTILINE);

    /** A row of the options' table. */
    record Option(String name, String value) {}

    private Readme() {}

    static String text() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    static Path file(final String name) {
        return ROOT.resolve(name);
    }

    /** Every language that a fenced block names. */
    static List<String> languages() throws IOException {
        return BLOCK.matcher(text())
                .results()
                .map(block -> block.group(1))
                .distinct()
                .toList();
    }

    /** The fenced blocks of a language that hold a text. */
    static List<String> blocks(final String language, final String holding) throws IOException {
        return BLOCK.matcher(text())
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .filter(block -> block.contains(holding))
                .toList();
    }

    static String block(final String language, final String holding) throws IOException {
        final List<String> blocks = blocks(language, holding);
        if (blocks.size() != 1) {
            throw new AssertionError(blocks.size() + " " + language + " blocks hold " + holding);
        }
        return blocks.get(0);
    }

    static List<Option> options() throws IOException {
        final List<Option> options = new ArrayList<>();
        final Matcher rows = OPTION.matcher(text());
        while (rows.find()) {
            options.add(new Option(rows.group(1), rows.group(2)));
        }
        return options;
    }

    /** What is said outside the fenced blocks, a table's cell for itself. */
    private static Stream<String> prose() throws IOException {
        return BLOCK.matcher(text()).replaceAll("").lines().flatMap(line -> Stream.of(line.split("\\|")));
    }

    static List<String> sentencesLongerThan(final int words) throws IOException {
        return prose().flatMap(part -> Stream.of(part.split("(?<=[.!?:;])\\s+")))
                .filter(sentence -> sentence.strip().split("\\s+").length > words)
                .toList();
    }

    /** Those of these words that the prose uses. */
    static List<String> wordsIn(final Set<String> words) throws IOException {
        return prose().flatMap(part -> Stream.of(part.toLowerCase(Locale.ROOT).split("[^a-z]+")))
                .filter(words::contains)
                .distinct()
                .toList();
    }

    /** The files that it links to, from its own directory. */
    static List<String> links() throws IOException {
        return LINK.matcher(text())
                .results()
                .map(link -> link.group(1))
                .distinct()
                .toList();
    }

    /** A class around a block of statements; its imports go where imports are. */
    static String program(final String className, final String block) {
        final String imports = block.lines().filter(Readme::isImport).collect(Collectors.joining("\n"));
        final String rest = block.lines().filter(line -> !isImport(line)).collect(Collectors.joining("\n"));
        return imports + "\npublic final class " + className
                + " {\npublic static void main(final String[] args) throws Exception {\n" + rest + "\n}\n}\n";
    }

    private static boolean isImport(final String line) {
        return line.startsWith("import ");
    }

    /** What a block of statements says that it prints. */
    static String prints(final String block) {
        return PRINTS.matcher(block).results().map(found -> found.group(1)).collect(Collectors.joining("\n"));
    }
}
