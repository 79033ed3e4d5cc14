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
 * The log of a rolling manager, where its writer meets Log4j. The writer has each event judged here, and does here what
 * must happen between two events.
 *
 * <p>Log4j's own rollover runs only on the writer, inside {@link #roll}. So does everything that changes the policies. Any
 * other thread hands over a task and waits ({@link #betweenEvents}); logging threads never do. While no file is open there is
 * no writer, and the task runs at once on the caller.
 */
final class RollingLog extends ManagedLog implements Roller {
    /** A task runs in the first roll that no event asked for. Other rolls may come before that one. */
    private static final int HAND_OVERS_MAX = 3;

    /** A working writer answers within milliseconds. One that hangs, or waits for a compression, may take much longer. */
    private static final Duration WRITER_WAIT = Duration.ofSeconds(1);

    /** After a wait that timed out, other files wait less for this long: a dead device may hold many of them. */
    private static final long IN_VAIN_NS = 10_000_000_000L;

    private static final Duration WRITER_WAIT_AGAIN = Duration.ofMillis(20);

    private static volatile long lastInVainNanos = System.nanoTime() - IN_VAIN_NS;

    private final RollingIoUringFileManager manager;
    private final boolean isAppend;
    private final JudgedEvent judged = new JudgedEvent();
    private final PatternContext patternContext = new PatternContext();

    private final JudgedTime times = new JudgedTime(ClockFactory.getClock()::currentTimeMillis);

    /** Whether the triggering policy has been initialized; it is not asked before. */
    private volatile boolean isReady;

    /** Held by the one thread that waits for the writer. */
    private final ReentrantLock handingOver = new ReentrantLock();

    /** The task that a thread waits for. */
    private volatile FutureTask<Void> asked;

    /** Whether a new file still needs its header. Set before the writer can see the file. */
    private volatile boolean isHeaderAsked;

    /** Changes to make before the next event is judged. */
    private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();

    /**
     * The thread at work here. A thread only compares it with itself, and only that thread can have set it. This field and
     * all below are plain: the log calls with one thread at a time, and each sees what the one before it did.
     */
    private Thread worker;

    private RollingFile file;

    /** From the pattern when the file ended. A pattern with a date may name another directory by now. */
    private Path archives;

    private long judgedSize;

    /** The size when a roll of direct write opened the same file again. As in Log4j, those bytes do not count again. */
    private long sizeBefore;

    private boolean isJudging;
    private boolean isDue;
    private boolean isTriggered;
    private long dueMillis;
    private boolean isFresh;

    /** Whether the file was empty before this roll, without even a header. */
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

    /** Does not append the header as an event: an event is judged, and might go into the next file. */
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

    /** Names archives by this pattern from now on. */
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
            if (isAtBarrier) { // Earlier events are judged by the policies under which they were logged.
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

    /** Whether Log4j's own rollover may run on this thread: it is the writer, or no file is open. */
    boolean isHere() {
        return worker == Thread.currentThread();
    }

    private void makeChanges() {
        Runnable change;
        while ((change = changes.poll()) != null) {
            try {
                change.run();
            } catch (final Throwable e) { // The log must continue.
                LOGGER.error("{}: reconfiguration failed", description(), e);
            }
        }
    }

    /** Makes a change before the next event is judged. Does not wait: Log4j holds a lock here. */
    void change(final Runnable task) {
        changes.add(task);
        final AppendLog open = log();
        if (open != null) {
            ask(open, Duration.ZERO);
        } else if (onDemand.lock().tryLock()) { // Otherwise the thread that is opening the file asks.
            try {
                whileClosed(this::makeChanges);
            } finally {
                onDemand.lock().unlock();
            }
        }
    }

    /** Waits until the file has its header and all changes are made, unless the writer is blocked. */
    void awaitWriter() {
        final AppendLog open = log();
        if (open == null || !isHeaderAsked && changes.isEmpty()) {
            return;
        }
        final boolean isWaitInVain = System.nanoTime() - lastInVainNanos < IN_VAIN_NS;
        if (!ask(open, isWaitInVain ? WRITER_WAIT_AGAIN : WRITER_WAIT) && !changes.isEmpty()) {
            lastInVainNanos = System.nanoTime();
            LOGGER.warn(
                    "{}: the file takes no events for now; the new policies, strategy and pattern apply once it does",
                    open.description());
        }
    }

    /** Returns false if the changes were not made in time. */
    private boolean ask(final AppendLog open, final Duration timeout) {
        try {
            return open.roll(timeout);
        } catch (final IOException e) {
            return false; // The log is closed.
        }
    }

    /** Runs a task if no file is open. The caller holds the lock, so none can be opened before it ends. */
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
     * Runs a task between two events, and waits until it has run or the log is closed.
     *
     * @return false if it did not run, because the file does not take the events before it
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
                LOGGER.error("{}: rollover failed: {}", open.description(), e.getMessage(), e);
            }
        } finally {
            asked = null;
            handingOver.unlock();
        }
        // It must not run later: the caller continues without it.
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
            Thread.currentThread().interrupt(); // The task is done, so this did not wait.
        }
    }

    /** Runs Log4j's rollover, and notes a failure if the file is still where it was. */
    void rollHere(final Runnable rollover) {
        if (isJudging) {
            isTriggered = true; // A policy that calls rollover itself: the roll follows its answer.
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
            return; // Log4j would not have this file yet: its archive would get the next one's name.
        }
        if (manager.isDirectWrite()) {
            countThisFile(manager.getPatternProcessor());
        }
        isFresh = false;
        rollover.run();
        if (!isFresh && size > 0 && rolling.path().equals(path) && !manager.isDirectWrite()) {
            failure = new IOException("Log4j's rollover did not move the file");
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

    /** Continues in this file. If no file is open, the first event opens it. */
    void openFile(final Path path) throws IOException {
        if (file == null) {
            return;
        }
        sayWhereArchivesAre(
                archives); // First: a copy is synced before its original goes, though the next file may not open.
        file.makeDirectories(path);
        dueHeader = header();
        namedMillis = manager.getPatternProcessor().getCurrentFileTime();
        // A file that could not be moved must not be emptied.
        final boolean isSame = path.equals(file.path());
        file.open(path, isAppend || isSame);
        isFresh = file.size() == 0;
        sizeBefore = isSame && manager.isDirectWrite() ? file.size() : 0;
        sayWhereArchivesAre(manager.archiveDirectory());
        defineOwner(path);
        writeDueHeader();
    }

    private void sayWhereArchivesAre(final Path directory) {
        if (directory != null && Files.isDirectory(directory)) {
            file.movedTo(directory);
        }
    }

    /** The size of the open file; -1 if none is open. */
    long fileSize() {
        if (isHere()) {
            return isJudging ? judgedSize : file == null ? -1 : file.size();
        }
        final AppendLog open = log();
        return open == null ? -1 : open.fileSize();
    }
}
