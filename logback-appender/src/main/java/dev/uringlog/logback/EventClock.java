package dev.uringlog.logback;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.rolling.LengthCounter;
import ch.qos.logback.core.rolling.TimeBasedFileNamingAndTriggeringPolicy;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.rolling.helper.ArchiveRemover;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.File;

/**
 * Stands before what a TimeBasedRollingPolicy asks for the time, so that this is the time of the event in question: the
 * policy's own clock is the one that {@code setCurrentTime} sets, for tests, and is set by the writer from here on. Whoever
 * sets the policy's clock sets this one, and the events of that moment have that time.
 */
final class EventClock<E> extends ContextAwareBase implements TimeBasedFileNamingAndTriggeringPolicy<E> {
    private static final long NONE = -1;

    /** How often a clock must be off to be one that was set: the real one may be put back while it is looked at. */
    private static final int LOOKS = 3;

    private final TimeBasedFileNamingAndTriggeringPolicy<E> policy;

    /** What others have set; negative if they have not. */
    private volatile long artificialMillis;

    private EventClock(final TimeBasedFileNamingAndTriggeringPolicy<E> policy) {
        this.policy = policy;
        artificialMillis = isArtificial() ? policy.getCurrentTime() : NONE;
    }

    /** Puts a clock before a policy's own, unless it has one. */
    static <E> EventClock<E> of(final TimeBasedRollingPolicy<E> policy) {
        final TimeBasedFileNamingAndTriggeringPolicy<E> own = policy.getTimeBasedFileNamingAndTriggeringPolicy();
        if (own instanceof EventClock<E> clock) {
            return clock;
        }
        final EventClock<E> clock = new EventClock<>(own);
        policy.setTimeBasedFileNamingAndTriggeringPolicy(clock);
        return clock;
    }

    private boolean isArtificial() {
        for (int look = 0; look < LOOKS; look++) {
            final long before = System.currentTimeMillis();
            final long shown = policy.getCurrentTime();
            if (shown >= before && shown <= System.currentTimeMillis()) {
                return false;
            }
        }
        return true;
    }

    /** What it is put before. */
    TimeBasedFileNamingAndTriggeringPolicy<E> policy() {
        return policy;
    }

    /** The time that others have set; negative if they have not. */
    long artificialMillis() {
        return artificialMillis;
    }

    /** The writer alone: from here on the policy believes that it is this time. */
    void judgeAt(final long timeMillis) {
        policy.setCurrentTime(timeMillis);
    }

    @Override
    public long getCurrentTime() {
        final long artificial = artificialMillis;
        return artificial < 0 ? System.currentTimeMillis() : artificial;
    }

    @Override
    public void setCurrentTime(final long timeMillis) {
        artificialMillis = timeMillis;
    }

    @Override
    public boolean isTriggeringEvent(final File activeFile, final E event) {
        return policy.isTriggeringEvent(activeFile, event);
    }

    @Override
    public LengthCounter getLengthCounter() {
        return policy.getLengthCounter();
    }

    @Override
    public String getElapsedPeriodsFileName() {
        return policy.getElapsedPeriodsFileName();
    }

    @Override
    public String getCurrentPeriodsFileNameWithoutCompressionSuffix() {
        return policy.getCurrentPeriodsFileNameWithoutCompressionSuffix();
    }

    @Override
    public ArchiveRemover getArchiveRemover() {
        return policy.getArchiveRemover();
    }

    @Override
    public void setTimeBasedRollingPolicy(final TimeBasedRollingPolicy<E> owner) {
        policy.setTimeBasedRollingPolicy(owner);
    }

    @Override
    public void setContext(final Context context) {
        super.setContext(context);
        policy.setContext(context);
    }

    /** The policy starts at the time that it is, not at that of the last event before. */
    @Override
    public void start() {
        policy.setCurrentTime(artificialMillis);
        policy.start();
    }

    @Override
    public void stop() {
        policy.stop();
    }

    @Override
    public boolean isStarted() {
        return policy.isStarted();
    }
}
