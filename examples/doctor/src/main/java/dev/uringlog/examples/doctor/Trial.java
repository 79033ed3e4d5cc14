package dev.uringlog.examples.doctor;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Logs opened in a directory for a moment, as an application would open them.
 *
 * @param choices what {@code auto} chose for each durability
 * @param flushNanos median time until an event that its caller waits for is in the page cache
 * @param syncNanos median time of an fdatasync after that
 * @param samples how many were measured
 */
record Trial(Map<Durability, Choice> choices, long flushNanos, long syncNanos, int samples) {
    /** Until the JVM has compiled most of the measured code. A log call at KERNEL takes some 10 us. */
    private static final int WARM_UP = 4_000;

    private static final int SAMPLES_MAX = 50;

    /** Limits the number of samples on a disk that takes 100 ms. */
    private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(3);

    private static final int EVENT_BYTES = 200;

    private static final Pattern DESCRIPTION =
            Pattern.compile("with strategy (\\S+) \\((?:auto: )?(.*)\\), durability ");

    /**
     * The choice of a strategy.
     *
     * @param strategy its label
     * @param reason one line
     */
    record Choice(String strategy, String reason) {
        private static Choice of(final String description) {
            final Matcher parts = DESCRIPTION.matcher(description);
            return parts.find() ? new Choice(parts.group(1), parts.group(2)) : new Choice(description, "");
        }
    }

    /** Its description already says it. */
    private static final AppendLogListener SILENCE = new AppendLogListener() {
        @Override
        public void info(final String message) {}

        @Override
        public void warn(final String message) {}

        @Override
        public void error(final String message, final Throwable cause) {}
    };

    /** Opens logs and measures them; leaves nothing behind. */
    static Trial in(final Path directory) throws IOException {
        final Path file =
                directory.resolve(".uringlog-doctor-" + ProcessHandle.current().pid() + ".log");
        final Map<Durability, Choice> choices = new EnumMap<>(Durability.class);
        final List<Long> flushes = new ArrayList<>();
        final List<Long> syncs = new ArrayList<>();
        try {
            for (final Durability durability : Durability.values()) {
                try (AppendLog log = AppendLog.builder(file)
                        .durability(durability)
                        .listener(SILENCE)
                        .open()) {
                    choices.put(durability, Choice.of(log.description()));
                    if (durability == Durability.KERNEL) {
                        measure(log, flushes, syncs);
                    }
                }
            }
        } finally {
            Files.deleteIfExists(file);
        }
        return new Trial(choices, median(flushes), median(syncs), syncs.size());
    }

    /** At KERNEL: an append returns when the event is in the page cache, so a sync after it is an fdatasync alone. */
    private static void measure(final AppendLog log, final List<Long> flushes, final List<Long> syncs)
            throws IOException {
        final byte[] event = ".".repeat(EVENT_BYTES - 1).concat("\n").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < WARM_UP; i++) {
            log.append(event);
        }
        log.sync();
        final long start = System.nanoTime();
        while (syncs.size() < SAMPLES_MAX && System.nanoTime() - start < NANOS_MAX) {
            final long began = System.nanoTime();
            log.append(event);
            final long flushed = System.nanoTime();
            log.sync();
            syncs.add(System.nanoTime() - flushed);
            flushes.add(flushed - began);
        }
    }

    private static long median(final List<Long> nanos) {
        Collections.sort(nanos);
        return nanos.get(nanos.size() / 2);
    }
}
