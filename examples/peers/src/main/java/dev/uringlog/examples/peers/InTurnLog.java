package dev.uringlog.examples.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/** The hand-written form: two buffers, and one thread that takes what is there, writes it and forces it, in turn. */
final class InTurnLog implements AcknowledgedLog {
    private static final int BUFFER_SIZE = 4 << 20;

    private final FileChannel channel;
    private final LongConsumer durable;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isFilled = lock.newCondition();
    private final Condition hasRoom = lock.newCondition();
    private final Thread thread = new Thread(this::run, "in-turn");
    private ByteBuffer filling = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private ByteBuffer writing = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private long appended;
    private boolean isIdle;
    private boolean isClosing;
    private volatile long syncs;

    InTurnLog(final Path file, final LongConsumer durable) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        this.durable = durable;
        thread.start();
    }

    @Override
    public long append(final byte[] event) {
        lock.lock();
        try {
            while (filling.remaining() < event.length) {
                hasRoom.awaitUninterruptibly();
            }
            filling.put(event);
            if (isIdle) {
                isFilled.signal();
            }
            appended += event.length;
            return appended;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (long end = take(); end >= 0; end = take()) {
                writing.flip();
                while (writing.hasRemaining()) {
                    channel.write(writing);
                }
                writing.clear();
                channel.force(false);
                syncs = syncs + 1;
                durable.accept(end);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until there is something to write; returns where it ends, or -1. */
    private long take() {
        lock.lock();
        try {
            while (filling.position() == 0 && !isClosing) {
                isIdle = true;
                isFilled.awaitUninterruptibly();
                isIdle = false;
            }
            final ByteBuffer taken = filling;
            filling = writing;
            writing = taken;
            hasRoom.signalAll();
            return taken.position() == 0 ? -1 : appended;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long syncs() {
        return syncs;
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            isClosing = true;
            isFilled.signal();
        } finally {
            lock.unlock();
        }
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        channel.close();
    }
}
