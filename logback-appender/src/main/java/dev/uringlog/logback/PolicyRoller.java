package dev.uringlog.logback;

import ch.qos.logback.core.Appender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.helper.FileNamePattern;
import dev.uringlog.append.FileNames;
import dev.uringlog.append.LineLimit;
import dev.uringlog.append.Roller;
import dev.uringlog.append.RollingFile;
import java.io.IOException;
import java.nio.file.Path;

/** Rolls a log by Logback's policies, as RollingFileAppender does, but between two events and on the log's own thread. */
final class PolicyRoller<E> implements Roller {
    private final RollingFileAppender<E> appender;
    private final RollingPolicy policy;
    private final Trigger<E> trigger;
    private final LineLimit failures = new LineLimit();

    /** Whether the writer asks the trigger; otherwise each event's caller does, one at a time. */
    private boolean isWriterAsked;

    /** Whether the trigger has said yes, which it says once. If not, a roll was requested by a call. */
    private boolean isDue;

    /** The name of the last archive; null if it is not known. */
    private String lastArchive;

    PolicyRoller(final RollingFileAppender<E> appender) {
        this.appender = appender;
        policy = appender.getRollingPolicy();
        trigger = new Trigger<>(appender.getTriggeringPolicy(), ClassicEvents.times());
        trigger.goOn(policy.getActiveFileName(), 0);
    }

    /** Whether each event's caller must ask, one at a time. */
    boolean looksAtEvents() {
        return trigger.looksAtEvents();
    }

    /** Before the first event. */
    void begin(final boolean onWriter) {
        isWriterAsked = onWriter;
        isDue = false;
    }

    /** Any thread: the time by which an event is judged. */
    long timeOf(final E event) {
        return trigger.timeOf(event);
    }

    @Override
    public boolean isDue(final long timeMillis, final int length, final long fileSize) {
        return isWriterAsked && judge(null, timeMillis, fileSize);
    }

    /** As {@link #isDue(long, int, long)}, on the caller's thread, one at a time. The caller then has the log roll. */
    boolean isDueInTurn(final E event, final long timeMillis, final long fileSize) {
        return judge(event, timeMillis, fileSize);
    }

    private boolean judge(final E event, final long timeMillis, final long fileSize) {
        isDue = isDue || trigger.isDue(event, timeMillis, fileSize);
        return isDue;
    }

    @Override
    public void roll(final RollingFile file) throws IOException {
        if (!isDue && !trigger.force(trigger.now(), file.size(), lastArchive)) {
            appender.addError(
                    "rollover() refused in the middle of a period, because the archive would replace another one: use a"
                            + " fileNamePattern with an index, as with SizeAndTimeBasedRollingPolicy");
            return;
        }
        final Path path = file.path();
        write(file, appender.getEncoder().footerBytes());
        final long size = file.size();
        file.close();
        isDue = false;
        rollover(file);
        lastArchive = trigger.archive();
        open(file);
        final boolean isSame = path.equals(file.path()) && file.size() >= size;
        trigger.goOn(file.path().toString(), isSame ? file.size() : 0);
        if (file.size() == 0) {
            write(file, appender.getEncoder().headerBytes());
        }
    }

    private static void write(final RollingFile file, final byte[] bytes) throws IOException {
        if (bytes != null && bytes.length > 0) {
            file.write(bytes);
        }
    }

    /** Throws nothing: the log needs a file to continue in. */
    private void rollover(final RollingFile file) {
        try {
            policy.rollover();
            final Path archive = archive();
            if (archive != null) {
                file.movedTo(archive.toAbsolutePath().getParent());
            }
        } catch (final RolloverFailure e) {
            failures.say(more -> appender.addWarn("RolloverFailure occurred. Deferring roll-over." + more, e));
        } catch (final RuntimeException | LinkageError e) {
            failures.say(more ->
                    appender.addError("Appender [" + appender.getName() + "]: its rolling policy failed" + more, e));
        }
    }

    /** Where the file is now; null if that is not known. */
    private Path archive() {
        final String archive = policy instanceof FixedWindowRollingPolicy window
                ? new FileNamePattern(window.getFileNamePattern(), appender.getContext())
                        .convertInt(window.getMinIndex())
                : trigger.archive();
        return archive == null ? null : FileNames.path(archive);
    }

    private void open(final RollingFile file) throws IOException {
        final String name = policy.getActiveFileName();
        final Path next = FileNames.path(name);
        final Appender<?> owner = FileRegistry.move(FileRegistry.key(file.path()), FileRegistry.key(next), appender);
        if (owner != null) {
            throw new IOException("appender [" + owner.getName() + "] already writes " + name);
        }
        file.makeDirectories(next);
        file.open(next, true);
    }
}
