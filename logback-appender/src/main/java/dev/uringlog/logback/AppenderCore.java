package dev.uringlog.logback;

import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.util.FileSize;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FileNames;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is the same in both appenders: the options, the open log, and how the one becomes the other. The appenders are
 * Logback's classes with Logback's life cycle, and leave the rest to this.
 */
final class AppenderCore<E> {
    private static final long RETRY_NS = 1_000_000_000;

    private final FileAppender<E> appender;

    /** Of the appender's life cycle. Taken before Logback's own, whose name differs between its versions. */
    private final ReentrantLock lifeCycle = new ReentrantLock();

    private final LogOptions options = new LogOptions();
    private final HeaderCatcher header = new HeaderCatcher();
    private final Refusals refusals;

    private boolean isImmediateFlushAsked;
    private boolean isEncoderStopped;
    private long nextOpenNanos;

    /** Null for a log that does not roll. */
    private PolicyRoller<E> roller;

    /** Opened, and not for events yet: the header comes first. */
    private LogFeed<E> opened;

    /** Where events go. Null until the file is open; closed, not null, after a stop. */
    private volatile LogFeed<E> feed;

    /**
     * The core of an appender.
     *
     * @param appender nothing is asked of it before its start or an event that is refused
     */
    AppenderCore(final FileAppender<E> appender) {
        this.appender = appender;
        refusals = new Refusals(appender);
    }

    LogOptions options() {
        return options;
    }

    /** What starts, opens and stops the appender does it one after the other. */
    void lock() {
        lifeCycle.lock();
    }

    void unlock() {
        lifeCycle.unlock();
    }

    void askImmediateFlush(final boolean value) {
        isImmediateFlushAsked = value;
    }

    void ignoreBufferSize(final FileSize value) {
        appender.addInfo("bufferSize \"" + value + "\" changes nothing here, ringSize is the buffer");
    }

    /** Says in status errors what is wrong with the configuration. */
    boolean isWellConfigured(final String fileName) {
        if (!isLogbackNewEnough()) {
            refuse("the Logback on its class path is older than 1.3.0, the oldest that it works with: update"
                    + " logback-classic and logback-core");
            return false;
        }
        final List<String> problems = new ArrayList<>();
        if (appender.getEncoder() == null) {
            problems.add("it has no encoder");
        }
        if (fileName == null || fileName.isEmpty()) {
            problems.add("file is not set");
        } else {
            try {
                problems.addAll(options.problems(FileNames.path(fileName)));
            } catch (final InvalidPathException e) {
                problems.add("file \"" + fileName + "\": allowed is a path: " + e.getReason());
            }
        }
        problems.forEach(this::refuse);
        final String warning = problems.isEmpty() ? FileNames.warning(fileName) : null;
        if (warning != null) {
            appender.addWarn("file \"" + fileName + "\": " + warning);
        }
        if (problems.isEmpty() && options.isDiscardLevelIdle()) {
            appender.addWarn("discardLevel changes nothing without overflow DISCARD");
        }
        return problems.isEmpty();
    }

    /** Whether a class is there that came with Logback 1.3.0, and that Logback cannot do without. */
    private static boolean isLogbackNewEnough() {
        try {
            Class.forName("ch.qos.logback.core.model.Model", false, FileAppender.class.getClassLoader());
            return true;
        } catch (final ClassNotFoundException e) {
            return false;
        }
    }

    /** Says why the appender does not start. */
    void refuse(final String problem) {
        appender.addError("Appender [" + appender.getName() + "] does not start: " + problem);
    }

    /** Whether no other appender of ours has the file, which is this one's from now on. */
    boolean claimFile(final String fileName) {
        return claim(
                FileRegistry.key(FileNames.path(fileName)),
                "file \"" + fileName + "\"",
                "writes it already",
                "one appender per file");
    }

    /** Whether no other appender of ours rolls to the same names. */
    boolean claimPattern(final String pattern) {
        final boolean isOurs = claim(
                FileRegistry.patternKey(pattern),
                "fileNamePattern \"" + pattern + "\"",
                "rolls to it already",
                "one appender per pattern");
        if (!isOurs) {
            FileRegistry.release(appender);
        }
        return isOurs;
    }

    private boolean claim(final Object key, final String what, final String does, final String allowed) {
        final var owner = FileRegistry.claim(key, appender);
        if (owner != null) {
            refuse(what + ": appender [" + owner.getName() + "] " + does + ", allowed is " + allowed);
        }
        return owner == null;
    }

    /**
     * Starts the appender, whose files are claimed: Logback's start calls {@link #openFile}, and catches the header.
     *
     * @param rolls how the log rolls; null if it does not
     * @param logbacksOwn the start of the appender's superclass
     */
    void start(final PolicyRoller<E> rolls, final Runnable logbacksOwn) {
        roller = rolls;
        feed = null;
        opened = null;
        header.take();
        nextOpenNanos = System.nanoTime();
        final Encoder<E> encoder = appender.getEncoder();
        if (isEncoderStopped && !encoder.isStarted()) {
            encoder.start();
        }
        try {
            logbacksOwn.run();
        } catch (final Error e) { // No reason for an application not to start.
            refuse(e.toString());
        } finally {
            if (appender.isStarted()) {
                begin();
            } else {
                FileRegistry.release(appender);
            }
        }
    }

    /** Opens the file, unless it is lazy; events come with {@link #begin}. */
    void openFile() throws IOException {
        appender.setOutputStream(header);
        if (!options.isLazy()) {
            opened = open();
        }
    }

    private LogFeed<E> open() throws IOException {
        final AppendLogBuilder builder = options.describe(FileNames.path(appender.getFile()))
                .makeDirectories(true)
                .append(appender.isAppend())
                .shared(appender.isPrudent())
                .listener(new StatusReports(appender));
        if (isImmediateFlushAsked && !options.hasDurability()) {
            builder.durability(Durability.KERNEL);
        }
        return new LogFeed<>(builder, appender, options, refusals, roller);
    }

    private void begin() {
        if (opened != null) {
            opened.begin(header.take());
            feed = opened;
        }
    }

    void write(final E event) {
        final LogFeed<E> current = feed;
        final LogFeed<E> ready = current == null ? firstFeed() : current;
        if (ready == null || !ready.write(event)) {
            refusals.refused();
        }
    }

    /** A lazy file is opened by its first event; an event that comes while start is at work waits for it. */
    private LogFeed<E> firstFeed() {
        lock();
        try {
            final boolean isOutermost = lifeCycle.getHoldCount() == 1; // Opening may log, and a listener may hear it.
            if (feed == null && isOutermost && appender.isStarted() && System.nanoTime() - nextOpenNanos >= 0) {
                opened = open();
                begin();
            }
        } catch (final IOException e) {
            nextOpenNanos = System.nanoTime() + RETRY_NS;
            appender.addError("Appender [" + appender.getName() + "] cannot open its file and will try again", e);
        } finally {
            unlock();
        }
        return feed;
    }

    /** Rolls after everything taken so far, and waits for that; says so if it cannot. */
    void roll() {
        final LogFeed<E> current = feed;
        if (current == null) {
            appender.addWarn("Appender [" + appender.getName() + "] has no open file: there is nothing to roll");
            return;
        }
        try {
            current.roll();
        } catch (final IOException e) {
            appender.addError("Appender [" + appender.getName() + "] could not roll over", e);
        }
    }

    /** Drains the ring and closes the file, if it is open. */
    void closeFile() {
        final LogFeed<E> current = feed;
        if (current != null) {
            current.close();
        }
    }

    /** After Logback's own stop. */
    void stopped() {
        isEncoderStopped = true;
        FileRegistry.release(appender);
    }

    boolean isOpen() {
        return feed != null;
    }

    AppendStatistics statistics() {
        final LogFeed<E> current = feed;
        return current == null ? AppendStatistics.none() : current.log().statistics();
    }

    String description() {
        final LogFeed<E> current = feed;
        return current == null
                ? "Appender [" + appender.getName() + "] has no open file"
                : current.log().description();
    }

    void flush() throws IOException {
        final LogFeed<E> current = feed;
        if (current != null) {
            current.log().flush();
        }
    }
}
