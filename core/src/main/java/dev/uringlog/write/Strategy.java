package dev.uringlog.write;

/** The way bytes reach the kernel. The labels are public contract: people log them and alert on them. */
public enum Strategy {
    /** Asks for the best there is; never what a writer reports of itself. */
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
