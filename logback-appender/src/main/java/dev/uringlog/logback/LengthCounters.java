package dev.uringlog.logback;

import ch.qos.logback.core.rolling.LengthCounter;
import ch.qos.logback.core.rolling.SizeAndTimeBasedFNATP;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import ch.qos.logback.core.util.Duration;

/**
 * How Logback's policies learn a file's size: since Logback 1.5.8 from a counter. Earlier versions ask the file, at intervals.
 */
final class LengthCounters {
    private static final boolean ARE_THERE = areThere();

    private LengthCounters() {}

    private static boolean areThere() {
        try {
            return TriggeringPolicy.class.getMethod("getLengthCounter") != null;
        } catch (final NoSuchMethodException e) {
            return false;
        }
    }

    /** Sets a policy's counter, if it has one. */
    static void set(final TriggeringPolicy<?> policy, final long size) {
        if (ARE_THERE) {
            final LengthCounter counter = policy.getLengthCounter();
            if (counter != null) {
                counter.add(size - counter.getLength());
            }
        }
    }

    /**
     * Without a counter, makes a policy ask for the size at each event. By default it asks once a minute, to save a system
     * call; here the size needs none.
     */
    @SuppressWarnings("deprecation") // It does nothing in the versions that have counters.
    static void checkEachTime(final TriggeringPolicy<?> policy) {
        if (ARE_THERE || !(policy instanceof SizeAndTimeBasedFNATP<?> sized)) {
            return;
        }
        try {
            sized.setCheckIncrement(Duration.buildByMilliseconds(0));
            sized.start(); // Applies the increment.
        } catch (final NoSuchMethodError e) {
            return; // Logback before 1.3.12 and 1.4.12 adapts the interval to the load.
        }
    }
}
