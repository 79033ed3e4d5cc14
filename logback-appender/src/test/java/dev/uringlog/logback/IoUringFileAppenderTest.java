package dev.uringlog.logback;

import static dev.uringlog.logback.TestEncoder.utf8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The appender's life: start, stop, again, and what comes between. */
class IoUringFileAppenderTest {
    @TempDir
    Path directory;

    private final Rig rig = new Rig();

    @AfterEach
    void stop() {
        rig.context.stop();
    }

    private IoUringFileAppender<String> strings(final Path file) {
        return rig.appender(file, new TestEncoder<>(TestEncoder::utf8));
    }

    @Test
    void shouldHaveWrittenEverythingWhenTheContextHasStopped() throws Exception {
        final Path file = directory.resolve("a.log");
        final IoUringFileAppender<ILoggingEvent> appender = rig.lines(file);
        appender.start();
        final Logger logger = rig.context.getLogger("test");
        logger.addAppender(appender);
        for (int i = 0; i < 10_000; i++) {
            logger.info("event {}", i);
        }
        rig.context.stop();
        assertEquals(10_000, Files.readAllLines(file).size());
        assertEquals(10_000, appender.statistics().written());
        assertEquals(List.of(), rig.errors());
    }

    @Test
    void shouldMakeMissingDirectories() throws Exception {
        final Path file = directory.resolve("some/more/a.log");
        final IoUringFileAppender<String> appender = strings(file);
        appender.start();
        appender.doAppend("x\n");
        appender.stop();
        assertEquals("x\n", Files.readString(file));
    }

    @Test
    void shouldSayOnceAtStartWhatItIs() {
        final IoUringFileAppender<String> appender = strings(directory.resolve("a.log"));
        appender.start();
        appender.start();
        appender.doAppend("x\n");
        final String description = appender.description();
        assertTrue(description.contains("a.log"), description);
        assertEquals(1, rig.infos().stream().filter(description::equals).count());
        assertEquals(List.of(), rig.warnings());
    }

    @Test
    void shouldStopOnceAndStartAgain() throws Exception {
        final Path file = directory.resolve("a.log");
        final IoUringFileAppender<ILoggingEvent> appender = rig.lines(file);
        final Logger logger = rig.context.getLogger("test");
        logger.addAppender(appender);
        appender.start();
        logger.info("one");
        appender.stop();
        appender.stop();
        logger.info("to nobody");
        appender.start();
        assertTrue(appender.isStarted());
        assertTrue(appender.getEncoder().isStarted(), "Logback's stop has stopped it");
        logger.info("two");
        appender.stop();
        assertEquals("one\ntwo\n", Files.readString(file));
        assertEquals(1, appender.statistics().written());
    }

    @Test
    void shouldWarnNowAndThenOfEventsThatComeWhenItIsNotStarted() {
        final IoUringFileAppender<String> appender = strings(directory.resolve("a.log"));
        for (int i = 0; i < 10_000; i++) {
            appender.doAppend("early\n");
        }
        final List<String> warnings = rig.warnings();
        assertEquals("Attempted to append to non started appender [FILE].", warnings.get(0));
        assertTrue(warnings.size() < 10, warnings::toString);
    }

    @Test
    void shouldEmptyTheFileWhenNotToldToAppend() throws Exception {
        final Path file = Files.writeString(directory.resolve("a.log"), "old\n");
        final IoUringFileAppender<String> appender = strings(file);
        appender.setAppend(false);
        appender.start();
        appender.doAppend("new\n");
        appender.stop();
        assertEquals("new\n", Files.readString(file));
    }

    @Test
    void shouldWriteAnEventLargerThanTheRingWhole() throws Exception {
        final Path file = directory.resolve("a.log");
        final IoUringFileAppender<String> appender = strings(file);
        appender.setRingSize("4 KiB");
        appender.start();
        final String large = "é".repeat(1 << 20) + "\n";
        appender.doAppend("before\n");
        appender.doAppend(large);
        appender.doAppend("after\n");
        appender.stop();
        assertEquals("before\n" + large + "after\n", Files.readString(file));
    }

    @Test
    void shouldRefuseASecondAppenderOnAFileAndNameTheFirst() throws Exception {
        Files.createDirectory(directory.resolve("real"));
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
        final IoUringFileAppender<String> first = strings(directory.resolve("real/new/a.log"));
        first.setName("FIRST");
        first.start();
        final Path sameFile = directory.resolve("link/../link/new/a.log");
        final IoUringFileAppender<String> second = strings(sameFile);
        second.start();
        assertFalse(second.isStarted());
        assertTrue(rig.errors().get(0).contains("FIRST"), rig.errors()::toString);
        assertTrue(rig.errors().get(0).contains(sameFile.toString()), rig.errors()::toString);
        first.stop();
        second.start();
        assertTrue(second.isStarted(), "the file is free again");
        second.stop();
    }

    @Test
    void shouldLeaveTheFileToAnotherAfterAStartThatFailed() throws Exception {
        final Path file = Files.createDirectory(directory.resolve("a.log"));
        final IoUringFileAppender<String> first = strings(file);
        first.start();
        assertFalse(first.isStarted());
        assertEquals(1, rig.errors().size(), rig.errors()::toString);
        assertTrue(rig.errors().get(0).contains(file.toString()), rig.errors()::toString);
        Files.delete(file);
        final IoUringFileAppender<String> second = strings(file);
        second.start();
        assertTrue(second.isStarted());
        second.stop();
    }

    @Test
    void shouldOpenALazyFileAtTheFirstEvent() throws Exception {
        final Path file = directory.resolve("sub/a.log");
        final IoUringFileAppender<String> appender =
                rig.appender(file, new TestEncoder<String>(TestEncoder::utf8).header("head\n"));
        appender.setLazy("true");
        appender.start();
        assertTrue(appender.isStarted());
        assertFalse(Files.exists(file.getParent()));
        assertEquals(0, appender.statistics().accepted());
        appender.doAppend("x\n");
        assertTrue(Files.exists(file));
        appender.stop();
        assertEquals("head\nx\n", Files.readString(file));
    }

    @Test
    void shouldMakeNoLazyFileWithoutAnEvent() {
        final Path file = directory.resolve("a.log");
        final IoUringFileAppender<String> appender = rig.appender(
                file,
                new TestEncoder<String>(TestEncoder::utf8).header("head\n").footer("foot\n"));
        appender.setLazy("true");
        appender.start();
        appender.stop();
        assertFalse(Files.exists(file));
        assertEquals(List.of(), rig.errors());
    }

    @Test
    void shouldTryAgainWhenALazyFileCannotBeOpened() throws Exception {
        final Path file = Files.createDirectory(directory.resolve("a.log"));
        final IoUringFileAppender<String> appender = strings(file);
        appender.setLazy("true");
        appender.start();
        for (int i = 0; i < 100; i++) {
            appender.doAppend("lost\n");
        }
        assertTrue(appender.isStarted(), "an I/O error stops no appender");
        assertEquals(1, rig.errors().size(), rig.errors()::toString);
        Files.delete(file);
        Awaitility.await().until(() -> {
            appender.doAppend("x\n");
            return appender.statistics().accepted() > 0;
        });
        appender.stop();
        assertEquals("x\n", Files.readString(file));
    }

    @Test
    void shouldTakeNoLockOfLogbacksOnTheWayOfAnEvent() throws Exception {
        final Path file = directory.resolve("a.log");
        final CountDownLatch isHeld = new CountDownLatch(1);
        final CountDownLatch isLogged = new CountDownLatch(1);
        final IoUringFileAppender<String> appender = new IoUringFileAppender<>() {
            @Override
            public void addFilter(final ch.qos.logback.core.filter.Filter<String> unused) {
                streamWriteLock.lock();
                isHeld.countDown();
                try {
                    assertTrue(isLogged.await(30, TimeUnit.SECONDS));
                } catch (final InterruptedException e) {
                    throw new AssertionError(e);
                } finally {
                    streamWriteLock.unlock();
                }
            }
        };
        appender.setContext(rig.context);
        appender.setFile(file.toString());
        appender.setEncoder(new TestEncoder<>(TestEncoder::utf8));
        appender.start();
        final Thread holder = new Thread(() -> appender.addFilter(null));
        holder.start();
        isHeld.await();
        appender.doAppend("x\n");
        isLogged.countDown();
        holder.join();
        appender.stop();
        assertEquals("x\n", Files.readString(file));
    }

    @Test
    void shouldSurviveAnEncoderThatThrows() throws Exception {
        final Path file = directory.resolve("a.log");
        final IoUringFileAppender<String> appender = rig.appender(file, new TestEncoder<>(text -> {
            if (text.startsWith("bad")) {
                throw new IllegalStateException("no such encoding");
            }
            return utf8(text);
        }));
        appender.start();
        appender.doAppend("a\n");
        appender.doAppend("bad secret\n");
        appender.doAppend("b\n");
        appender.stop();
        assertEquals("a\nb\n", Files.readString(file));
        assertFalse(rig.errors().toString().contains("secret"));
    }

    @Test
    void shouldNotTakeAnEncodersIoExceptionForTheFiles() {
        final IoUringFileAppender<String> appender =
                rig.appender(directory.resolve("a.log"), new TestEncoder<>(text -> {
                    throw new UncheckedIOException(new IOException("no such encoding"));
                }));
        appender.start();
        appender.doAppend("a\n");
        appender.stop();
        assertEquals(List.of("Appender [FILE] failed to append."), rig.errors());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWriteOnAThreadThatInheritsNothing(final boolean isStateful) throws Exception {
        final Thread caller = Thread.currentThread();
        final ClassLoader own = caller.getContextClassLoader();
        final Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (URLClassLoader application = new URLClassLoader(new URL[0], own)) {
            caller.setContextClassLoader(application);
            final TestEncoder<String> encoder = new TestEncoder<>(TestEncoder::utf8);
            final IoUringFileAppender<String> appender =
                    rig.appender(directory.resolve("a.log"), isStateful ? encoder.stateful() : encoder);
            appender.start();
            final List<Thread> writers = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("uringlog-flusher") && !before.contains(thread))
                    .toList();
            assertEquals(1, writers.size());
            assertNotSame(application, writers.get(0).getContextClassLoader());
            appender.stop();
        } finally {
            caller.setContextClassLoader(own);
        }
    }

    @Test
    void shouldSayAndCountThatAnEventIsLostForWhichThereIsNoMemoryAndThrowNothing() {
        final IoUringFileAppender<String> appender =
                rig.appender(directory.resolve("a.log"), new TestEncoder<>(text -> {
                    throw new OutOfMemoryError("Java heap space");
                }));
        appender.start();
        appender.doAppend("a\n");
        assertEquals(1, appender.statistics().discarded());
        appender.stop();
        assertEquals(List.of("Appender [FILE] lost an event, there was no memory for it"), rig.errors());
    }

    @Test
    void shouldStopInTimeWithoutLosingWhatAnotherThreadWasAnswered() throws Exception {
        final Path file = directory.resolve("a.log");
        final IoUringFileAppender<String> appender =
                rig.appender(file, new TestEncoder<String>(TestEncoder::utf8).footer("foot\n"));
        appender.setRingSize("4 KiB");
        appender.start();
        final AtomicBoolean isOver = new AtomicBoolean();
        final Thread logging = new Thread(() -> {
            while (!isOver.get()) {
                appender.doAppend("some event\n");
            }
        });
        logging.start();
        Awaitility.await().until(() -> appender.statistics().written() > 1_000);
        appender.stop();
        isOver.set(true);
        logging.join();
        final List<String> lines = Files.readAllLines(file);
        assertEquals("foot", lines.get(lines.size() - 1), "nothing comes after the footer");
        assertEquals(appender.statistics().accepted(), lines.size() - 1);
        assertEquals(appender.statistics().accepted(), appender.statistics().written());
    }
}
