package dev.uringlog.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Another JVM with this one's class path. */
public final class ChildJvm {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    /** How it ended, and all it printed. */
    public record Outcome(int exitCode, String output) {}

    /** Several times what the longest takes on a busy machine. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private ChildJvm() {}

    /**
     * Runs a main class as nobody, whom limits bind that do not bind root. What it needs is copied to where nobody may read
     * it.
     *
     * @param place a directory of the test's own; {@code nobodys} in it is where nobody may write
     */
    public static Outcome runAsNobody(
            final Path place, final String preparation, final Class<?> main, final String... arguments)
            throws IOException, InterruptedException {
        Host.requireRoot();
        Host.requireCommand("setpriv");
        final List<String> classPath = new ArrayList<>();
        for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            final String copy = place + "/class-path-" + classPath.size();
            if (entry.endsWith(".jar")) {
                classPath.add(copy + ".jar");
                Files.copy(Path.of(entry), Path.of(copy + ".jar"));
            } else if (Files.isDirectory(Path.of(entry))) {
                classPath.add(copy);
                Mount.sh("cp -r " + entry + " " + copy);
            }
        }
        Mount.sh("chmod -R a+rX " + place + "; mkdir " + place + "/nobodys; chown 65534:65534 " + place + "/nobodys");
        final String nobody = "; set -- setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"; cd " + place;
        return run(LIMIT, preparation + nobody, List.of(), String.join(File.pathSeparator, classPath), main, arguments);
    }

    /** Runs a main class to its end, after a shell's preparation such as {@code umask 077}. */
    public static Outcome run(
            final String preparation, final List<String> jvmArguments, final Class<?> main, final String... arguments)
            throws IOException, InterruptedException {
        return run(LIMIT, preparation, jvmArguments, System.getProperty("java.class.path"), main, arguments);
    }

    /** Runs a main class to its end, which must come in time. */
    public static Outcome runWithin(
            final Duration limit, final List<String> jvmArguments, final Class<?> main, final String... arguments)
            throws IOException, InterruptedException {
        return run(limit, ":", jvmArguments, System.getProperty("java.class.path"), main, arguments);
    }

    /** Runs a main class to its end with classes that come before all others on its class path. */
    public static Outcome runBehind(
            final Path classes, final List<String> jvmArguments, final Class<?> main, final String... arguments)
            throws IOException, InterruptedException {
        return runBehind(":", classes, jvmArguments, main, arguments);
    }

    /** As the other, after a shell's preparation. */
    public static Outcome runBehind(
            final String preparation,
            final Path classes,
            final List<String> jvmArguments,
            final Class<?> main,
            final String... arguments)
            throws IOException, InterruptedException {
        final String classPath = classes + File.pathSeparator + System.getProperty("java.class.path");
        return run(LIMIT, preparation, jvmArguments, classPath, main, arguments);
    }

    private static Outcome run(
            final Duration limit,
            final String preparation,
            final List<String> jvmArguments,
            final String classPath,
            final Class<?> main,
            final String... arguments)
            throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of("sh", "-c", preparation + "; exec \"$@\"", "sh"));
        command.add(JAVA.toString());
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS).execute(process::destroyForcibly);
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }
}
