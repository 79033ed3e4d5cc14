package dev.uringlog.ring;

import java.util.Arrays;

/**
 * Claims whose threads cannot even give them up. A thread that has no stack left can call nothing, and a claim that is neither
 * published nor given up holds up all behind it for good. So such a thread leaves its claim here, by plain stores in the frame
 * that made it, and the consumer gives it up when it comes to it.
 */
public final class LostClaims {
    /** No claim: the place is free. */
    public static final long NONE = -1;

    /** More than are lost while the consumer does not come by, and than threads lose one in the same instant. */
    private static final int PLACES = 64;

    /** As {@link EventRing#tryClaim} gave them. */
    public final long[] claims = new long[PLACES];

    /** In the same places, as claimed. */
    public final int[] lengths = new int[PLACES];

    /** Set after the others: whether one has ever been lost. */
    public volatile boolean isAny;

    LostClaims() {
        Arrays.fill(claims, NONE);
    }

    /** Consumer: takes the one at this position. Returns how long it is; 0 if it is not here. */
    int take(final long position, final long sequence) {
        if (!isAny) { // Acquire: pairs with its store, after those of the claim and its length.
            return 0;
        }
        final long wanted =
                (sequence & RingLayout.SEQUENCE_MASK) << RingLayout.POSITION_BITS | position & RingLayout.POSITION_MASK;
        for (int place = 0; place < PLACES; place++) {
            if (claims[place] == wanted) {
                claims[place] = NONE;
                return lengths[place];
            }
        }
        return 0;
    }
}
