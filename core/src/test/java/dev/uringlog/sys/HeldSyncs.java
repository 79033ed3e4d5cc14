package dev.uringlog.sys;

import java.util.List;

/** Syncs in flight that complete when a test says so, in the order it wants. */
public final class HeldSyncs {
    private final FakeKernel kernel;
    private final List<FakeRing> rings;

    HeldSyncs(final FakeKernel kernel, final List<FakeRing> rings) {
        this.kernel = kernel;
        this.rings = rings;
    }

    /** How many there are. */
    public int count() {
        synchronized (kernel) {
            return rings.stream().mapToInt(FakeRing::heldCount).sum();
        }
    }

    /** Waits until there are so many. */
    public void await(final int count) throws InterruptedException {
        synchronized (kernel) {
            while (count() < count) {
                kernel.wait();
            }
        }
    }

    /**
     * Completes one of them: it covers what was written when it was submitted.
     *
     * @param index 0 for the one held longest, and so on
     * @param errno what it fails with, or 0
     */
    public void complete(final int index, final int errno) {
        synchronized (kernel) {
            rings.stream()
                    .filter(ring -> ring.heldCount() > 0)
                    .findFirst()
                    .orElseThrow()
                    .completeHeld(index, errno);
        }
    }
}
