package dev.uringlog.append;

import static dev.uringlog.append.FakeDisk.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** A caller whose stack overflows in the middle of a call. */
@Timeout(60)
class DeepStackTest {
    private static final byte[] EVENT = ascii("event\n");
    private static final int ROUNDS = 100;
    private static final long STACK_BYTES = 192 << 10;

    @TempDir
    Path directory;

    private static int descend(final AppendLog log, final int depth, final int stride) {
        if (depth % stride == 0) {
            log.append(EVENT);
        }
        return descend(log, depth + 1, stride) + 1;
    }

    /** Daemons: where one hangs, the test does not. */
    private static Thread daemon(final Runnable work) {
        final Thread thread = new Thread(null, work, "deep", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Wherever that is: frames are larger in one round than in another, interpreted ones than compiled ones. */
    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"MEMORY", "KERNEL"})
    void shouldHoldUpNobodyElse(final Durability durability) throws Exception {
        final Path file = directory.resolve("log");
        final AtomicInteger overflows = new AtomicInteger();
        final AppendLog log = AppendLog.builder(file)
                .durability(durability)
                .shutdownTimeout(Duration.ofSeconds(1))
                .listener(new Heard())
                .open();
        try (log) {
            final List<Thread> callers = Stream.generate(() -> daemon(() -> {
                        for (int round = 0; round < ROUNDS; round++) {
                            try {
                                descend(log, round, 1 + round % 5);
                            } catch (final StackOverflowError e) {
                                overflows.incrementAndGet();
                            }
                        }
                    }))
                    .limit(2)
                    .toList();
            for (final Thread caller : callers) {
                caller.join(10_000);
                assertFalse(caller.isAlive(), "it hangs");
            }
            final Thread last = daemon(() -> log.append(EVENT));
            last.join(10_000);
            assertFalse(last.isAlive(), "it hangs");
            assertTrue(log.flush(Duration.ofSeconds(10)), "it is stuck");
        }
        assertEquals(2 * ROUNDS, overflows.get());
        final AppendStatistics s = log.statistics();
        Accounts.assertSettled(s);
        assertEquals(s.written(), Files.readAllLines(file).size());
    }
}
