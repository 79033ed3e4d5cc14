package dev.uringlog.append;

import static dev.uringlog.append.FakeDisk.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callers whose stack ends somewhere inside append. */
@Timeout(60)
class StackOverflowTest {
    @TempDir
    Path directory;

    /** Overflows stacks at ever other points: the depth differs, and so do the frames while the JVM compiles the code. */
    static final class Overflows {
        private static final int ROUNDS = 60;
        private static final int STRIDES = 5;
        private static final int CALLERS = 2;
        private static final int STACK_BYTES = 128 << 10;
        private static final long PATIENCE_MILLIS = 10_000;
        private static final String EVENT = "0123456789";
        private static final byte[] LINE = ascii(EVENT + "\n");

        private final AtomicInteger overflows = new AtomicInteger();
        private final AppendLog log;

        private Overflows(final AppendLog log) {
            this.log = log;
        }

        private int descend(final int depth, final int stride) {
            if (depth >= 0 && depth % stride == 0) {
                log.append(LINE);
            }
            return descend(depth + 1, stride) + 1;
        }

        private void overflow(final int framesBefore) {
            for (int stride = 1; stride <= STRIDES; stride++) {
                try {
                    descend(-framesBefore, stride);
                } catch (final StackOverflowError e) {
                    overflows.incrementAndGet();
                }
            }
        }

        /** A daemon, so that a caller that hangs does not hang the JVM. */
        private static Thread start(final Runnable work) {
            final Thread thread = new Thread(null, work, "overflowing", STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        private void round(final int round) throws IOException, InterruptedException {
            final List<Thread> callers = Stream.generate(() -> start(() -> overflow(round)))
                    .limit(CALLERS)
                    .toList();
            for (final Thread caller : callers) {
                caller.join(PATIENCE_MILLIS);
                assertFalse(caller.isAlive(), "a caller hangs");
            }
            assertTrue(
                    log.flush(Duration.ofMillis(PATIENCE_MILLIS)), "an event that was not published blocks all others");
        }

        static void run(final Path file, final Durability durability) throws IOException, InterruptedException {
            final AppendLog log = AppendLog.builder(file)
                    .durability(durability)
                    .shutdownTimeout(Duration.ofSeconds(1))
                    .listener(new Heard())
                    .open();
            final Overflows callers = new Overflows(log);
            final long end;
            try (log) {
                for (int i = 0; i < ROUNDS; i++) {
                    callers.round(i);
                }
                end = log.append(LINE);
            }
            assertEquals(end, log.writtenPosition());
            assertEquals(ROUNDS * STRIDES * CALLERS, callers.overflows.get());
            Accounts.assertSettled(log.statistics());
            final List<String> lines = Files.readAllLines(file);
            assertEquals(List.of(EVENT), lines.stream().distinct().toList());
            assertEquals(log.statistics().written(), lines.size());
        }

        public static void main(final String[] arguments) throws Exception {
            run(Path.of(arguments[0]), Durability.valueOf(arguments[1]));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"MEMORY", "KERNEL"})
    void shouldNotBlockOtherThreads(final Durability durability) throws Exception {
        Overflows.run(directory.resolve("log"), durability);
    }

    /** With one compiler, nearly each run overflows between claim and publish. */
    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"MEMORY", "KERNEL"})
    void shouldNotBlockOtherThreadsWithOneCompiler(final Durability durability) throws Exception {
        final ChildJvm.Outcome outcome = ChildJvm.run(
                ":",
                List.of("-XX:-TieredCompilation"),
                Overflows.class,
                directory.resolve("log").toString(),
                durability.name());
        assertEquals(0, outcome.exitCode(), outcome.output());
    }
}
