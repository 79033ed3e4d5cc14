package dev.uringlog.examples.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The jar that was built, in a JVM of its own. */
final class Jar {
    private static final long LIMIT_SECONDS = 120;

    private final Path dir;
    private final List<String> command = new ArrayList<>();

    /** How it ended, and all it printed. */
    record Outcome(int exitCode, String output) {
        boolean holds(final String text) {
            return output.contains(text);
        }
    }

    /** @param dir takes what it prints */
    Jar(final Path dir) {
        this.dir = dir;
    }

    Jar under(final String... words) {
        command.addAll(0, List.of(words));
        return this;
    }

    /** Runs it to its end, after JVM options if there are any. */
    Outcome run(final List<String> options, final Object... arguments) throws IOException, InterruptedException {
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", System.getProperty("doctor.jar")));
        for (final Object argument : arguments) {
            command.add(argument.toString());
        }
        return execute(dir.resolve("output.txt"), command);
    }

    static Outcome execute(final Path output, final List<String> command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + command);
        }
        return new Outcome(process.exitValue(), Files.readString(output));
    }
}
