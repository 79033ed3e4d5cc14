package dev.uringlog.append;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gives a file that is done a number after its name, and opens its name again: {@code log.1} is the oldest. */
public final class NumberingRoller implements Roller {
    /** When it is time, as {@link Roller#isDue}. */
    public interface Due {
        boolean isDue(long timeMillis, int length, long fileSize);
    }

    /** Renames a file. */
    public interface Mover {
        void move(Path from, Path to) throws IOException;
    }

    public final List<Path> done = new CopyOnWriteArrayList<>();
    public final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Due due;
    private final Mover mover;
    private byte[] header;
    private byte[] footer;

    public NumberingRoller(final Due due, final Mover mover) {
        this.due = due;
        this.mover = mover;
    }

    /** On the file system that is there. */
    public NumberingRoller(final Due due) {
        this(due, Files::move);
    }

    /** Files after the first begin, and files before the last end, with a line that is no event. */
    public NumberingRoller framed() {
        header = "<\n".getBytes(StandardCharsets.US_ASCII);
        footer = ">\n".getBytes(StandardCharsets.US_ASCII);
        return this;
    }

    @Override
    public boolean isDue(final long timeMillis, final int length, final long fileSize) {
        return due.isDue(timeMillis, length, fileSize);
    }

    @Override
    public void roll(final RollingFile file) throws IOException {
        threads.add(Thread.currentThread());
        if (footer != null) {
            file.write(footer);
        }
        file.close();
        final Path path = file.path();
        final Path to = path.resolveSibling(path.getFileName() + "." + (done.size() + 1));
        mover.move(path, to);
        done.add(to);
        file.open(path, true);
        if (header != null) {
            file.write(header);
        }
    }
}
