package dev.uringlog.ring;

/** The ring of this project: bytes back to back, no header between them. */
final class UringlogHandoff implements Handoff {
    private final EventRing ring = new EventRing(CAPACITY, 0);

    @Override
    public boolean offer(final byte[] event) {
        final long claim = ring.tryClaim(event.length);
        if (claim < 0) {
            return false;
        }
        ring.copy(claim, event, 0, event.length);
        ring.publish(claim, event.length);
        return true;
    }

    @Override
    public int drain() {
        if (ring.consumer().poll() == 0) {
            return 0;
        }
        final int count = ring.consumer().count();
        ring.consumer().release();
        return count;
    }
}
