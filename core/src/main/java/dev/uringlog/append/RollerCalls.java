package dev.uringlog.append;

import dev.uringlog.flush.RolledFile;
import dev.uringlog.flush.Rolling;
import java.io.IOException;
import java.nio.file.Path;

/** A {@link Roller} for the package below, which does not see it. */
record RollerCalls(Roller roller) implements Rolling {
    private record Handle(RolledFile file) implements RollingFile {
        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void write(final byte[] bytes) throws IOException {
            file.write(bytes);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        @Override
        public void open(final Path path, final boolean append) throws IOException {
            file.open(path, append);
        }

        @Override
        public void makeDirectories(final Path path) throws IOException {
            file.makeDirectories(path);
        }

        @Override
        public void movedTo(final Path directory) {
            file.movedTo(directory);
        }
    }

    @Override
    public boolean isDue(final long timeMillis, final int length, final long fileSize) {
        return roller.isDue(timeMillis, length, fileSize);
    }

    @Override
    public void roll(final RolledFile file) throws IOException {
        roller.roll(new Handle(file));
    }
}
