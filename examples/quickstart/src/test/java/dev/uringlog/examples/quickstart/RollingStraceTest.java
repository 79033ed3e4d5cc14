package dev.uringlog.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file that is rolled at durability DISK has been through, as the kernel saw it. */
class RollingStraceTest {
    private static final String CALLS = "trace=fsync,fdatasync,rename,renameat,renameat2";

    @TempDir
    private Path dir;

    @Test
    void shouldSyncAFileBeforeItIsRenamedAndBothDirectoriesAfterwards() throws Exception {
        Needs.strace();
        final Path trace = dir.resolve("trace.txt");
        final Jvm.Outcome outcome = new Jvm(RollingTarget.class, dir)
                .under("strace", "-f", "--seccomp-bpf", "-y", "-e", CALLS, "-o", trace.toString())
                .argument("logback")
                .argument(dir)
                .argument("durability")
                .argument("DISK")
                .run();
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("event 4\n", Files.readString(dir.resolve("archive/app.1.log")), outcome.output());
        final List<String> calls = Files.readAllLines(trace);
        int rolls = 0;
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).contains("rename(\"" + dir + "/app.log\"")) {
                rolls++;
                final List<String> before = calls.subList(0, i);
                final List<String> after = calls.subList(i, calls.size());
                assertEquals(rolls, count(before, "sync(", "<" + dir + "/app.log>"), () -> String.join("\n", calls));
                assertTrue(count(after, "fsync(", "<" + dir + "/archive>") > 0, () -> String.join("\n", calls));
                assertTrue(count(after, "fsync(", "<" + dir + ">") > 0, () -> String.join("\n", calls));
            }
        }
        assertEquals(RollingTarget.EVENTS - 1, rolls, () -> String.join("\n", calls));
        assertEquals(rolls, count(calls, "fsync(", "<" + dir + "/archive>"));
    }

    private static long count(final List<String> calls, final String call, final String file) {
        return calls.stream()
                .filter(line -> line.contains(call) && line.contains(file))
                .count();
    }
}
