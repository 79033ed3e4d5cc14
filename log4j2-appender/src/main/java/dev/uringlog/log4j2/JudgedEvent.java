package dev.uringlog.log4j2;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.AbstractLogEvent;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.impl.ContextDataFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.time.Instant;
import org.apache.logging.log4j.core.time.MutableInstant;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.util.ReadOnlyStringMap;

/**
 * An event that is about to be written, as a triggering policy sees it: its time, never ahead of the clock, and its length in
 * the file. The logging call may have returned by then, so the rest of the event is gone. The level is {@code OFF}, the message,
 * the logger's name and the thread's name are empty, and there is no marker, exception or context.
 *
 * <p>The same object is used for each event. A policy that keeps an event must keep {@link #toImmutable()}.
 */
public final class JudgedEvent extends AbstractLogEvent {
    private static final long serialVersionUID = 1L;
    private static final Message NO_MESSAGE = new SimpleMessage("");

    private transient long timeMillis;
    private transient int length;

    JudgedEvent() {}

    void set(final long newTimeMillis, final int newLength) {
        timeMillis = newTimeMillis;
        length = newLength;
    }

    /**
     * How many bytes the event takes in the file. {@code RollingFileManager.getFileSize()} is the file's size without it.
     *
     * @return 1 or more
     */
    public int getLength() {
        return length;
    }

    @Override
    public long getTimeMillis() {
        return timeMillis;
    }

    @Override
    public Instant getInstant() {
        final MutableInstant instant = getMutableInstant();
        instant.initFromEpochMilli(timeMillis, 0);
        return instant;
    }

    @Override
    public LogEvent toImmutable() {
        return Log4jLogEvent.newBuilder()
                .setLevel(getLevel())
                .setLoggerName(getLoggerName())
                .setThreadName(getThreadName())
                .setMessage(getMessage())
                .setTimeMillis(timeMillis)
                .build();
    }

    @Override
    public Level getLevel() {
        return Level.OFF;
    }

    @Override
    public Message getMessage() {
        return NO_MESSAGE;
    }

    @Override
    public String getLoggerName() {
        return "";
    }

    @Override
    public String getThreadName() {
        return "";
    }

    @Override
    public ReadOnlyStringMap getContextData() {
        return ContextDataFactory.emptyFrozenContextData();
    }
}
