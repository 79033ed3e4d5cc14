package dev.uringlog.appender;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FileNames;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The options of one appender, as text from its configuration. An option that cannot be used becomes a problem: one line with
 * its name, its value and what is allowed. Blank text leaves the default. Not for use by several threads at once.
 */
public final class Options {
    private final Function<String, String> texts;
    private final List<String> problems = new ArrayList<>();

    /**
     * Options that are not checked yet.
     *
     * @param texts from an option's name to its text, or to null
     */
    public Options(final Function<String, String> texts) {
        this.texts = texts;
    }

    /**
     * The text of an option.
     *
     * @param name the option's
     * @return the text without blanks around it; null if there is none
     */
    public String text(final String name) {
        final String text = texts.apply(name);
        return text == null || text.isBlank() ? null : text.trim();
    }

    /**
     * Reads an option that is true or false. A framework's own conversion takes any other word for false, and a mistyped
     * {@code append} would then empty the file.
     *
     * @param name the option's
     * @param byDefault its default
     * @return its value; false if the text is neither
     */
    public boolean bool(final String name, final boolean byDefault) {
        final Boolean value = value(
                name,
                "true, false",
                text -> text.equalsIgnoreCase("true") ? Boolean.TRUE : text.equalsIgnoreCase("false") ? false : null);
        return value == null ? byDefault && text(name) == null : value;
    }

    /**
     * Reads an option whose values the framework knows.
     *
     * @param <T> the values' type
     * @param name the option's
     * @param allowed what is allowed, for the problem
     * @param reader from the text to the value, or to null if there is no such value
     * @return the value; null if there is none
     */
    public <T> T value(final String name, final String allowed, final Function<String, T> reader) {
        final String text = text(name);
        final T value = text == null ? null : reader.apply(text);
        if (text != null && value == null) {
            problems.add(name + " \"" + texts.apply(name) + "\": allowed is " + allowed);
        }
        return value;
    }

    /**
     * Adds a problem if a path is missing or not valid.
     *
     * @param name the option's
     * @param text the path
     */
    public void requirePath(final String name, final String text) {
        if (text == null || text.isBlank()) {
            problems.add(name + " is missing: allowed is a path");
            return;
        }
        try {
            FileNames.path(text);
        } catch (final InvalidPathException e) {
            problems.add(name + " \"" + text + "\": allowed is a path, " + e.getReason());
        }
    }

    /** Adds the problems of the options that a log is opened with. */
    public void check() {
        bool("immediateFlush", false);
        problems.addAll(settings(AppendLog.builder(Path.of(""))).problems());
    }

    /**
     * Every problem so far.
     *
     * @return one line each; a caller may add to them
     */
    public List<String> problems() {
        return problems;
    }

    /**
     * A log with these options, whose directories are made if they are missing.
     *
     * @param file where
     * @return a builder; an option with a problem has its default there
     */
    public AppendLogBuilder describe(final Path file) {
        final AppendLogBuilder builder = AppendLog.builder(file).makeDirectories(true);
        settings(builder);
        return builder;
    }

    /**
     * The value of each option that a log is opened with.
     *
     * @return as {@link Settings#values()}
     */
    public Map<String, String> values() {
        return settings(AppendLog.builder(Path.of(""))).values();
    }

    private Settings settings(final AppendLogBuilder builder) {
        final boolean isKernel = "true".equalsIgnoreCase(text("immediateFlush")) && text("durability") == null;
        return new Settings(builder)
                .all(name -> isKernel && name.equals("durability") ? Durability.KERNEL.name() : texts.apply(name));
    }

    /**
     * What a full ring means for an event.
     *
     * @return the policy
     */
    public OverflowPolicy overflow() {
        return OverflowPolicy.valueOf(values().get("overflow"));
    }

    /**
     * Whether there is a {@code discardLevel} that changes nothing, because nothing is discarded.
     *
     * @param byDefault its default, which causes no warning
     * @return the warning, or null
     */
    public String discardLevelWarning(final String byDefault) {
        final String level = text("discardLevel");
        return level == null || level.equalsIgnoreCase(byDefault) || overflow() == OverflowPolicy.DISCARD
                ? null
                : "discardLevel changes nothing without overflow DISCARD";
    }

    /**
     * Adds the problem of a file that is to be rolled and shared with other processes.
     *
     * @param name the option that shares it
     * @param other the appender that can share its file
     */
    public void refuseSharedRoll(final String name, final String other) {
        problems.add(
                name + " \"true\": allowed is false where a file is rolled, because a process must not rename a file"
                        + " that others write to; to share a file between processes use " + other);
    }
}
