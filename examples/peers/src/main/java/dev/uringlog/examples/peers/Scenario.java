package dev.uringlog.examples.peers;

/**
 * What all contenders do.
 *
 * @param threads producers
 * @param size characters of the message; the line around it has some 80 more
 * @param rate events a second, all producers together; 0 for as many as they can
 */
record Scenario(int threads, int size, int rate) {
    boolean isPaced() {
        return rate > 0;
    }

    String label() {
        final String producers = threads + (threads == 1 ? " producer" : " producers");
        final String pace = isPaced() ? "%,d events/s".formatted(rate) : "saturated";
        return producers + ", " + size + " byte messages, " + pace;
    }
}
