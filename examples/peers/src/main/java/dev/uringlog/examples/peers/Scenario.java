package dev.uringlog.examples.peers;

/**
 * What all contenders do.
 *
 * @param producers how many threads log; with a suffix {@code v}, virtual ones
 * @param size characters of the message; the line around it has some 80 more
 * @param pace events a second, all producers together; with a suffix {@code b}, in bursts; 0 for as many as possible
 */
record Scenario(String producers, int size, String pace) {
    boolean isPaced() {
        return rate() > 0;
    }

    boolean isBursty() {
        return pace.endsWith("b");
    }

    int rate() {
        return Integer.parseInt(isBursty() ? pace.substring(0, pace.length() - 1) : pace);
    }

    boolean isVirtual() {
        return producers.endsWith("v");
    }

    int threads() {
        return Integer.parseInt(isVirtual() ? producers.substring(0, producers.length() - 1) : producers);
    }

    /** The end of a message, which gives it the requested length. */
    String text() {
        return "x".repeat(Math.max(0, size - "order 00000000 taken: ".length()));
    }

    String label() {
        final String who = threads() + (isVirtual() ? " virtual" : "") + (threads() == 1 ? " producer" : " producers");
        final String speed =
                isPaced() ? "%,d events/s".formatted(rate()) + (isBursty() ? " in bursts" : "") : "saturated";
        return who + ", " + size + " byte messages, " + speed;
    }
}
