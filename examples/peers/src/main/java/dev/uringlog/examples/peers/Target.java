package dev.uringlog.examples.peers;

/** A framework that runs a configuration. */
interface Target {
    String LOGGER = "dev.uringlog.examples.peers.Shop";

    /** Same length on every line, on both frameworks: lines can be counted, and a torn one found, by length alone. */
    String PATTERN = "%d %-5level [%t] %logger - %msg%n";

    /** Logs one event, as an application does: a format and two arguments. */
    void log(String number, String text);

    /** Lines that were encoded and not written: 0, but for the ceiling. */
    long encodedOnly();

    /** Submissions to the kernel that the kernel does not count as write calls. */
    long submissions();

    /** Everything is in the file on return. */
    void stop();
}
