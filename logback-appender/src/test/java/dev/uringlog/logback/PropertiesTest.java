package dev.uringlog.logback;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** What each property takes, what it refuses and what is said then; all through XML, as users write it. */
class PropertiesTest {
    @TempDir
    Path directory;

    private final Rig rig = new Rig();

    @AfterEach
    void stop() {
        rig.context.stop();
    }

    private Path file() {
        return directory.resolve("a.log");
    }

    private Logger configure(final String properties) throws Exception {
        rig.configure("""
                <configuration>
                  <appender name="FILE" class="dev.uringlog.logback.IoUringFileAppender">
                    <file>%s</file>
                    %s
                    <encoder><pattern>%%msg%%n</pattern></encoder>
                  </appender>
                  <root level="DEBUG"><appender-ref ref="FILE"/></root>
                </configuration>
                """.formatted(file(), properties));
        return rig.context.getLogger("test");
    }

    private IoUringFileAppender<?> appender() {
        return (IoUringFileAppender<?>)
                rig.context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("FILE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "durability; sometimes; MEMORY, KERNEL, DISK",
                "durableLevel; LOUD; TRACE, DEBUG, INFO, WARN, ERROR",
                "syncInterval; often; 0 to 1 h, a whole number",
                "strategy; aio; auto, iouring, writev",
                "ringSize; 3145728; power of two",
                "ringSize; large; MiB",
                "ringSize; 1; 4 KiB",
                "ringDepth; 3; power of two",
                "ringDepth; 8192; 4096",
                "ringDepth; deep; a power of two from 1 to 4096",
                "maxDelay; soon; 0 to 1 min, a whole number",
                "maxDelay; 2 h; 1 min",
                "overflow; WAIT; BLOCK, DISCARD",
                "discardLevel; LOUD; TRACE, DEBUG, INFO, WARN, ERROR",
                "onFailure; RETRY; HOLD, DROP",
                "shutdownTimeout; -1; 0 to 24 h, a whole number",
                "filePermissions; 0640; rw-r-----",
                "lazy; perhaps; true, false",
            })
    void shouldNotStartWithABadValueAndNamePropertyValueAndWhatIsAllowed(
            final String property, final String value, final String allowed) throws Exception {
        final Logger logger = configure("<" + property + ">" + value + "</" + property + ">");
        final List<String> errors = rig.errors();
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.get(0).contains(property + " \"" + value + "\""), errors::toString);
        assertTrue(errors.get(0).contains(allowed), errors::toString);
        logger.info("the application runs on");
        assertFalse(Files.exists(file()));
        assertFalse(appender().isStarted());
    }

    @Test
    void shouldSayEverythingThatIsWrongAtOnce() throws Exception {
        configure("<ringSize>5</ringSize><overflow>x</overflow><lazy>y</lazy>");
        assertEquals(3, rig.errors().size(), rig.errors()::toString);
    }

    @Test
    void shouldNotStartWithoutAFileOrAnEncoder() throws Exception {
        rig.configure("""
                <configuration>
                  <appender name="FILE" class="dev.uringlog.logback.IoUringFileAppender"/>
                  <root><appender-ref ref="FILE"/></root>
                </configuration>
                """);
        final String errors = rig.errors().toString();
        assertTrue(errors.contains("file is missing"), errors);
        assertTrue(errors.contains("no encoder"), errors);
    }

    @Test
    void shouldTakeAGoodValueForEach() throws Exception {
        final Logger logger = configure("""
                <append>true</append> <prudent>false</prudent>
                <durability>disk</durability> <durableLevel>warn</durableLevel> <durableMarker>AUDIT</durableMarker>
                <syncInterval>1 s</syncInterval> <strategy>AUTO</strategy>
                <ringSize>64 KiB</ringSize> <ringDepth>8</ringDepth> <maxDelay>500 us</maxDelay>
                <overflow>discard</overflow> <discardLevel>debug</discardLevel>
                <onFailure>drop</onFailure> <shutdownTimeout>5 s</shutdownTimeout> <filePermissions>rw-r-----</filePermissions>
                <lazy>false</lazy>
                """);
        logger.info("x");
        rig.context.stop();
        assertEquals("x\n", Files.readString(file()));
        assertEquals(List.of(), rig.errors());
        assertEquals(List.of(), rig.warnings());
    }

    @Test
    void shouldWarnOfADiscardLevelWithNothingToDiscard() throws Exception {
        configure("<discardLevel>debug</discardLevel>");
        assertEquals(List.of("discardLevel changes nothing without overflow DISCARD"), rig.warnings());
    }

    @Test
    void shouldIgnoreBlankValues() throws Exception {
        configure("<ringSize> </ringSize><lazy/><overflow></overflow>").info("x");
        rig.context.stop();
        assertEquals("x\n", Files.readString(file()));
        assertEquals(List.of(), rig.errors());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldMakeTheFileForItsOwnerAloneUnlessToldOtherwise() throws Exception {
        configure("");
        assertEquals("rw-------", permissions());
        rig.context.reset();
        Files.delete(file());
        configure("<filePermissions>rw-rw-r--</filePermissions>");
        assertEquals("rw-rw-r--", permissions());
    }

    private String permissions() throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
    }

    @Test
    void shouldTakeImmediateFlushForDurabilityKernelUnlessOneIsGiven() throws Exception {
        configure("<immediateFlush>true</immediateFlush>").info("x");
        assertEquals("x\n", Files.readString(file()));
        assertTrue(appender().description().contains("durability KERNEL"));
        rig.context.reset();
        configure("<immediateFlush>false</immediateFlush>");
        assertTrue(appender().description().contains("durability MEMORY"));
        rig.context.reset();
        configure("<immediateFlush>true</immediateFlush><durability>MEMORY</durability>");
        assertTrue(appender().description().contains("durability MEMORY"));
    }

    @Test
    void shouldReturnAtDiskOnceTheEventIsDurable() throws Exception {
        final Logger logger = configure("<durability>DISK</durability>");
        for (int i = 1; i <= 3; i++) {
            logger.info("x");
            assertEquals(2 * i, Files.size(file()));
            assertEquals(2 * i, appender().statistics().durablePosition());
        }
        assertEquals(3, appender().statistics().syncs());
    }

    @Test
    void shouldWaitForTheEventsOfALevelOrAMarkerAlone() throws Exception {
        final Logger logger = configure("<durableLevel>ERROR</durableLevel><durableMarker>AUDIT</durableMarker>");
        logger.warn("x");
        assertEquals(0, appender().statistics().syncs());
        logger.error("x");
        assertEquals(1, appender().statistics().syncs());
        final Marker payment = MarkerFactory.getDetachedMarker("PAYMENT");
        payment.add(MarkerFactory.getDetachedMarker("AUDIT"));
        logger.info(payment, "x");
        assertEquals(2, appender().statistics().syncs());
        logger.info(MarkerFactory.getDetachedMarker("OTHER"), "x");
        assertEquals(2, appender().statistics().syncs());
    }

    @Test
    void shouldCarryWhatCameBeforeAnEventThatIsWaitedFor() throws Exception {
        final Logger logger = configure("<durableLevel>ERROR</durableLevel><maxDelay>1 min</maxDelay>");
        logger.info("before");
        logger.error("safe");
        assertEquals("before\nsafe\n", Files.readString(file()));
        assertEquals(12, appender().statistics().durablePosition());
    }

    @Test
    void shouldSyncInTheBackgroundWithNoCallerWaiting() throws Exception {
        configure("<syncInterval>10 ms</syncInterval>").info("x");
        await().until(() -> appender().statistics().durablePosition() == 2);
    }

    @Test
    void shouldSayOnceThatBufferSizeChangesNothing() throws Exception {
        configure("<bufferSize>64KB</bufferSize>");
        assertEquals(1, said(rig.infos(), "bufferSize"));
        assertTrue(appender().isStarted());
    }

    @Test
    void shouldAppendToWhatIsThereWhenPrudentAndSayWhatThatMeans() throws Exception {
        Files.writeString(file(), "old\n");
        configure("<prudent>true</prudent><append>false</append>").info("new");
        assertEquals(1, said(rig.infos(), "prudent"));
        rig.context.stop();
        assertEquals("old\nnew\n", Files.readString(file()));
    }

    @ParameterizedTest
    @CsvSource({"append, maybe", "prudent, maybe", "immediateFlush, maybe", "bufferSize, much"})
    void shouldLeaveLogbacksOwnPropertiesToLogbacksOwnWords(final String property, final String value)
            throws Exception {
        configure("<" + property + ">" + value + "</" + property + ">").info("x");
        final List<String> said = new ArrayList<>(rig.warnings());
        said.addAll(rig.errors());
        assertEquals(
                1,
                said.stream()
                        .filter(s -> s.contains(property) && s.contains(value))
                        .count(),
                said::toString);
        rig.context.stop();
        assertEquals("x\n", Files.readString(file()));
    }

    private static long said(final List<String> statuses, final String word) {
        return statuses.stream().filter(status -> status.contains(word)).count();
    }
}
