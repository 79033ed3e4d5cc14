package dev.uringlog.append;

import static dev.uringlog.append.AppendLogBuilder.MAX_DELAY_ALLOWED;
import static dev.uringlog.append.AppendLogBuilder.RING_DEPTH_ALLOWED;
import static dev.uringlog.append.AppendLogBuilder.RING_SIZE_ALLOWED;
import static dev.uringlog.append.AppendLogBuilder.SHUTDOWN_TIMEOUT_ALLOWED;
import static dev.uringlog.append.AppendLogBuilder.SYNC_INTERVAL_ALLOWED;

import dev.uringlog.write.Strategy;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A log's options as people write them in a configuration file. Both appenders read theirs through this, so the names,
 * the values and the complaints are the same in either.
 *
 * <p>A method takes the text of one option and ignores null and blank text, which leaves the default. What it cannot use
 * it adds to {@link #problems()}, naming the attribute, the value and what is allowed.
 */
public final class Settings {
    private static final String DURATIONS = ", a whole number with ns, us, ms, s, min or h, or ISO-8601 like PT1S";

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})\\s*([a-zA-Zµ]*)");

    private final AppendLogBuilder builder;
    private final List<String> problems = new ArrayList<>();

    /**
     * Settings for a log that is being described.
     *
     * @param builder takes every good value
     */
    public Settings(final AppendLogBuilder builder) {
        this.builder = builder;
    }

    /**
     * What could not be used.
     *
     * @return one line each; empty if all is well
     */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /**
     * {@code durability}.
     *
     * @param text a {@link Durability}, in any case
     * @return this
     */
    public Settings durability(final String text) {
        return constant("durability", text, Durability.values(), builder::durability);
    }

    /**
     * {@code syncInterval}.
     *
     * @param text a duration, as for {@link #maxDelay}
     * @return this
     */
    public Settings syncInterval(final String text) {
        return option("syncInterval", text, SYNC_INTERVAL_ALLOWED + DURATIONS, s -> builder.syncInterval(duration(s)));
    }

    /**
     * {@code strategy}.
     *
     * @param text a {@link Strategy}'s label, in any case
     * @return this
     */
    public Settings strategy(final String text) {
        return constant("strategy", text, Strategy.values(), builder::strategy);
    }

    /**
     * {@code overflow}.
     *
     * @param text an {@link OverflowPolicy}, in any case
     * @return this
     */
    public Settings overflow(final String text) {
        return constant("overflow", text, OverflowPolicy.values(), builder::overflow);
    }

    /**
     * {@code onFailure}.
     *
     * @param text a {@link FailurePolicy}, in any case
     * @return this
     */
    public Settings onFailure(final String text) {
        return constant("onFailure", text, FailurePolicy.values(), builder::onFailure);
    }

    /**
     * {@code ringSize}.
     *
     * @param text bytes, or a number with KB, KiB, MB, MiB, GB or GiB, each a power of 1024
     * @return this
     */
    public Settings ringSize(final String text) {
        return option(
                "ringSize",
                text,
                RING_SIZE_ALLOWED + ", in bytes or with KiB, MiB or GiB",
                s -> builder.ringSize(bytes(s)));
    }

    /**
     * {@code ringDepth}.
     *
     * @param text a number
     * @return this
     */
    public Settings ringDepth(final String text) {
        return option("ringDepth", text, RING_DEPTH_ALLOWED, s -> builder.ringDepth(Integer.parseInt(s)));
    }

    /**
     * {@code maxDelay}.
     *
     * @param text a duration: a number with ns, us, ms, s, min or h (ms if none), or ISO-8601
     * @return this
     */
    public Settings maxDelay(final String text) {
        return option("maxDelay", text, MAX_DELAY_ALLOWED + DURATIONS, s -> builder.maxDelay(duration(s)));
    }

    /**
     * {@code shutdownTimeout}.
     *
     * @param text a duration, as for {@link #maxDelay}
     * @return this
     */
    public Settings shutdownTimeout(final String text) {
        return option(
                "shutdownTimeout",
                text,
                SHUTDOWN_TIMEOUT_ALLOWED + DURATIONS,
                s -> builder.shutdownTimeout(duration(s)));
    }

    /**
     * {@code filePermissions}.
     *
     * @param text nine characters like {@code rw-r-----}
     * @return this
     */
    public Settings filePermissions(final String text) {
        return option(
                "filePermissions",
                text,
                "nine characters like rw-r-----",
                s -> builder.filePermissions(PosixFilePermissions.fromString(s)));
    }

    /**
     * What the options come to, those not given included: one spelling for each value, that these methods would take.
     *
     * @return by name; {@code syncInterval} is not there if there is none
     */
    public Map<String, String> values() {
        final Map<String, String> values = new TreeMap<>();
        values.put("durability", label(builder.durability));
        values.put("strategy", label(builder.strategy));
        values.put("ringSize", Integer.toString(builder.ringSize));
        values.put("ringDepth", Integer.toString(builder.ringDepth));
        values.put("maxDelay", builder.maxDelay.toString());
        values.put("overflow", label(builder.overflow));
        values.put("onFailure", label(builder.onFailure));
        values.put("shutdownTimeout", builder.shutdownTimeout.toString());
        final Set<PosixFilePermission> permissions = builder.filePermissions;
        values.put("filePermissions", permissions == null ? "rw-------" : PosixFilePermissions.toString(permissions));
        if (builder.syncInterval != null) {
            values.put("syncInterval", builder.syncInterval.toString());
        }
        return values;
    }

    private <E extends Enum<E>> Settings constant(
            final String name, final String text, final E[] values, final Consumer<E> setter) {
        final String allowed = Arrays.stream(values).map(Settings::label).collect(Collectors.joining(", "));
        return option(
                name,
                text,
                allowed,
                s -> setter.accept(Arrays.stream(values)
                        .filter(value -> label(value).equalsIgnoreCase(s))
                        .findFirst()
                        .orElseThrow(IllegalArgumentException::new)));
    }

    private static String label(final Enum<?> value) {
        return value instanceof Strategy strategy ? strategy.label() : value.name();
    }

    private Settings option(final String name, final String text, final String allowed, final Consumer<String> setter) {
        if (text == null || text.isBlank()) {
            return this;
        }
        try {
            setter.accept(text.trim());
        } catch (final IllegalArgumentException | DateTimeException | ArithmeticException e) {
            problems.add(name + " \"" + text + "\": allowed is " + allowed);
        }
        return this;
    }

    private static long bytes(final String text) {
        final Matcher amount = amount(text);
        final int shift = switch (amount.group(2).toLowerCase(Locale.ROOT)) {
            case "", "b" -> 0;
            case "k", "kb", "kib" -> 10;
            case "m", "mb", "mib" -> 20;
            case "g", "gb", "gib" -> 30;
            default -> throw new IllegalArgumentException(text);
        };
        return Math.multiplyExact(Long.parseLong(amount.group(1)), 1L << shift);
    }

    private static Duration duration(final String text) {
        if (text.startsWith("P") || text.startsWith("p")) {
            return Duration.parse(text);
        }
        final Matcher amount = amount(text);
        final long count = Long.parseLong(amount.group(1));
        return switch (amount.group(2).toLowerCase(Locale.ROOT)) {
            case "ns", "nanos", "nanoseconds" -> Duration.ofNanos(count);
            case "us", "µs", "micros", "microseconds" -> Duration.ofNanos(Math.multiplyExact(count, 1_000));
            case "", "ms", "millis", "millisecond", "milliseconds" -> Duration.ofMillis(count);
            case "s", "sec", "second", "seconds" -> Duration.ofSeconds(count);
            case "m", "min", "minute", "minutes" -> Duration.ofMinutes(count);
            case "h", "hour", "hours" -> Duration.ofHours(count);
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Matcher amount(final String text) {
        final Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        return matcher;
    }
}
