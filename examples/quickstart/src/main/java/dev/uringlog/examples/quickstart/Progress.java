package dev.uringlog.examples.quickstart;

import java.io.PrintStream;
import java.util.Locale;

/** Prints a line of progress about once a second. */
final class Progress {
    private final PrintStream out;
    private final String label;
    private final long start = System.nanoTime();
    private long shown = start;

    Progress(final PrintStream out, final String label) {
        this.out = out;
        this.label = label;
    }

    void show(final long done, final long all, final String unit) {
        shown = System.nanoTime();
        out.printf(Locale.ROOT, "%-8s %5.1f s %,14d of %,d %s%n", label, (shown - start) / 1e9, done, all, unit);
    }

    /** For a loop without a timer. */
    void showEachSecond(final long done, final long all, final String unit) {
        if (System.nanoTime() - shown >= 1_000_000_000L) {
            show(done, all, unit);
        }
    }
}
