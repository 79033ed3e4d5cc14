package dev.uringlog.examples.versions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The frameworks' jars that the POM lists and copies, by version. */
enum Frameworks {
    LOG4J("log4j-core-", "log4j-api-%s.jar"),
    LOGBACK("logback-classic-", "logback-core-%s.jar", "slf4j-api-2.0.17.jar");

    /** Logback's last line before the floor: refused, in words. */
    static final String BELOW_THE_FLOOR = "1.2.13";

    private static final Path DIRECTORY = Path.of("target", "frameworks").toAbsolutePath();
    private static final String SUFFIX = ".jar";

    private final String main;
    private final List<String> others;

    Frameworks(final String main, final String... others) {
        this.main = main;
        this.others = List.of(others);
    }

    /** Every version there is, the oldest first, but for the one below the floor. */
    List<String> versions() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(main))
                    .map(name -> name.substring(main.length(), name.length() - SUFFIX.length()))
                    .filter(version -> !version.equals(BELOW_THE_FLOOR))
                    .sorted(Comparator.comparing(java.lang.module.ModuleDescriptor.Version::parse))
                    .toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Path> jars(final String version) {
        return Stream.concat(Stream.of(main + version + SUFFIX), others.stream())
                .map(name -> name.startsWith("slf4j") && version.equals(BELOW_THE_FLOOR)
                        ? "slf4j-api-1.7.36.jar"
                        : name.formatted(version))
                .map(DIRECTORY::resolve)
                .toList();
    }
}
