package dev.uringlog.examples.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A write-ahead log: appending waits for nothing, and says later how far the disk has it. */
interface AcknowledgedLog extends AutoCloseable {
    /** Opens one; the consumer hears of each move of the durable position, from one thread at a time. */
    interface Opener {
        AcknowledgedLog open(Path file, LongConsumer durable) throws IOException;
    }

    /** Appends an event, waiting only where there is no room, and returns the position of its end. */
    long append(byte[] event);

    /** How many syncs have completed. */
    long syncs();

    /** Everything is on the disk on return. */
    @Override
    void close() throws IOException;
}
