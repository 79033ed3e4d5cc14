package dev.uringlog.examples.peers;

/**
 * What all contenders do.
 *
 * @param producers how many threads log; with a {@code v} behind it, virtual ones
 * @param size characters of the message; the line around it has some 80 more
 * @param rate events a second, all producers together; 0 for as many as they can
 */
record Scenario(String producers, int size, int rate) {
    boolean isPaced() {
        return rate > 0;
    }

    boolean isVirtual() {
        return producers.endsWith("v");
    }

    int threads() {
        return Integer.parseInt(isVirtual() ? producers.substring(0, producers.length() - 1) : producers);
    }

    String label() {
        final String who = threads() + (isVirtual() ? " virtual" : "") + (threads() == 1 ? " producer" : " producers");
        final String pace = isPaced() ? "%,d events/s".formatted(rate) : "saturated";
        return who + ", " + size + " byte messages, " + pace;
    }
}
