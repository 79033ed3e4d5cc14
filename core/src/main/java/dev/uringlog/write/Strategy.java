package dev.uringlog.write;

/** How bytes reach the kernel. The labels are a public contract, because operators alert on them. */
public enum Strategy {
    /** Chooses the best that is available. A writer never reports this value. */
    AUTO("auto"),
    /** Linux io_uring. */
    IOURING("iouring"),
    /** writev(2), on any Unix. */
    WRITEV("writev");

    private final String label;

    Strategy(final String label) {
        this.label = label;
    }

    /**
     * The stable name.
     *
     * @return {@code auto}, {@code iouring} or {@code writev}
     */
    public String label() {
        return label;
    }
}
