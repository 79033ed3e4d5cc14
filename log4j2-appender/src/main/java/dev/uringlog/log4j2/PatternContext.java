package dev.uringlog.log4j2;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.logging.log4j.ThreadContext;

/**
 * The thread context values that a file pattern uses, as {@code logs/${ctx:tenant}/app-%i.log} does. Log4j looks them up on the
 * thread that rolls. In its own appender that is the logging thread; here it is the writer. So the logging thread notes their
 * number in its event's time, and the writer has those values while it rolls.
 *
 * <pre>
 *   63        48 47                                  0
 *   │ values no. │ milliseconds since 1970, signed   │
 * </pre>
 */
final class PatternContext {
    private static final Pattern LOOKUP = Pattern.compile("\\$\\{ctx:([^:}]+)", Pattern.CASE_INSENSITIVE);
    private static final String[] NO_KEYS = {};

    /** Good until the year 6429. */
    private static final int TIME_BITS = 48;

    /** How many combinations of values have a number. For later ones the context counts as empty. */
    private static final int NUMBERS = 1 << (Long.SIZE - TIME_BITS);

    private static final int NONE = 0;

    private final Map<Map<String, String>, Integer> numbers = new ConcurrentHashMap<>();
    private final Map<Integer, Map<String, String>> values = new ConcurrentHashMap<>();
    private final AtomicInteger nextNumber = new AtomicInteger(NONE + 1);

    private volatile String[] keys = NO_KEYS;
    private volatile int last = NONE;

    /** Stays true once set: events with numbers may still wait in the ring. */
    private volatile boolean isUsed;

    /** Uses this pattern from now on. */
    void use(final String pattern) {
        keys = LOOKUP.matcher(pattern)
                .results()
                .map(lookup -> lookup.group(1))
                .distinct()
                .toArray(String[]::new);
        isUsed |= keys.length > 0;
    }

    /** Any thread: an event's time, with the number of this thread's values. */
    long noted(final long timeMillis) {
        return isUsed ? (long) number() << TIME_BITS | timeMillis & (1L << TIME_BITS) - 1 : timeMillis;
    }

    /** The time without the number. */
    long timeMillis(final long noted) {
        return isUsed ? noted << Long.SIZE - TIME_BITS >> Long.SIZE - TIME_BITS : noted;
    }

    /** The values whose number was noted with a time. */
    Map<String, String> of(final long noted) {
        final Map<String, String> found = isUsed ? values.get((int) (noted >>> TIME_BITS)) : null;
        return found == null ? Map.of() : found;
    }

    /** This thread's values; null for a key that it does not have. */
    Map<String, String> current() {
        final Map<String, String> current = new HashMap<>();
        for (final String key : keys) {
            current.put(key, ThreadContext.get(key));
        }
        return current;
    }

    /** Runs a task while this thread has those values, then restores its own. */
    void during(final Map<String, String> borrowed, final Runnable task) {
        final Map<String, String> own = current();
        own.keySet().forEach(key -> set(key, borrowed.get(key)));
        try {
            task.run();
        } finally {
            own.forEach(PatternContext::set);
        }
    }

    private static void set(final String key, final String value) {
        if (value == null) {
            ThreadContext.remove(key);
        } else {
            ThreadContext.put(key, value);
        }
    }

    private int number() {
        final String[] wanted = keys;
        final int recent = last;
        if (recent != NONE && isCurrent(values.get(recent), wanted)) {
            return recent;
        }
        final Map<String, String> current = current();
        Integer number = numbers.get(current);
        if (number == null) {
            number = newNumber(current);
        }
        last = number;
        return number;
    }

    private static boolean isCurrent(final Map<String, String> noted, final String[] wanted) {
        if (noted.size() != wanted.length) {
            return false;
        }
        for (final String key : wanted) {
            if (!Objects.equals(noted.get(key), ThreadContext.get(key))) {
                return false;
            }
        }
        return true;
    }

    private int newNumber(final Map<String, String> current) {
        final int number = nextNumber.getAndUpdate(next -> Math.min(next + 1, NUMBERS));
        if (number == NUMBERS) {
            return NONE;
        }
        values.put(number, current); // Before it can be found by its number.
        final Integer others = numbers.putIfAbsent(current, number);
        return others == null ? number : others;
    }
}
