package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.uringlog.write.VectoredWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a test needs of the machine. Where it is missing the test is skipped, unless the environment variable
 * {@code URINGLOG_REQUIRE} lists it (iouring, strace, gcc, root): then the test fails, so CI cannot pass by skipping.
 */
final class Needs {
    private static final List<String> REQUIRED =
            Arrays.asList(String.valueOf(System.getenv("URINGLOG_REQUIRE")).split("[, ]+"));

    private Needs() {}

    static void ioUring() {
        need("iouring", VectoredWriter.isIoUringSupported());
    }

    /** The strategies that there are here. */
    static List<String> strategies() {
        final boolean hasIoUring = VectoredWriter.isIoUringSupported();
        if (!hasIoUring && REQUIRED.contains("iouring")) {
            fail("io_uring is missing here, and URINGLOG_REQUIRE lists it");
        }
        return hasIoUring ? List.of("writev", "iouring") : List.of("writev");
    }

    static void strace() throws InterruptedException {
        need("strace", runs("strace", "-f", "--seccomp-bpf", "-e", "trace=writev", "-o", "/dev/null", "true"));
    }

    static void root() {
        need("root", "root".equals(System.getProperty("user.name")));
    }

    static void gcc() throws InterruptedException {
        need("gcc", runs("gcc", "--version"));
    }

    static void otherMount(final Path one, final Path other) throws IOException {
        need(
                one + " as a mount of its own",
                Files.isDirectory(one) && !Files.getFileStore(one).equals(Files.getFileStore(other)));
    }

    private static boolean runs(final String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (final IOException e) {
            return false;
        }
    }

    private static void need(final String feature, final boolean isHere) {
        if (!isHere && REQUIRED.contains(feature)) {
            fail(feature + " is missing here, and URINGLOG_REQUIRE lists it");
        }
        assumeTrue(isHere, feature + " is missing here");
    }
}
