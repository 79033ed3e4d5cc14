package dev.uringlog.log4j2;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.xml.XmlConfiguration;
import org.apache.logging.log4j.status.StatusData;
import org.apache.logging.log4j.status.StatusListener;
import org.apache.logging.log4j.status.StatusLogger;

/** A logger context of a test's own, from XML as users write it, and an ear at the status log while it lives. */
final class Rig implements AutoCloseable {
    private final LoggerContext context;
    private final Ear ear = new Ear();

    private static final class Ear implements StatusListener {
        private final List<StatusData> heard = new CopyOnWriteArrayList<>();

        @Override
        public void log(final StatusData data) {
            heard.add(data);
        }

        @Override
        public Level getStatusLevel() {
            return Level.INFO;
        }

        @Override
        public void close() {}
    }

    /** A context with one appender or more, all of which the root logger has, at level TRACE. */
    Rig(final String... appenders) {
        this(new LoggerContext("rig"), xml(appenders));
    }

    Rig(final LoggerContext context, final String xml) {
        this.context = context;
        StatusLogger.getLogger().registerListener(ear);
        context.start(configuration(xml));
    }

    /** A configuration whose root logger has every element given, named a0, a1 and so on. */
    static String xml(final String... appenders) {
        final StringBuilder elements = new StringBuilder();
        final StringBuilder refs = new StringBuilder();
        for (int i = 0; i < appenders.length; i++) {
            elements.append(appenders[i].replaceFirst("^<(\\w+)", "<$1 name=\"a" + i + "\""));
            refs.append("<AppenderRef ref=\"a").append(i).append("\"/>");
        }
        return "<Configuration><Appenders>" + elements + "</Appenders><Loggers><Root level=\"trace\">" + refs
                + "</Root></Loggers></Configuration>";
    }

    /** An IoUringFile element that writes messages, one a line. */
    static String lines(final Path file, final String attributes) {
        return element("IoUringFile", file, attributes, "<PatternLayout pattern=\"%m%n\"/>");
    }

    /** A RollingIoUringFile element that writes messages, one a line. */
    static String rolling(final String attributes, final String policies, final String strategy) {
        return "<RollingIoUringFile " + attributes + "><PatternLayout pattern=\"%m%n\"/><Policies>" + policies
                + "</Policies>" + strategy + "</RollingIoUringFile>";
    }

    static String element(final String kind, final Path file, final String attributes, final String content) {
        return "<" + kind + " fileName=\"" + file + "\" " + attributes + ">" + content + "</" + kind + ">";
    }

    Configuration configuration() {
        return context.getConfiguration();
    }

    private Configuration configuration(final String xml) {
        try {
            return new XmlConfiguration(
                    context, new ConfigurationSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void reconfigure(final String xml) {
        context.reconfigure(configuration(xml));
    }

    Logger logger() {
        return context.getLogger("app");
    }

    Logger logger(final String name) {
        return context.getLogger(name);
    }

    IoUringFileAppender appender(final int index) {
        return context.getConfiguration().getAppender("a" + index);
    }

    RollingIoUringFileAppender rolling(final int index) {
        return context.getConfiguration().getAppender("a" + index);
    }

    void stop() {
        context.stop();
    }

    boolean stop(final Duration timeout) {
        return context.stop(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    List<String> errors() {
        return heard(Level.ERROR);
    }

    List<String> warnings() {
        return heard(Level.WARN);
    }

    List<String> infos() {
        return heard(Level.INFO);
    }

    /** What the status log said at a level, with the text of what was thrown. */
    private List<String> heard(final Level level) {
        return ear.heard.stream()
                .filter(data -> data.getLevel() == level)
                .map(data -> data.getMessage().getFormattedMessage()
                        + (data.getThrowable() == null ? "" : " " + data.getThrowable()))
                .toList();
    }

    static String text(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(final Path file) {
        return text(file).lines().toList();
    }

    @Override
    public void close() {
        context.stop();
        StatusLogger.getLogger().removeListener(ear);
    }
}
