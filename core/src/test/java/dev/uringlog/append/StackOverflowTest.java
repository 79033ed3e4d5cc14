package dev.uringlog.append;

import static dev.uringlog.append.Accounts.assertSettled;
import static dev.uringlog.append.FakeDisk.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads whose stack ends somewhere inside of append. */
@Timeout(60)
class StackOverflowTest {
    @TempDir
    Path directory;

    /** Appends at each depth until the stack is used up, again and again: while the JVM compiles what is called, each differs. */
    static final class Overflows {
        private static final int TIMES = 300;
        private static final int STACK = 128 << 10;
        private static final byte[] EVENT = ascii("0123456789\n");

        private static AppendLog log;

        private Overflows() {}

        private static void appendForEver() {
            log.append(EVENT);
            appendForEver();
        }

        /** Frames of another size, so that the stack ends elsewhere each time. */
        private static void deepen(final int frames) {
            if (frames == 0) {
                appendForEver();
            }
            final long here = frames;
            deepen(frames - 1);
            assertEquals(frames, here);
        }

        private static void overflow(final int frames) {
            try {
                deepen(frames);
            } catch (final StackOverflowError e) {
                assertTrue(e.getStackTrace().length > 0);
            }
        }

        public static void main(final String[] arguments) throws Exception {
            log = AppendLog.builder(Path.of(arguments[0])).open();
            for (int i = 0; i < TIMES; i++) {
                final int frames = i;
                final Thread thread = new Thread(null, () -> overflow(frames), "overflowing", STACK);
                thread.start();
                thread.join();
                assertTrue(log.flush(Duration.ofSeconds(10)), "one that was not published holds all up");
            }
            final long end = log.append(EVENT);
            log.close();
            assertEquals(end, log.writtenPosition());
            assertSettled(log.statistics());
            System.out.println(log.statistics().bytes());
        }
    }

    @Test
    void shouldNotHoldUpEverybodyElse() throws Exception {
        final Path file = directory.resolve("log");
        // By one compiler: then nearly each time some are lost between claim and publish.
        final ChildJvm.Outcome outcome =
                ChildJvm.run(":", List.of("-XX:-TieredCompilation"), Overflows.class, file.toString());
        assertEquals(0, outcome.exitCode(), outcome.output());
        final List<String> lines = Files.readAllLines(file);
        assertEquals(List.of("0123456789"), lines.stream().distinct().toList());
        assertTrue(outcome.output().lines().anyMatch((lines.size() * 11L + "")::equals), outcome.output());
    }
}
