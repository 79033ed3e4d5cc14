package dev.uringlog.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with this one's class path. */
public final class ChildJvm {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    /** How it ended, and all it printed. */
    public record Outcome(int exitCode, String output) {}

    private ChildJvm() {}

    /** Runs a main class to its end, after a shell's preparation such as {@code umask 077}. */
    public static Outcome run(
            final String preparation, final List<String> jvmArguments, final Class<?> main, final String... arguments)
            throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of("sh", "-c", preparation + "; exec \"$@\"", "sh"));
        command.add(JAVA.toString());
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }
}
