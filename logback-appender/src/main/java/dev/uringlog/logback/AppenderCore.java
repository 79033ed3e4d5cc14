package dev.uringlog.logback;

import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.util.FileSize;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendStatistics;
import dev.uringlog.append.FileNames;
import dev.uringlog.appender.OnDemand;
import dev.uringlog.appender.Options;
import java.io.IOException;
import java.util.List;

/**
 * What both appenders share: the options, the log, and how the options open it. The appenders extend Logback's classes, follow
 * Logback's life cycle, and leave the rest to this class.
 */
final class AppenderCore<E> {
    private final FileAppender<E> appender;

    private final LogOptions options = new LogOptions();
    private final HeaderCatcher header = new HeaderCatcher();
    private final Refusals refusals;

    private boolean isEncoderStopped;

    /** Null for a log that does not roll. */
    private PolicyRoller<E> roller;

    /** Open, but not for events yet: the header comes first. */
    private LogFeed<E> opened;

    /** Where events go. After a stop this is the closed log. */
    private final OnDemand<LogFeed<E>> feed = new OnDemand<>(this::openLazily, LogFeed::log);

    /**
     * The core of an appender.
     *
     * @param appender not used before its start or an event that is refused
     */
    AppenderCore(final FileAppender<E> appender) {
        this.appender = appender;
        refusals = new Refusals(appender);
    }

    LogOptions options() {
        return options;
    }

    /** Taken to start, to open and to stop; before Logback's own lock, whose name differs between its versions. */
    void lock() {
        feed.lock().lock();
    }

    void unlock() {
        feed.lock().unlock();
    }

    void ignoreBufferSize(final FileSize value) {
        appender.addInfo("bufferSize \"" + value + "\" has no effect here, ringSize sets the buffer");
    }

    /** Whether the configuration can be used. Reports each problem as a status error. */
    boolean isWellConfigured(final String fileName, final boolean isRolled) {
        if (!isLogbackNewEnough()) {
            refuse("the Logback on the class path is older than 1.3.0, the oldest supported version: update"
                    + " logback-classic and logback-core");
            return false;
        }
        final Options checked = options.checked();
        final List<String> problems = checked.problems();
        if (appender.getEncoder() == null) {
            problems.add("it has no encoder");
        }
        checked.requirePath("file", fileName);
        if (isRolled && appender.isPrudent()) {
            checked.refuseSharedRoll("prudent", "IoUringFileAppender");
        }
        problems.forEach(this::refuse);
        if (!problems.isEmpty()) {
            return false;
        }
        final String nameWarning = FileNames.warning(fileName);
        if (nameWarning != null) {
            appender.addWarn("file \"" + fileName + "\": " + nameWarning);
        }
        final String levelWarning = options.discardLevelWarning();
        if (levelWarning != null) {
            appender.addWarn(levelWarning);
        }
        return true;
    }

    /** Whether a class exists that Logback has had, and needed, since 1.3.0. */
    private static boolean isLogbackNewEnough() {
        try {
            Class.forName("ch.qos.logback.core.model.Model", false, FileAppender.class.getClassLoader());
            return true;
        } catch (final ClassNotFoundException e) {
            return false;
        }
    }

    /** Reports why the appender does not start. */
    void refuse(final String problem) {
        appender.addError(name() + " does not start: " + problem);
    }

    /** Claims the file, and returns whether no other Uringlog appender has it. */
    boolean claimFile(final String fileName) {
        return claim(
                FileRegistry.key(FileNames.path(fileName)),
                "file \"" + fileName + "\"",
                "writes it already",
                "one appender per file");
    }

    /** Claims the names of the archives, and returns whether no other Uringlog appender has them. */
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
     * Starts the appender, whose files are claimed. Logback's start calls {@link #openFile} and writes the header, which is caught.
     *
     * @param rolls how the log rolls; null if it does not
     * @param logbacksOwn the start of the appender's superclass
     */
    void start(final PolicyRoller<E> rolls, final Runnable logbacksOwn) {
        roller = rolls;
        feed.set(null);
        opened = null;
        header.take();
        final Encoder<E> encoder = appender.getEncoder();
        if (isEncoderStopped && !encoder.isStarted()) {
            encoder.start();
        }
        try {
            logbacksOwn.run();
        } catch (final Error e) { // It must not keep the application from starting.
            refuse(e.toString());
        } finally {
            if (appender.isStarted()) {
                begin();
            } else {
                FileRegistry.release(appender);
            }
        }
    }

    /** Opens the file, unless it is lazy. It takes events once {@link #begin} has run. */
    void openFile() throws IOException {
        appender.setOutputStream(header);
        if (!options.isLazy()) {
            opened = open();
        }
    }

    private LogFeed<E> open() throws IOException {
        final AppendLogBuilder builder = options.options()
                .describe(FileNames.path(appender.getFile()))
                .append(appender.isAppend())
                .shared(appender.isPrudent())
                .listener(new StatusReports(appender));
        return new LogFeed<>(builder, appender, options, refusals, roller);
    }

    private void begin() {
        if (opened != null) {
            opened.begin(header.take());
            feed.set(opened);
        }
    }

    /** Called by the first event, after any start that is under way. */
    private LogFeed<E> openLazily() throws IOException {
        if (!appender.isStarted()) {
            return null;
        }
        final LogFeed<E> lazy = open();
        lazy.begin(header.take());
        return lazy;
    }

    void write(final E event) {
        LogFeed<E> ready = null;
        try {
            ready = feed.open();
        } catch (final IOException e) {
            appender.addError(name() + " cannot open its file and will try again in a second", e);
        }
        if (ready == null || !ready.write(event)) {
            refusals.refused();
        }
    }

    private String name() {
        return "Appender [" + appender.getName() + "]";
    }

    /** Rolls after everything accepted so far, and waits for that. Reports a failure. */
    void roll() {
        final LogFeed<E> current = feed.get();
        if (current == null) {
            appender.addWarn(name() + " has no open file, so there is nothing to roll");
            return;
        }
        try {
            current.roll();
        } catch (final IOException e) {
            appender.addError(name() + " could not roll over", e);
        }
    }

    /** Drains the ring and closes the file, if it is open. */
    void closeFile() {
        final LogFeed<E> current = feed.get();
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
        return feed.get() != null;
    }

    AppendStatistics statistics() {
        return feed.statistics();
    }

    String description() {
        return feed.description(name());
    }

    void flush() throws IOException {
        feed.flush();
    }
}
