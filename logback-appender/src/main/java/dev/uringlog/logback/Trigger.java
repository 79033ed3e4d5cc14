package dev.uringlog.logback;

import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import dev.uringlog.appender.JudgedTime;
import java.io.File;
import java.util.function.ToLongFunction;

/**
 * Logback's triggering policy, asked by whoever knows when an event happened and how large the file is before it. For use
 * by one thread at a time, but for {@link #timeOf}.
 */
final class Trigger<E> {
    private static final String LOGBACK = "ch.qos.logback.core.rolling.";

    private final TriggeringPolicy<E> policy;
    private final ToLongFunction<Object> times;

    /** Null for a policy that does not ask for the time. */
    private final EventClock<E> clock;

    /** Logback asks the file system for the size, and so not more than once a minute; here it is known. Null for others. */
    private final SizeBasedTriggeringPolicy<E> sizeAlone;

    private final boolean looksAtEvents;
    private CurrentFile file;

    private final JudgedTime judgedTimes = new JudgedTime(this::now);

    /** What the file held when it was last rolled in vain: it is gone on with for as much again. */
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

    /** Whether it is Logback that answers. Its own policies do not look at the event. */
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

    /** Whether it must be asked with the event, of which the writer has the bytes alone. */
    boolean looksAtEvents() {
        return looksAtEvents;
    }

    /** Any thread: when an event happened, or, for one that does not say so, what time it is. */
    long timeOf(final E event) {
        final long artificial = clock == null ? -1 : clock.artificialMillis();
        return artificial < 0 ? times.applyAsLong(event) : artificial;
    }

    /** From now on it is this file, of which the first bytes do not count. */
    void goOn(final String name, final long base) {
        file = new CurrentFile(name);
        baseSize = base;
    }

    /**
     * Whether the event belongs into a new file. Logback's policies believe that it has one from then on.
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
     * Whether a file that is not due can be rolled now: not where its archive would have the name of another, and replace
     * it. Logback's policies believe from then on that it is.
     *
     * @param timeMillis what time it is
     * @param fileSize of the file
     * @param lastArchive the name that the last file got; null if there was none
     */
    boolean force(final long timeMillis, final long fileSize, final String lastArchive) {
        if (clock == null || looksAtEvents || isDue(null, timeMillis, fileSize)) {
            return true;
        }
        tellSize(Long.MAX_VALUE); // Larger than any file may be.
        if (policy.isTriggeringEvent(file, null)) {
            return true;
        }
        final String archive = archive(); // New if the policy was asked by others.
        return archive != null && !archive.equals(lastArchive);
    }

    /** The name that the file of the elapsed period gets; null if that cannot be told. */
    String archive() {
        return clock == null ? null : clock.getElapsedPeriodsFileName();
    }

    /** What time it is now, for the policy. */
    long now() {
        return clock == null ? System.currentTimeMillis() : clock.getCurrentTime();
    }

    /** The file as a policy sees it: with what waits in the ring, and at no cost. */
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
