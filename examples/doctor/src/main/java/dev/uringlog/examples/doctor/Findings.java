package dev.uringlog.examples.doctor;

import dev.uringlog.write.Strategy;
import dev.uringlog.write.UnsupportedStrategyException;
import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.file.Path;

/**
 * All findings.
 *
 * @param refusal why io_uring does not work, or null
 * @param nativeRefusal why there is not even writev(2), or null
 * @param sandbox the contents of /proc
 * @param explanation the cause of the refusal, or null
 * @param path the directory examined
 * @param problem why no log is possible there, or null
 * @param directory null if there is a problem
 * @param trial null if there is a problem
 */
record Findings(
        String refusal,
        String nativeRefusal,
        Sandbox sandbox,
        String explanation,
        Path path,
        String problem,
        Directory directory,
        Trial trial) {
    /** io_uring works. */
    static final int IO_URING = 0;
    /** writev(2) works, io_uring does not. */
    static final int WRITEV = 1;
    /** There is no native access. */
    static final int PURE_JAVA = 2;
    /** No log is possible in that directory. */
    static final int UNUSABLE = 3;

    static Findings of(final Path path) {
        final Sandbox sandbox = Sandbox.read(Path.of("/proc"));
        final String refusal = IoUring.refusal(sandbox);
        final String explanation =
                refusal == null ? null : Diagnosis.explain(refusal, sandbox, System.getProperty("os.version"));
        Directory directory = null;
        Trial trial = null;
        String problem = null;
        try {
            directory = Directory.of(path);
            trial = Trial.in(directory.path());
        } catch (final IOException e) {
            // The message of a file system's exception is only the path.
            problem = e instanceof java.nio.file.FileSystemException ? e.toString() : e.getMessage();
        }
        return new Findings(refusal, askForWritev(), sandbox, explanation, path, problem, directory, trial);
    }

    private static String askForWritev() {
        try (VectoredWriter writer =
                VectoredWriter.builder().strategy(Strategy.WRITEV).open()) {
            return writer.degradation();
        } catch (final UnsupportedStrategyException e) {
            return e.getMessage();
        }
    }

    int exitCode() {
        if (problem != null) {
            return UNUSABLE;
        }
        if (nativeRefusal != null) {
            return PURE_JAVA;
        }
        return refusal != null ? WRITEV : IO_URING;
    }

    Advice advice() {
        return problem == null ? Advice.from(directory, trial) : null;
    }

    static String machine() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch") + ", JDK " + System.getProperty("java.version");
    }
}
