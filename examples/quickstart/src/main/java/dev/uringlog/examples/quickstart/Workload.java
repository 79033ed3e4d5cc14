package dev.uringlog.examples.quickstart;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * What each thread logs: a pure function of thread and index, so that the checker can recompute every event.
 *
 * <p>Sizes are mixed (half under 100 characters, a few of some thousand, one text of 20,000), a quarter of the texts
 * holds characters of two, three and four bytes, and one event in 256 carries an exception with its cause.
 */
final class Workload {
    static final String LOGGER = "quickstart";
    static final String FORMAT = "#{} {}";
    /** Thread names have one digit. */
    static final int THREADS_MAX = 10;

    private static final int BODIES = 1024;
    private static final int LONGEST = 20_000;
    private static final long SEED = 0x5EED_10C5L;
    private static final String ASCII =
            "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 {}\\\"'<>&%$\t";
    private static final int[] UNICODE =
            "éßñØЖщλΩא漢字仮名€한글あ😀🔥𝄞🧪".codePoints().toArray();

    private final String[] bodies = new String[BODIES];
    private final byte[][] encoded = new byte[BODIES][];

    Workload() {
        final SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < BODIES; i++) {
            bodies[i] = body(random, i == 0 ? LONGEST : length(random), i % 4 == 0);
            encoded[i] = bodies[i].getBytes(StandardCharsets.UTF_8);
        }
    }

    private static int length(final SplittableRandom random) {
        final int percent = random.nextInt(100);
        if (percent < 50) {
            return random.nextInt(10, 100);
        }
        if (percent < 90) {
            return random.nextInt(100, 300);
        }
        return percent < 99 ? random.nextInt(300, 1_000) : random.nextInt(1_000, 8_000);
    }

    private static String body(final SplittableRandom random, final int length, final boolean isUnicode) {
        final StringBuilder text = new StringBuilder(length + 1);
        while (text.length() < length) {
            if (isUnicode && random.nextInt(3) == 0) {
                text.appendCodePoint(UNICODE[random.nextInt(UNICODE.length)]);
            } else {
                text.append(ASCII.charAt(random.nextInt(ASCII.length())));
            }
        }
        return text.toString();
    }

    static String threadName(final int thread) {
        return "worker-" + thread;
    }

    void log(final Framework framework, final int thread, final int index) {
        final long mixed = mix(thread, index);
        if (isFailure(mixed)) {
            framework.log(level(mixed), FORMAT, index, bodies[body(mixed)], Failure.of(thread, index));
        } else {
            framework.log(level(mixed), FORMAT, index, bodies[body(mixed)]);
        }
    }

    /**
     * Appends everything in an event's record that follows its date: the layout of both XML files, implemented again.
     */
    void expect(final Framework framework, final int thread, final int index, final Bytes record) {
        final long mixed = mix(thread, index);
        record.clear();
        record.put(' ').putPadded(level(mixed).name(), 5).put(" [").put(threadName(thread));
        record.put("] ").put(LOGGER).put(" - #").put(Integer.toString(index)).put(' ');
        record.put(encoded[body(mixed)]).put(System.lineSeparator());
        if (isFailure(mixed)) {
            final String trace = framework.stackTrace(Failure.of(thread, index));
            record.put(trace.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean isFailure(final long mixed) {
        return (mixed & 0xFF) == 0;
    }

    private static Framework.Level level(final long mixed) {
        if (isFailure(mixed)) {
            return Framework.Level.ERROR;
        }
        return (mixed & 0xF) == 0 ? Framework.Level.WARN : Framework.Level.INFO;
    }

    private static int body(final long mixed) {
        return (int) (mixed >>> 32) & (BODIES - 1);
    }

    /** SplitMix64's finaliser: neighbours get unlike sizes. */
    private static long mix(final int thread, final int index) {
        long z = ((long) thread << 32 | index) * 0x9E37_79B9_7F4A_7C15L + SEED;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
