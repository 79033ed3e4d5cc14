package dev.uringlog.ring;

/** What {@link ClaimBenchmark} compares: many producers, one consumer, bounded. None of them waits; the benchmark does. */
interface Handoff {
    /** Payload that each holds: in bytes where it stores bytes, else as events of {@link #EVENT_MAX}. */
    int CAPACITY = 4 << 20;

    /** What an implementation with slots of one size sets aside for an event. */
    int EVENT_MAX = 256;

    /**
     * Copies an event in; any thread.
     *
     * @return false if there is no room
     */
    boolean offer(byte[] event);

    /**
     * Takes out whatever is there; the consumer alone.
     *
     * @return events
     */
    int drain();

    static Handoff of(final String name) {
        return switch (name) {
            case "uringlog" -> new UringlogHandoff();
            case "agrona" -> new AgronaHandoff();
            case "jctools" -> new JctoolsHandoff();
            case "disruptor" -> new DisruptorHandoff();
            default -> throw new IllegalArgumentException(name);
        };
    }
}
