package dev.uringlog.append;

import static dev.uringlog.append.AppendLogBuilder.MAX_DELAY_ALLOWED;
import static dev.uringlog.append.AppendLogBuilder.RING_DEPTH_ALLOWED;
import static dev.uringlog.append.AppendLogBuilder.RING_SIZE_ALLOWED;
import static dev.uringlog.append.AppendLogBuilder.SHUTDOWN_TIMEOUT_ALLOWED;
import static dev.uringlog.append.AppendLogBuilder.SYNC_INTERVAL_ALLOWED;

import dev.uringlog.write.Strategy;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A log's options as people write them in a configuration file. Both appenders read theirs through this, so the names,
 * the values and the complaints are the same in both.
 *
 * <p>A method takes the text of one option and ignores null and blank text, which leaves the default. If it cannot use the
 * text, it adds a problem to {@link #problems()} that names the attribute, the value and what is allowed.
 */
public final class Settings {
    private static final String DURATIONS = ", a whole number with ns, us, ms, s, min or h, or ISO-8601 like PT1S";

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})\\s*([a-zA-Zµ]*)");

    private static final List<Option> OPTIONS = List.of(
            constant("durability", Durability.values(), AppendLogBuilder::durability, b -> b.durability),
            duration("syncInterval", SYNC_INTERVAL_ALLOWED, AppendLogBuilder::syncInterval, b -> b.syncInterval),
            constant("strategy", Strategy.values(), AppendLogBuilder::strategy, b -> b.strategy),
            new Option(
                    "ringSize",
                    RING_SIZE_ALLOWED + ", in bytes or with KiB, MiB or GiB",
                    (b, text) -> b.ringSize(bytes(text)),
                    b -> b.ringSize),
            new Option(
                    "ringDepth",
                    RING_DEPTH_ALLOWED,
                    (b, text) -> b.ringDepth(Integer.parseInt(text)),
                    b -> b.ringDepth),
            duration("maxDelay", MAX_DELAY_ALLOWED, AppendLogBuilder::maxDelay, b -> b.maxDelay),
            constant("overflow", OverflowPolicy.values(), AppendLogBuilder::overflow, b -> b.overflow),
            constant("onFailure", FailurePolicy.values(), AppendLogBuilder::onFailure, b -> b.onFailure),
            duration(
                    "shutdownTimeout",
                    SHUTDOWN_TIMEOUT_ALLOWED,
                    AppendLogBuilder::shutdownTimeout,
                    b -> b.shutdownTimeout),
            new Option(
                    "filePermissions",
                    "nine characters like rw-r-----",
                    (b, text) -> b.filePermissions(PosixFilePermissions.fromString(text)),
                    b -> b.filePermissions == null ? "rw-------" : PosixFilePermissions.toString(b.filePermissions)));

    private final AppendLogBuilder builder;
    private final List<String> problems = new ArrayList<>();

    /** One option: what its text may be, where its value goes, and where that is read back from. */
    private record Option(
            String name,
            String allowed,
            BiConsumer<AppendLogBuilder, String> setter,
            Function<AppendLogBuilder, Object> getter) {}

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
     * Every option at once.
     *
     * @param texts from an option's name to its text, or to null
     * @return this
     */
    public Settings all(final Function<String, String> texts) {
        OPTIONS.forEach(option -> set(option, texts.apply(option.name)));
        return this;
    }

    /**
     * {@code durability}.
     *
     * @param text a {@link Durability}, in any case
     * @return this
     */
    public Settings durability(final String text) {
        return all(name -> name.equals("durability") ? text : null);
    }

    /**
     * {@code syncInterval}.
     *
     * @param text a duration, as for {@link #maxDelay}
     * @return this
     */
    public Settings syncInterval(final String text) {
        return all(name -> name.equals("syncInterval") ? text : null);
    }

    /**
     * {@code strategy}.
     *
     * @param text a {@link Strategy}'s label, in any case
     * @return this
     */
    public Settings strategy(final String text) {
        return all(name -> name.equals("strategy") ? text : null);
    }

    /**
     * {@code overflow}.
     *
     * @param text an {@link OverflowPolicy}, in any case
     * @return this
     */
    public Settings overflow(final String text) {
        return all(name -> name.equals("overflow") ? text : null);
    }

    /**
     * {@code onFailure}.
     *
     * @param text a {@link FailurePolicy}, in any case
     * @return this
     */
    public Settings onFailure(final String text) {
        return all(name -> name.equals("onFailure") ? text : null);
    }

    /**
     * {@code ringSize}.
     *
     * @param text bytes, or a number with KB, KiB, MB, MiB, GB or GiB, each a power of 1024
     * @return this
     */
    public Settings ringSize(final String text) {
        return all(name -> name.equals("ringSize") ? text : null);
    }

    /**
     * {@code ringDepth}.
     *
     * @param text a number
     * @return this
     */
    public Settings ringDepth(final String text) {
        return all(name -> name.equals("ringDepth") ? text : null);
    }

    /**
     * {@code maxDelay}.
     *
     * @param text a duration: a number with ns, us, ms, s, min or h (ms if none), or ISO-8601
     * @return this
     */
    public Settings maxDelay(final String text) {
        return all(name -> name.equals("maxDelay") ? text : null);
    }

    /**
     * {@code shutdownTimeout}.
     *
     * @param text a duration, as for {@link #maxDelay}
     * @return this
     */
    public Settings shutdownTimeout(final String text) {
        return all(name -> name.equals("shutdownTimeout") ? text : null);
    }

    /**
     * {@code filePermissions}.
     *
     * @param text nine characters like {@code rw-r-----}
     * @return this
     */
    public Settings filePermissions(final String text) {
        return all(name -> name.equals("filePermissions") ? text : null);
    }

    /**
     * The value of each option, defaults included, in one spelling that these methods accept.
     *
     * @return by name; {@code syncInterval} is not there if there is none
     */
    public Map<String, String> values() {
        final Map<String, String> values = new TreeMap<>();
        for (final Option option : OPTIONS) {
            final Object value = option.getter.apply(builder);
            if (value != null) {
                values.put(option.name, label(value));
            }
        }
        return values;
    }

    private static <E extends Enum<E>> Option constant(
            final String name,
            final E[] values,
            final BiConsumer<AppendLogBuilder, E> setter,
            final Function<AppendLogBuilder, Object> getter) {
        return new Option(
                name,
                Arrays.stream(values).map(Settings::label).collect(Collectors.joining(", ")),
                (builder, text) -> setter.accept(
                        builder,
                        Arrays.stream(values)
                                .filter(value -> label(value).equalsIgnoreCase(text))
                                .findFirst()
                                .orElseThrow(IllegalArgumentException::new)),
                getter);
    }

    private static Option duration(
            final String name,
            final String allowed,
            final BiConsumer<AppendLogBuilder, Duration> setter,
            final Function<AppendLogBuilder, Object> getter) {
        return new Option(name, allowed + DURATIONS, (builder, text) -> setter.accept(builder, duration(text)), getter);
    }

    private static String label(final Object value) {
        return value instanceof Strategy strategy ? strategy.label() : value.toString();
    }

    private void set(final Option option, final String text) {
        if (text == null || text.isBlank()) {
            return;
        }
        try {
            option.setter.accept(builder, text.trim());
        } catch (final IllegalArgumentException | DateTimeException | ArithmeticException e) {
            problems.add(option.name + " \"" + text + "\": allowed is " + option.allowed);
        }
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
