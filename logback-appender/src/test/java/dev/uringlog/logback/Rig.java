package dev.uringlog.logback;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A logger context of a test's own, and short words for what tests do to it. */
final class Rig {
    final LoggerContext context = new LoggerContext();

    Rig() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.start();
    }

    PatternLayoutEncoder pattern(final String pattern) {
        final PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.start();
        return encoder;
    }

    /** An appender that wants no more than its start. */
    <E> IoUringFileAppender<E> appender(final Path file, final Encoder<E> encoder) {
        final IoUringFileAppender<E> appender = new IoUringFileAppender<>();
        appender.setContext(context);
        appender.setName("FILE");
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        return appender;
    }

    /** An appender that wants its policies, see {@link RollingPolicies}, and its start. */
    <E> RollingIoUringFileAppender<E> rolling(final Path file, final Encoder<E> encoder) {
        final RollingIoUringFileAppender<E> appender = new RollingIoUringFileAppender<>();
        appender.setContext(context);
        appender.setName("FILE");
        if (file != null) {
            appender.setFile(file.toString());
        }
        appender.setEncoder(encoder);
        return appender;
    }

    IoUringFileAppender<ILoggingEvent> lines(final Path file) {
        return appender(file, pattern("%msg%n"));
    }

    /** What an application does with its logback.xml. */
    void configure(final String xml) throws JoranException {
        final JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    List<String> statuses(final int level) {
        return context.getStatusManager().getCopyOfStatusList().stream()
                .filter(status -> status.getLevel() == level)
                .map(Status::getMessage)
                .collect(Collectors.toList());
    }

    List<String> errors() {
        return statuses(Status.ERROR);
    }

    List<String> warnings() {
        return statuses(Status.WARN);
    }

    List<String> infos() {
        return statuses(Status.INFO);
    }
}
