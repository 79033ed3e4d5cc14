package dev.uringlog.log4j2;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.util.Log4jThread;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file's life is under the appender: made, opened, appended to, closed. */
class IoUringFileAppenderTest {
    private static final String EVENTS = "<PatternLayout pattern=\"%p %c %m%n\" header=\"BEGIN%n\" footer=\"END%n\"/>";

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = dir.resolve("app.log");
    }

    @Test
    void shouldWriteEveryEventBeforeStopReturns() {
        try (Rig rig = new Rig(Rig.lines(file, ""))) {
            IntStream.range(0, 10_000).forEach(i -> rig.logger().info("event {}", i));
            rig.stop();

            assertEquals(IntStream.range(0, 10_000).mapToObj(i -> "event " + i).toList(), Rig.lines(file));
            assertEquals(List.of(), rig.errors());
        }
    }

    @Test
    void shouldWriteALoneEventSoonWithoutBeingAsked() {
        try (Rig rig = new Rig(Rig.lines(file, ""))) {
            rig.logger().info("alone");

            await().atMost(Duration.ofSeconds(5)).until(() -> Rig.text(file).equals("alone\n"));
        }
    }

    @Test
    void shouldWriteEverythingLoggedBeforeFlushReturns() throws IOException {
        try (Rig rig = new Rig(Rig.lines(file, "maxDelay=\"1 min\""))) {
            rig.logger().info("now");
            rig.appender(0).flush();

            assertEquals("now\n", Rig.text(file));
        }
    }

    @Test
    void shouldSayOnceAtStartWhatItWritesWithAndWhy() {
        try (Rig rig = new Rig(Rig.lines(file, "ringSize=\"64 KiB\""))) {
            final List<String> told = rig.infos().stream()
                    .filter(line -> line.contains(file.toString()))
                    .toList();

            assertEquals(List.of(rig.appender(0).description()), told);
            assertTrue(told.get(0).contains("strategy"), told.get(0));
            assertTrue(told.get(0).contains("ring 64 KiB"), told.get(0));
        }
    }

    @Test
    void shouldAppendToAFileThatIsThereAndWriteTheHeaderOnlyOnce() {
        for (int i = 0; i < 2; i++) {
            try (Rig rig = new Rig(Rig.element("IoUringFile", file, "", EVENTS))) {
                rig.logger().warn("run {}", i);
            }
        }

        assertEquals("BEGIN\nWARN app run 0\nEND\nWARN app run 1\nEND\n", Rig.text(file));
    }

    @Test
    void shouldEmptyTheFileFirstWhenToldNotToAppend() {
        for (int i = 0; i < 2; i++) {
            try (Rig rig = new Rig(Rig.element("IoUringFile", file, "append=\"false\"", EVENTS))) {
                rig.logger().warn("run {}", i);
            }
        }

        assertEquals("BEGIN\nWARN app run 1\nEND\n", Rig.text(file));
    }

    @Test
    void shouldMakeMissingDirectories() {
        final Path deep = dir.resolve("a/b/c.log");
        try (Rig rig = new Rig(Rig.lines(deep, ""))) {
            rig.logger().info("deep");
        }

        assertEquals("deep\n", Rig.text(deep));
    }

    @Test
    void shouldWriteNothingTwiceWhenStoppedTwice() {
        try (Rig rig = new Rig(Rig.element("IoUringFile", file, "", EVENTS))) {
            final IoUringFileAppender appender = rig.appender(0);
            rig.logger().info("once");

            assertTrue(appender.stop(0, TimeUnit.MILLISECONDS));
            assertTrue(appender.stop(0, TimeUnit.MILLISECONDS));
            assertTrue(appender.isStopped());
        }

        assertEquals("BEGIN\nINFO app once\nEND\n", Rig.text(file));
    }

    @Test
    void shouldKeepTheFileToItsOwnerUnlessToldOtherwise() throws IOException {
        final Path shared = dir.resolve("shared.log");
        try (Rig rig = new Rig(Rig.lines(file, ""), Rig.lines(shared, "filePermissions=\"rw-r-----\""))) {
            rig.logger().info("x");
        }

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(shared)));
    }

    @Test
    void shouldGiveTheFileToItsOwnerAndGroup() throws IOException {
        final String owner = Files.getOwner(dir).getName();
        final String group = Files.getAttribute(dir, "posix:group").toString();
        try (Rig rig = new Rig(Rig.lines(file, "fileOwner=\"" + owner + "\" fileGroup=\"" + group + "\""))) {
            rig.logger().info("x");

            assertEquals(List.of(), rig.errors());
        }

        assertEquals(owner, Files.getOwner(file).getName());
        assertEquals(group, Files.getAttribute(file, "posix:group").toString());
    }

    @Test
    void shouldMakeTheFileWithTheFirstEventWhenCreatedOnDemand() {
        try (Rig rig = new Rig(Rig.element("IoUringFile", file, "createOnDemand=\"true\"", EVENTS))) {
            assertFalse(Files.exists(file));

            rig.logger().info("first");
            rig.stop();

            assertEquals("BEGIN\nINFO app first\nEND\n", Rig.text(file));
        }
    }

    @Test
    void shouldMakeNoFileOnDemandWhenThereIsNoEvent() {
        try (Rig rig = new Rig(Rig.element("IoUringFile", file, "createOnDemand=\"true\"", EVENTS))) {
            assertNotNull(rig.appender(0));
        }

        assertFalse(Files.exists(file));
    }

    @Test
    void shouldTryAnOnDemandFileAgainOnceItsDirectoryIsBack() throws IOException {
        final Path parent = dir.resolve("parent");
        Files.writeString(parent, "in the way");
        final Path late = parent.resolve("late.log");
        try (Rig rig = new Rig(Rig.lines(late, "createOnDemand=\"true\""))) {
            rig.logger().info("lost");
            assertEquals(1, rig.errors().size(), rig.errors().toString());
            assertTrue(
                    rig.errors().get(0).contains(late.toString()), rig.errors().toString());

            Files.delete(parent);
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                rig.logger().info("back");
                return Files.exists(late);
            });
        }

        assertTrue(Rig.lines(late).stream().allMatch("back"::equals));
    }

    @Test
    void shouldLetThroughWhatItsFiltersLetThrough() {
        final String filters = "<Filters><ThresholdFilter level=\"WARN\" onMatch=\"NEUTRAL\"/>"
                + "<RegexFilter regex=\".*secret.*\" onMatch=\"DENY\" onMismatch=\"ACCEPT\"/></Filters>"
                + "<PatternLayout pattern=\"%m%n\"/>";
        try (Rig rig = new Rig(Rig.element("IoUringFile", file, "", filters))) {
            rig.logger().info("too low");
            rig.logger().warn("a secret");
            rig.logger().error("through");
        }

        assertEquals("through\n", Rig.text(file));
    }

    @Test
    void shouldTakePropertiesAndWriteWithPatternLayoutByDefault() {
        final String properties = "<Property name=\"k\" value=\"v\"/>";
        try (Rig rig = new Rig(Rig.element("IoUringFile", file, "", properties))) {
            rig.logger().info("plain");

            assertEquals("k", rig.appender(0).getPropertyArray()[0].getName());
            assertEquals(List.of(), rig.errors());
        }

        assertEquals("plain" + System.lineSeparator(), Rig.text(file));
    }

    @Test
    void shouldCountWhatItWrites() {
        try (Rig rig = new Rig(Rig.lines(file, ""))) {
            final IoUringFileAppender appender = rig.appender(0);
            IntStream.range(0, 1_000).forEach(i -> rig.logger().log(Level.INFO, "x"));
            rig.stop();

            assertEquals(1_000, appender.statistics().accepted());
            assertEquals(1_000, appender.statistics().written());
            assertEquals(2_000, appender.statistics().bytes());
            assertEquals(0, appender.statistics().failed());
        }
    }

    @Test
    void shouldWriteOnAThreadOfLog4jsThatInheritsNothing() throws Exception {
        final Thread caller = Thread.currentThread();
        final ClassLoader own = caller.getContextClassLoader();
        final Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (URLClassLoader application = new URLClassLoader(new URL[0], own)) {
            caller.setContextClassLoader(application);
            try (Rig rig = new Rig(Rig.lines(dir.resolve("app.log"), ""))) {
                rig.logger().info("event");
                final List<Thread> writers = Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().contains("IoUringFile") && !before.contains(thread))
                        .toList();
                assertEquals(1, writers.size(), writers.toString());
                assertInstanceOf(Log4jThread.class, writers.get(0));
                assertNotSame(application, writers.get(0).getContextClassLoader());
            }
        } finally {
            caller.setContextClassLoader(own);
        }
    }

    @Test
    void shouldWriteAnEventLargerThanTheRingWhole() {
        final String large = "x".repeat(1 << 20);
        try (Rig rig = new Rig(Rig.lines(file, "ringSize=\"4 KiB\""))) {
            rig.logger().info("before");
            rig.logger().info(large);
            rig.logger().info("after");
        }

        assertEquals("before\n" + large + "\nafter\n", Rig.text(file));
    }
}
