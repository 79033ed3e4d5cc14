package dev.uringlog.examples.versions;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An application in a JVM of its own, on one version of a framework: this build's classes, that version's jars. */
final class Application {
    private static final long LIMIT_SECONDS = 120;

    /** How it ended, and all it printed. */
    record Outcome(int exitCode, String output) {}

    private Application() {}

    static Outcome run(final Frameworks framework, final String version, final Path dir)
            throws IOException, InterruptedException {
        final Path output = dir.resolve("output.txt");
        final String main =
                (framework == Frameworks.LOG4J ? Log4jApplication.class : LogbackApplication.class).getName();
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Ddir=" + dir,
                        "-Dlog4j2.configurationFile=classpath:log4j2-policies.xml",
                        "-Dlogback.configurationFile=logback-policies.xml",
                        "-cp",
                        classPath(framework, version),
                        main)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Outcome(process.waitFor(), Files.readString(output, StandardCharsets.UTF_8));
    }

    /** This test's, with the version's jars in the place of the frameworks that it was compiled against. */
    private static String classPath(final Frameworks framework, final String version) {
        final List<String> own =
                Arrays.asList(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator));
        return Stream.concat(
                        own.stream()
                                .filter(entry -> !Path.of(entry)
                                        .getFileName()
                                        .toString()
                                        .matches("(log4j|logback|slf4j)-.*\\.jar")),
                        framework.jars(version).stream().map(Path::toString))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
