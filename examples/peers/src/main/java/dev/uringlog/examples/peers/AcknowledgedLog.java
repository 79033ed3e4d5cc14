package dev.uringlog.examples.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A write-ahead log whose append does not wait. It reports later how much is on the disk. */
interface AcknowledgedLog extends AutoCloseable {
    /** Opens one. The consumer gets each new durable position, from one thread at a time. */
    interface Opener {
        AcknowledgedLog open(Path file, LongConsumer durable) throws IOException;
    }

    /** Appends an event and returns the position of its end. It waits only if there is no room. */
    long append(byte[] event);

    /** How many syncs have completed. */
    long syncs();

    /** Everything is on the disk on return. */
    @Override
    void close() throws IOException;
}
