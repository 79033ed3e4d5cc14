package dev.uringlog.logback;

import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import dev.uringlog.appender.JudgedTime;
import java.io.File;
import java.util.function.ToLongFunction;

/**
 * Logback's triggering policy, asked with the time of an event and the size of the file before it. For use by one thread at a
 * time, except for {@link #timeOf}.
 */
final class Trigger<E> {
    private static final String LOGBACK = "ch.qos.logback.core.rolling.";

    private final TriggeringPolicy<E> policy;
    private final ToLongFunction<Object> times;

    /** Null for a policy that does not depend on the time. */
    private final EventClock<E> clock;

    /** This policy asks the file system for the size, at most once a minute; here the size is known. Null for others. */
    private final SizeBasedTriggeringPolicy<E> sizeAlone;

    private final boolean looksAtEvents;
    private CurrentFile file;

    private final JudgedTime judgedTimes = new JudgedTime(this::now);

    /** The size when a roll last failed. The file then grows by the maximum size again before the next attempt. */
    private long baseSize;

    Trigger(final TriggeringPolicy<E> policy, final ToLongFunction<Object> times) {
        this.policy = policy;
        this.times = times;
        clock = policy instanceof TimeBasedRollingPolicy<E> timed ? EventClock.of(timed) : null;
        looksAtEvents = !isLogbacks(policy) || clock != null && !isLogbacks(clock.policy());
        if (clock != null) {
            LengthCounters.checkEachTime(clock.policy());
        }
        sizeAlone = !looksAtEvents && policy instanceof SizeBasedTriggeringPolicy<E> size ? size : null;
    }

    /** Whether the policy is Logback's own. Those do not look at the event. */
    private static boolean isLogbacks(final TriggeringPolicy<?> policy) {
        try {
            return policy.getClass()
                    .getMethod("isTriggeringEvent", File.class, Object.class)
                    .getDeclaringClass()
                    .getName()
                    .startsWith(LOGBACK);
        } catch (final NoSuchMethodException e) {
            throw new AssertionError(e); // The interface has it.
        }
    }

    /** Whether the policy needs the event, of which the writer only has the bytes. */
    boolean looksAtEvents() {
        return looksAtEvents;
    }

    /** Any thread: the time of an event, or the current time if the event has none. */
    long timeOf(final E event) {
        final long artificial = clock == null ? -1 : clock.artificialMillis();
        return artificial < 0 ? times.applyAsLong(event) : artificial;
    }

    /** Judges this file from now on, without counting its first bytes. */
    void goOn(final String name, final long base) {
        file = new CurrentFile(name);
        baseSize = base;
    }

    /**
     * Whether the event belongs in a new file. After a yes, Logback's policies assume that the file has been rolled.
     *
     * @param event may be null if it does not look at events
     * @param timeMillis when it happened
     * @param fileSize of the file before it
     */
    boolean isDue(final E event, final long timeMillis, final long fileSize) {
        final long size = fileSize - baseSize;
        if (sizeAlone != null) {
            return size >= sizeAlone.getMaxFileSize().getSize();
        }
        if (clock != null) {
            clock.judgeAt(judgedTimes.of(timeMillis));
        }
        tellSize(size);
        return policy.isTriggeringEvent(file, event);
    }

    private void tellSize(final long size) {
        LengthCounters.set(policy, size);
        file.size = size;
    }

    /**
     * Whether a file that is not due can be rolled now, without its archive replacing another one. After a yes, Logback's
     * policies assume that the file has been rolled.
     *
     * @param timeMillis what time it is
     * @param fileSize of the file
     * @param lastArchive the name of the last archive; null if there is none
     */
    boolean force(final long timeMillis, final long fileSize, final String lastArchive) {
        if (clock == null || looksAtEvents || isDue(null, timeMillis, fileSize)) {
            return true;
        }
        tellSize(Long.MAX_VALUE); // Larger than any file may be.
        if (policy.isTriggeringEvent(file, null)) {
            return true;
        }
        final String archive = archive(); // New if others have asked the policy.
        return archive != null && !archive.equals(lastArchive);
    }

    /** The archive's name for the elapsed period; null if it is not known. */
    String archive() {
        return clock == null ? null : clock.getElapsedPeriodsFileName();
    }

    /** The policy's current time. */
    long now() {
        return clock == null ? System.currentTimeMillis() : clock.getCurrentTime();
    }

    /** The file as a policy sees it: its length is known, without a system call. */
    private static final class CurrentFile extends File {
        private static final long serialVersionUID = 1;

        private transient long size;

        CurrentFile(final String name) {
            super(name);
        }

        @Override
        public long length() {
            return size;
        }
    }
}
