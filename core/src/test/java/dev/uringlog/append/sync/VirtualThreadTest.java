package dev.uringlog.append.sync;

import static dev.uringlog.append.Hooks.withSink;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.Durability;
import dev.uringlog.append.Heard;
import dev.uringlog.append.MemorySink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Virtual threads that wait for stable storage: a sync must not keep their carriers from running others. */
@Timeout(60)
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadTest {
    private static final int CALLS = 20;

    private final MemorySink sink = new MemorySink();
    private final Set<String> syncing = ConcurrentHashMap.newKeySet();

    private AppendLog open(final Durability durability) throws IOException {
        for (int i = 0; i < 10 * CALLS; i++) {
            sink.planSyncs(offered -> {
                syncing.add(Thread.currentThread().getName());
                return 0;
            });
        }
        return withSink(AppendLog.builder(Path.of("memory")), () -> sink)
                .durability(durability)
                .listener(new Heard())
                .open();
    }

    private static Thread startVirtual(final Runnable work) throws ReflectiveOperationException {
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
    }

    private static byte[] line() {
        return "event\n".getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void shouldLeaveItsSyncsToTheLogsOwnThread() throws Exception {
        try (AppendLog log = open(Durability.DISK)) {
            startVirtual(() -> {
                        for (int i = 0; i < CALLS; i++) {
                            log.append(line());
                        }
                    })
                    .join();
            assertEquals(CALLS, sink.synced);
        }
        assertEquals(Set.of("uringlog-flusher"), syncing);
    }

    @Test
    void shouldLeaveTheSyncsOfOthersToTheLogsOwnThreadWhereItWritesForThem() throws Exception {
        final CountDownLatch ended = new CountDownLatch(2);
        try (AppendLog log = open(Durability.KERNEL)) {
            for (final boolean isDurable : List.of(true, false)) {
                startVirtual(() -> {
                    for (int i = 0; i < CALLS; i++) {
                        final long end = log.append(line());
                        if (isDurable) {
                            awaitDurable(log, end);
                        }
                    }
                    ended.countDown();
                });
            }
            assertTrue(ended.await(30, TimeUnit.SECONDS));
        }
        assertEquals(Set.of("uringlog-flusher"), syncing);
    }

    private static void awaitDurable(final AppendLog log, final long position) {
        try {
            log.awaitDurable(position);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
