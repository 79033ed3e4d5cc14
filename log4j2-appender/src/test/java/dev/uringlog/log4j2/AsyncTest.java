package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.async.AsyncLoggerContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where one background thread is the appender's only caller, and hands over events that it uses again. */
class AsyncTest {
    private static final int THREADS = 4;
    private static final int EVENTS = 20_000;

    /** Log4j's two ways to be asynchronous, and none. */
    private enum Kind {
        NONE {
            @Override
            Rig rig(final Path file, final String layout) {
                return new Rig(Rig.element("IoUringFile", file, "", layout));
            }
        },
        ASYNC_LOGGERS {
            @Override
            Rig rig(final Path file, final String layout) {
                final String xml = Rig.xml(Rig.element("IoUringFile", file, "", layout));
                return new Rig(
                        new AsyncLoggerContext("async"), xml.replace("<Root ", "<Root includeLocation=\"true\" "));
            }
        },
        ASYNC_APPENDER {
            @Override
            Rig rig(final Path file, final String layout) {
                final String xml = Rig.xml(Rig.element("IoUringFile", file, "", layout))
                        .replace(
                                "</Appenders>",
                                "<Async name=\"async\" includeLocation=\"true\"><AppenderRef ref=\"a0\"/></Async></Appenders>")
                        .replace(
                                "<Root level=\"trace\"><AppenderRef ref=\"a0\"/>",
                                "<Root level=\"trace\"><AppenderRef ref=\"async\"/>");
                return new Rig(new LoggerContext("async-appender"), xml);
            }
        };

        abstract Rig rig(Path file, String layout);
    }

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("app.log");
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteLocationThreadAndContextOfTheCaller(final Kind kind) {
        try (Rig rig = kind.rig(file, "<PatternLayout pattern=\"%t %X{user} %C{1}.%M %m%n\"/>")) {
            ThreadContext.put("user", "ada");
            rig.logger().info("hello {}", "there");
            ThreadContext.remove("user");
            rig.logger().info("bye");
        }

        final String thread = Thread.currentThread().getName();
        final String method = " AsyncTest.shouldWriteLocationThreadAndContextOfTheCaller ";
        assertEquals(thread + " ada" + method + "hello there\n" + thread + " " + method + "bye\n", Rig.text(file));
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteEveryEventOfEveryThreadInItsOrder(final Kind kind) throws InterruptedException {
        try (Rig rig = kind.rig(file, "<PatternLayout pattern=\"%m%n\"/>")) {
            final Logger logger = rig.logger();
            final List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                final int id = i;
                threads.add(new Thread(() -> {
                    for (int n = 0; n < EVENTS; n++) {
                        logger.info("{} {}", id, n);
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (final Thread thread : threads) {
                thread.join();
            }
        }

        final Map<String, Integer> next = new HashMap<>();
        for (final String line : Rig.lines(file)) {
            final String[] words = line.split(" ");
            assertEquals(next.merge(words[0], 1, Integer::sum) - 1, Integer.parseInt(words[1]));
        }
        assertEquals(THREADS, next.size());
        assertTrue(next.values().stream().allMatch(count -> count == EVENTS), next.toString());
    }

    @Test
    void shouldSayNothingBadOfAsyncLoggers() {
        try (Rig rig = Kind.ASYNC_LOGGERS.rig(file, "<PatternLayout pattern=\"%m%n\"/>")) {
            rig.logger().info("x");
            rig.stop();

            assertEquals(List.of(), rig.errors());
        }
    }
}
