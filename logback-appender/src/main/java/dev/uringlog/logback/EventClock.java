package dev.uringlog.logback;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.rolling.LengthCounter;
import ch.qos.logback.core.rolling.TimeBasedFileNamingAndTriggeringPolicy;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.rolling.helper.ArchiveRemover;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.File;

/**
 * Wraps the policy that a TimeBasedRollingPolicy asks for the time, so that the time is that of the judged event. The wrapped
 * policy's own clock is the one that {@code setCurrentTime} sets in tests; from here on the writer sets it. A test that sets the
 * clock sets this one, and the events of that moment have that time.
 */
final class EventClock<E> extends ContextAwareBase implements TimeBasedFileNamingAndTriggeringPolicy<E> {
    private static final long NONE = -1;

    /** How often a clock must differ to count as set: the real clock may be put back during a look. */
    private static final int LOOKS = 3;

    private final TimeBasedFileNamingAndTriggeringPolicy<E> policy;

    /** The time that a caller has set; negative if none has. */
    private volatile long artificialMillis;

    private EventClock(final TimeBasedFileNamingAndTriggeringPolicy<E> policy) {
        this.policy = policy;
        artificialMillis = isArtificial() ? policy.getCurrentTime() : NONE;
    }

    /** Wraps a policy's own, unless that is done already. */
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

    /** The wrapped policy. */
    TimeBasedFileNamingAndTriggeringPolicy<E> policy() {
        return policy;
    }

    /** The time that a caller has set; negative if none has. */
    long artificialMillis() {
        return artificialMillis;
    }

    /** Called by the writer only: sets the policy's time. */
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

    /** The policy starts at the current time, not at that of the last judged event. */
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
