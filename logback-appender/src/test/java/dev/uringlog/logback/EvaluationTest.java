package dev.uringlog.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An encoder is asked once per event, so that one that counts leaves no gap. */
class EvaluationTest {
    @TempDir
    Path directory;

    private final Rig rig = new Rig();
    private final AtomicInteger count = new AtomicInteger();

    @AfterEach
    void stop() {
        rig.context.stop();
    }

    private enum Kind {
        STATELESS,
        STATEFUL,
        LAYOUT
    }

    private String numbered(final ILoggingEvent event) {
        return count.incrementAndGet() + " " + event.getFormattedMessage() + "\n";
    }

    private Encoder<ILoggingEvent> encoder(final Kind kind) {
        if (kind != Kind.LAYOUT) {
            final TestEncoder<ILoggingEvent> encoder = new TestEncoder<>(event -> TestEncoder.utf8(numbered(event)));
            return kind == Kind.STATEFUL ? encoder.stateful() : encoder;
        }
        final LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(new LayoutBase<>() {
            @Override
            public String doLayout(final ILoggingEvent event) {
                return numbered(event);
            }
        });
        encoder.start();
        return encoder;
    }

    /** What the ring does not hold among them, and a ring that is full. */
    private void assertEachIsAskedForOnce(final FileAppender<ILoggingEvent> appender) throws Exception {
        appender.start();
        rig.context.getLogger("app").addAppender(appender);
        final List<String> messages = Stream.concat(
                        IntStream.range(0, 300).mapToObj(i -> "short?"),
                        Stream.of(2047, 8192, 100_000).map(length -> "x".repeat(length) + "😀?"))
                .toList();
        messages.forEach(rig.context.getLogger("app")::info);
        appender.stop();

        assertEquals(messages.size(), count.get());
        assertEquals(
                IntStream.range(0, messages.size())
                        .mapToObj(i -> i + 1 + " " + messages.get(i))
                        .toList(),
                Files.readAllLines(directory.resolve("app.log")));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldAskOnceForEachEventWhateverItsLength(final Kind kind) throws Exception {
        final IoUringFileAppender<ILoggingEvent> appender = rig.appender(directory.resolve("app.log"), encoder(kind));
        appender.setRingSize("4KB");
        assertEachIsAskedForOnce(appender);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldAskOnceWhereEventsAreJudged(final Kind kind) throws Exception {
        final RollingIoUringFileAppender<ILoggingEvent> appender =
                rig.rolling(directory.resolve("app.log"), encoder(kind));
        appender.setRingSize("4KB");
        appender.setDurability("KERNEL");
        RollingPolicies.bySizeAndTime(appender, directory.resolve("app.%d{yyyy-MM}.%i.log"), 100_000_000);
        assertEachIsAskedForOnce(appender);
    }
}
