package dev.uringlog.examples.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The hand-written form for an application that needs each event on the disk before it continues: a lock and two
 * buffers. A caller that finds no force in progress forces for all.
 */
final class GroupCommitTarget implements Target {
    private static final int BUFFER_SIZE = 1 << 20;

    private final FileChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition forced = lock.newCondition();
    private ByteBuffer filling = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private ByteBuffer forcing = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private long appended;
    private long durable;
    private boolean isForcing;

    GroupCommitTarget(final Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void log(final String number, final String text) {
        final byte[] event = (number + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            filling.put(event);
            final long mine = ++appended;
            while (durable < mine) {
                if (isForcing) {
                    forced.awaitUninterruptibly();
                } else {
                    force();
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void force() throws IOException {
        isForcing = true;
        final ByteBuffer batch = filling;
        filling = forcing;
        forcing = batch;
        final long last = appended;
        lock.unlock();
        try {
            batch.flip();
            while (batch.hasRemaining()) {
                channel.write(batch);
            }
            channel.force(false);
        } finally {
            batch.clear();
            lock.lock();
            isForcing = false;
        }
        durable = last;
        forced.signalAll();
    }

    @Override
    public void stop() {
        try {
            channel.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
