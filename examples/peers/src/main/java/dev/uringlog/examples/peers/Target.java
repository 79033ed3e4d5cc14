package dev.uringlog.examples.peers;

import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.file.Path;

/** A framework that runs a configuration. */
interface Target {
    String LOGGER = "dev.uringlog.examples.peers.Shop";

    /** Every line has the same length, in both frameworks. So the length alone counts lines and finds torn ones. */
    String PATTERN = "%d %-5level [%t] %logger - %msg%n";

    static Target open(final Contender contender, final Path file) throws IOException {
        System.setProperty("peers.file", file.toString());
        System.setProperty("peers.pattern", PATTERN);
        System.setProperty("peers.suffix", contender.isCompressed() ? ".gz" : "");
        return switch (contender) {
            case DISK_FORCE -> new ForceTarget(file);
            case DISK_GROUP_COMMIT -> new GroupCommitTarget(file);
            case DISK_WRITEV -> new DurableTarget(file, Strategy.WRITEV);
            case DISK_IOURING -> new DurableTarget(file, Strategy.IOURING);
            default ->
                contender.framework.equals("log4j2")
                        ? new Log4jTarget(contender.resource())
                        : new LogbackTarget(contender.resource());
        };
    }

    /** Logs one event, as an application does: a format and two arguments. */
    void log(String number, String text);

    /** Lines that were encoded but not written: 0, except for the ceiling. */
    default long encodedOnly() {
        return 0;
    }

    /** Submissions to the kernel that the kernel does not count as write calls. */
    default long submissions() {
        return 0;
    }

    /** Everything is in the file on return. */
    void stop();
}
