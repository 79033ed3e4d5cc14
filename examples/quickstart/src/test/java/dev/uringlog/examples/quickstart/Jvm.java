package dev.uringlog.examples.quickstart;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with this test's class path, its output in a file. */
final class Jvm {
    private static final long LIMIT_SECONDS = 180;
    /** The first JDK that warns of native access which the command line does not grant. */
    static final int WARNING_JDK = 24;

    /** How it ended. */
    record Outcome(int exitCode, String output) {}

    private final String main;
    private final Path dir;
    private String classPath = classPath();
    private String module;
    private final List<String> launcher = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private boolean isNativeAccessGranted = true;

    /**
     * Describes one.
     *
     * @param main a class with a main method
     * @param dir where it runs; {@code output.txt} in it takes what it prints
     */
    Jvm(final Class<?> main, final Path dir) {
        this(main.getName(), dir);
    }

    Jvm(final String main, final Path dir) {
        this.main = main;
        this.dir = dir;
    }

    Jvm under(final String... words) {
        launcher.addAll(List.of(words));
        return this;
    }

    Jvm with(final String property, final Object value) {
        options.add("-D" + property + "=" + value);
        return this;
    }

    /** An option of the JVM's own. */
    Jvm option(final String option) {
        options.add(option);
        return this;
    }

    /** Without the flag that the README names. */
    Jvm withoutNativeAccess() {
        isNativeAccessGranted = false;
        return this;
    }

    /** A directory of classes before the others. */
    Jvm classes(final Path classes) {
        classPath = classes + File.pathSeparator + classPath;
        return this;
    }

    /** Another class path than this test's. */
    Jvm classPath(final String path) {
        classPath = path;
        return this;
    }

    /** Modules instead of a class path. The main class is in the one that is named. */
    Jvm modulePath(final String path, final String mainModule) {
        classPath = path;
        module = mainModule;
        return this;
    }

    Jvm argument(final Object value) {
        arguments.add(value.toString());
        return this;
    }

    /** What it printed so far. */
    String output() throws IOException {
        return Files.readString(dir.resolve("output.txt"));
    }

    /** The same, for a message: what keeps it from being read is a message too. */
    String outputOrWhy() {
        try {
            return output();
        } catch (final IOException e) {
            return e.toString();
        }
    }

    Process start() throws IOException {
        final List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        if (isNativeAccessGranted && module == null && Runtime.version().feature() >= WARNING_JDK) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(options);
        command.addAll(
                module == null ? List.of("-cp", classPath, main) : List.of("-p", classPath, "-m", module + "/" + main));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("output.txt").toFile())
                .start();
    }

    /** Runs it to its end, which must come within three minutes. */
    Outcome run() throws IOException, InterruptedException {
        final Process process = start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + LIMIT_SECONDS + " s:\n" + output());
        }
        return new Outcome(process.exitValue(), output());
    }

    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
