package dev.uringlog.log4j2;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Roller;
import dev.uringlog.append.RollingFile;
import dev.uringlog.appender.JudgedTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.appender.rolling.PatternProcessor;
import org.apache.logging.log4j.core.util.ClockFactory;

/**
 * The log of a rolling manager, where its writer meets Log4j: the writer has each event judged here, and does here what
 * must come between two events.
 *
 * <p>Log4j's own rollover runs on the writer alone, inside {@link #roll}, as does whatever else changes what an event is
 * judged by. Whoever wants it done hands it over and waits ({@link #betweenEvents}); logging threads never do. While nothing
 * is open there is no writer, and it is done at once.
 */
final class RollingLog extends ManagedLog implements Roller {
    /** A task is done by the first roll that no event has asked for; more than one may come before it. */
    private static final int HAND_OVERS_MAX = 3;

    /** A writer that writes is there in milliseconds; one that hangs, or waits for a compression, is not waited for. */
    private static final Duration WRITER_WAIT = Duration.ofSeconds(1);

    /** For so long after one was waited for in vain, others are waited for less: a dead device has many files. */
    private static final long IN_VAIN_NS = 10_000_000_000L;

    private static final Duration WRITER_WAIT_AGAIN = Duration.ofMillis(20);

    private static volatile long lastInVainNanos = System.nanoTime() - IN_VAIN_NS;

    private final RollingIoUringFileManager manager;
    private final boolean isAppend;
    private final JudgedEvent judged = new JudgedEvent();
    private final PatternContext patternContext = new PatternContext();

    private final JudgedTime times = new JudgedTime(ClockFactory.getClock()::currentTimeMillis);

    /** Whether the triggering policy may be asked: it is not before it has been initialized. */
    private volatile boolean isReady;

    /** Held while the writer is waited for, by one thread after the other. */
    private final ReentrantLock handingOver = new ReentrantLock();

    /** What a thread waits to have done between two events. */
    private volatile FutureTask<Void> asked;

    /** Whether a new file waits for its header; set before the writer can see the file. */
    private volatile boolean isHeaderAsked;

    /** What is to be changed before the next event is judged. */
    private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();

    /**
     * Who is at work here: only ever compared with the current thread, who alone can have put itself there. That and all
     * below is plain, as the log has one thread here at a time, each seeing what the one before did.
     */
    private Thread worker;

    private RollingFile file;

    /** By the pattern as it was when the file ended: a dated one may name another directory by now. */
    private Path archives;

    private long judgedSize;

    /** What direct write had in the file when a roll gave it the same name again: as in Log4j, it is not counted again. */
    private long sizeBefore;

    private boolean isJudging;
    private boolean isDue;
    private boolean isTriggered;
    private long dueMillis;
    private boolean isFresh;

    /** Whether nothing was in the file before this roll, not even a header. */
    private boolean isUnused;

    private byte[] dueHeader;
    private IOException failure;

    /** The time that direct write named the file by. */
    private long namedMillis;

    RollingLog(
            final String name,
            final Attributes attributes,
            final Layout<?> layout,
            final Supplier<Path> place,
            final RollingIoUringFileManager manager) {
        super(RollingIoUringFileAppender.PLUGIN_NAME, name, attributes, layout, place);
        this.manager = manager;
        isAppend = attributes.isAppend();
    }

    /** The header is no event here: an event is judged, and may belong into the next file. */
    @Override
    AppendLog open(final AppendLogBuilder builder, final byte[] header) throws IOException {
        dueHeader = header;
        namedMillis = manager.getPatternProcessor().getCurrentFileTime();
        final AppendLog opened = builder.roller(this).open();
        final boolean isHeaderDue = header != null && opened.initialSize() == 0;
        isHeaderAsked = isHeaderDue;
        if (isHeaderDue || !changes.isEmpty()) {
            ask(opened, Duration.ZERO);
        }
        return opened;
    }

    void ready() {
        isReady = true;
    }

    /** What archives are named by from now on. */
    void usePattern(final String pattern) {
        patternContext.use(pattern);
    }

    @Override
    long noted(final long timeMillis) {
        return patternContext.noted(timeMillis);
    }

    @Override
    public boolean isDue(final long notedMillis, final int length, final long fileSize) {
        isTriggered = false;
        isDue = false;
        dueMillis = notedMillis;
        if (isReady) {
            judged.set(times.of(patternContext.timeMillis(notedMillis)), length);
            judgedSize = fileSize - sizeBefore;
            isJudging = true;
            worker = Thread.currentThread();
            try {
                if (manager.getTriggeringPolicy().isTriggeringEvent(judged)) {
                    isTriggered = true;
                }
            } finally {
                worker = null;
                isJudging = false;
            }
        }
        isDue = isTriggered || dueHeader != null && fileSize == 0;
        return isDue;
    }

    @Override
    public void roll(final RollingFile rolling) throws IOException {
        file = rolling;
        worker = Thread.currentThread();
        failure = null;
        isUnused = rolling.size() == 0;
        final boolean isAtBarrier = !isDue;
        try {
            writeDueHeader();
            if (isAtBarrier) {
                final FutureTask<Void> task = asked;
                if (task != null) {
                    task.run();
                }
            } else if (isTriggered) {
                patternContext.during(patternContext.of(dueMillis), manager::rollover);
            }
        } finally {
            if (isAtBarrier) { // Events before it are judged by what was in force when they were logged.
                makeChanges();
            }
            isDue = false;
            worker = null;
            file = null;
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void writeDueHeader() throws IOException {
        if (dueHeader != null && file.size() == 0) {
            file.write(dueHeader);
        }
        dueHeader = null;
        isHeaderAsked = false;
    }

    /** Whether this thread is where Log4j's own rollover may run: on the writer, or where nothing is open. */
    boolean isHere() {
        return worker == Thread.currentThread();
    }

    private void makeChanges() {
        Runnable change;
        while ((change = changes.poll()) != null) {
            try {
                change.run();
            } catch (final Throwable e) { // Whatever it was: the log goes on, with what it had.
                LOGGER.error("{}: not reconfigured", description(), e);
            }
        }
    }

    /** Has something changed before the next event is judged. Waits for nothing: Log4j holds a lock here. */
    void change(final Runnable task) {
        changes.add(task);
        final AppendLog open = log();
        if (open != null) {
            ask(open, Duration.ZERO);
        } else if (onDemand.lock().tryLock()) { // Else it is just being opened, and asks by itself.
            try {
                whileClosed(this::makeChanges);
            } finally {
                onDemand.lock().unlock();
            }
        }
    }

    /** Waits until the file has its header and what was to be changed is, where the writer is not kept from it. */
    void awaitWriter() {
        final AppendLog open = log();
        if (open == null || !isHeaderAsked && changes.isEmpty()) {
            return;
        }
        final boolean isWaitInVain = System.nanoTime() - lastInVainNanos < IN_VAIN_NS;
        if (!ask(open, isWaitInVain ? WRITER_WAIT_AGAIN : WRITER_WAIT) && !changes.isEmpty()) {
            lastInVainNanos = System.nanoTime();
            LOGGER.warn(
                    "{}: the file takes no events for now, and the new policies, strategy and pattern count from when it"
                            + " does",
                    open.description());
        }
    }

    /** Returns false if they were not made in time. */
    private boolean ask(final AppendLog open, final Duration timeout) {
        try {
            return open.roll(timeout);
        } catch (final IOException e) {
            return false; // The log is closed.
        }
    }

    /** The caller has the lock, so nothing is open unless it was before. */
    private void whileClosed(final Runnable task) {
        if (log() != null) {
            return;
        }
        worker = Thread.currentThread();
        try {
            task.run();
        } finally {
            worker = null;
        }
    }

    /**
     * Has something done between two events, and waits until it has, or the log is closed.
     *
     * @return false if it could not be, for the file does not take what comes before it
     */
    boolean betweenEvents(final Runnable task) {
        if (isHere()) {
            task.run();
            return true;
        }
        AppendLog open = log();
        if (open == null) {
            onDemand.lock().lock();
            try {
                open = log();
                whileClosed(task);
            } finally {
                onDemand.lock().unlock();
            }
        }
        if (open == null) {
            return true;
        }
        final Map<String, String> own = patternContext.current();
        return handOver(open, () -> patternContext.during(own, task));
    }

    private boolean handOver(final AppendLog open, final Runnable work) {
        final FutureTask<Void> task = new FutureTask<>(work, null);
        handingOver.lock();
        try {
            asked = task;
            for (int i = 0; i < HAND_OVERS_MAX && !task.isDone(); i++) {
                open.roll();
            }
        } catch (final IOException e) {
            if (!task.isDone()) {
                LOGGER.error("{}: not rolled: {}", open.description(), e.getMessage(), e);
            }
        } finally {
            asked = null;
            handingOver.unlock();
        }
        // Never later: whoever asked goes on without it.
        if (task.cancel(false)) {
            return false;
        }
        rethrow(task);
        return true;
    }

    private static void rethrow(final FutureTask<Void> task) {
        try {
            task.get();
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt(); // It is done; nothing is waited for.
        }
    }

    /** Runs Log4j's rollover, and notes it if it left the file where it was. */
    void rollHere(final Runnable rollover) {
        if (isJudging) {
            isTriggered = true; // The policy rolls by itself: once it has answered.
            return;
        }
        final RollingFile rolling = file;
        if (rolling == null) {
            rollover.run();
            return;
        }
        final Path path = rolling.path();
        final long size = rolling.size();
        if (isUnused && manager.isDirectWrite()) {
            return; // Log4j makes no such file before it has an event: its archive would have the next one's name.
        }
        if (manager.isDirectWrite()) {
            countThisFile(manager.getPatternProcessor());
        }
        isFresh = false;
        rollover.run();
        if (!isFresh && size > 0 && rolling.path().equals(path) && !manager.isDirectWrite()) {
            failure = new IOException("Log4j's rollover left it in its place");
        }
    }

    /**
     * Log4j names a file of direct write by the clock, and counts such files by the time of events. If this file got its name after
     * the time of its events, it is not counted. The next file would get the same name and be removed with this one.
     */
    private void countThisFile(final PatternProcessor pattern) {
        final long counted = pattern.getPrevFileTime();
        pattern.setPrevFileTime(System.currentTimeMillis());
        final String next = nameByPrevious(pattern);
        pattern.setPrevFileTime(namedMillis);
        if (!next.equals(nameByPrevious(pattern))) {
            pattern.setPrevFileTime(counted);
        }
    }

    private static String nameByPrevious(final PatternProcessor pattern) {
        final StringBuilder name = new StringBuilder();
        pattern.formatFileName(name, false, 1);
        return name.toString();
    }

    /** Writes to the file between two events. */
    void write(final byte[] bytes, final int offset, final int length) throws IOException {
        if (file != null) {
            file.write(
                    offset == 0 && length == bytes.length ? bytes : Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }

    /** Ends the file, if one is open. */
    void closeFile() throws IOException {
        if (file != null) {
            archives = manager.archiveDirectory();
            file.close();
        }
    }

    /** Goes on in a file. While nothing is open the first event opens it. */
    void openFile(final Path path) throws IOException {
        if (file == null) {
            return;
        }
        file.makeDirectories(path);
        dueHeader = header();
        namedMillis = manager.getPatternProcessor().getCurrentFileTime();
        // A file that could not be moved out of the way must not be emptied.
        final boolean isSame = path.equals(file.path());
        file.open(path, isAppend || isSame);
        isFresh = file.size() == 0;
        sizeBefore = isSame && manager.isDirectWrite() ? file.size() : 0;
        sayWhereArchivesAre(archives);
        sayWhereArchivesAre(manager.archiveDirectory());
        defineOwner(path);
        writeDueHeader();
    }

    private void sayWhereArchivesAre(final Path directory) {
        if (directory != null && Files.isDirectory(directory)) {
            file.movedTo(directory);
        }
    }

    /** The size of what is open, or -1 if nothing is. */
    long fileSize() {
        if (isHere()) {
            return isJudging ? judgedSize : file == null ? -1 : file.size();
        }
        final AppendLog open = log();
        return open == null ? -1 : open.fileSize();
    }
}
