package dev.uringlog.append;

import java.util.Objects;

/**
 * What a caller asks of {@link AppendLog#append(byte[], int, int, long, AppendTerms)}.
 *
 * @param durability what the returned call means, if the log's own durability means less
 * @param whenFull what happens if the ring is full and the call does not wait for its event; an event that its call waits for
 *     is never discarded
 * @param patience when the caller gives up
 */
public record AppendTerms(Durability durability, OverflowPolicy whenFull, Patience patience) {
    private static final AppendTerms BLOCK = new AppendTerms(Durability.MEMORY, OverflowPolicy.BLOCK, Patience.ENDLESS);
    private static final AppendTerms DISCARD =
            new AppendTerms(Durability.MEMORY, OverflowPolicy.DISCARD, Patience.ENDLESS);

    /**
     * Takes these terms.
     *
     * @param durability not null
     * @param whenFull not null
     * @param patience not null
     */
    public AppendTerms {
        Objects.requireNonNull(durability, "durability");
        Objects.requireNonNull(whenFull, "whenFull");
        Objects.requireNonNull(patience, "patience");
    }

    /**
     * Terms that ask for nothing more.
     *
     * @param whenFull what happens if the ring is full
     * @return the same object each time
     */
    public static AppendTerms of(final OverflowPolicy whenFull) {
        return whenFull == OverflowPolicy.DISCARD ? DISCARD : BLOCK;
    }

    /** What a call on these terms waits for, if the log's own durability is the given one. */
    Durability awaited(final Durability least) {
        return durability.compareTo(least) > 0 ? durability : least;
    }
}
