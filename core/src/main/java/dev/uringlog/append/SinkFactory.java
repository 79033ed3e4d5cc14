package dev.uringlog.append;

import dev.uringlog.file.Sink;
import java.io.IOException;

/** Opens the file that a builder describes. */
interface SinkFactory {
    /** A sink, and one line that says what it is and why. */
    record Opened(Sink sink, String description) {}

    Opened open(AppendLogBuilder config) throws IOException;
}
