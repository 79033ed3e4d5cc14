package dev.uringlog.log4j2;

import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.appender.Options;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.async.DiscardingAsyncQueueFullPolicy;
import org.apache.logging.log4j.util.PropertiesUtil;

/** An element's attributes, read and checked: the options of every Uringlog appender, and those that only Log4j's have. */
final class Attributes {
    private static final String QUEUE_FULL_POLICY = "log4j2.AsyncQueueFullPolicy";
    private static final String DISCARD_THRESHOLD = "log4j2.DiscardThreshold";
    private static final String LEVELS = "a level's name, like INFO";

    private final Options options;
    private final boolean append;
    private final boolean locking;
    private final boolean createOnDemand;
    private final boolean advertise;
    private final OverflowPolicy overflow;
    private final Level discardLevel;
    private final Level durableLevel;

    /**
     * Reads them.
     *
     * @param written by name, as the element has them
     * @param needsFileName whether there has to be a {@code fileName}
     */
    Attributes(final Map<String, String> written, final boolean needsFileName) {
        options = new Options(name -> isOverflowByDefault(name, written) ? overflowByDefault() : written.get(name));
        if (needsFileName || options.text("fileName") != null) {
            options.requirePath("fileName", written.get("fileName"));
        }
        createOnDemand = options.bool("createOnDemand", false);
        advertise = options.bool("advertise", false);
        final Level level = options.value("discardLevel", LEVELS, Attributes::level);
        discardLevel = level == null ? discardLevelByDefault() : level;
        durableLevel = options.value("durableLevel", LEVELS, Attributes::level);
        checkPrincipals();
        append = options.bool("append", true);
        locking = options.bool("locking", false);
        if (locking && !needsFileName) {
            options.refuseSharedRoll("locking", IoUringFileAppender.PLUGIN_NAME);
        } else if (locking && !append) {
            problems().add("append \"false\": allowed is true with locking, where other processes write to the file");
        }
        options.check();
        overflow = options.overflow();
    }

    private static boolean isOverflowByDefault(final String name, final Map<String, String> written) {
        return name.equals("overflow") && isAbsent(written.get(name));
    }

    private static String overflowByDefault() {
        final String policy = PropertiesUtil.getProperties().getStringProperty(QUEUE_FULL_POLICY, "");
        final boolean isDiscard = "Discard".equalsIgnoreCase(policy)
                || DiscardingAsyncQueueFullPolicy.class.getName().equals(policy)
                || DiscardingAsyncQueueFullPolicy.class.getSimpleName().equals(policy);
        return (isDiscard ? OverflowPolicy.DISCARD : OverflowPolicy.BLOCK).name();
    }

    private static Level discardLevelByDefault() {
        return Level.toLevel(PropertiesUtil.getProperties().getStringProperty(DISCARD_THRESHOLD), Level.INFO);
    }

    private static Level level(final String name) {
        return Level.toLevel(name, null);
    }

    /** Refuses unknown names. Whether this process may give files away shows only when it tries. */
    private void checkPrincipals() {
        final FileSystem files = FileSystems.getDefault();
        if (!files.supportedFileAttributeViews().contains("posix")) {
            return;
        }
        final UserPrincipalLookupService principals = files.getUserPrincipalLookupService();
        options.value(
                "fileOwner", "a user that the system knows", name -> found(principals::lookupPrincipalByName, name));
        options.value(
                "fileGroup",
                "a group that the system knows",
                name -> found(principals::lookupPrincipalByGroupName, name));
    }

    private interface Lookup {
        Object by(String name) throws IOException;
    }

    private static Object found(final Lookup lookup, final String name) {
        try {
            return lookup.by(name);
        } catch (final IOException e) {
            return null;
        }
    }

    static boolean isAbsent(final String text) {
        return text == null || text.isBlank();
    }

    /** One line for each problem; a builder adds its own. */
    List<String> problems() {
        return options.problems();
    }

    Options options() {
        return options;
    }

    /** A file, as it is to be opened. Valid only if there are no problems, as is everything below. */
    AppendLogBuilder logBuilder(final Path path) {
        return options.describe(path).append(append).shared(locking);
    }

    Duration shutdownTimeout() {
        return Duration.parse(options.values().get("shutdownTimeout"));
    }

    boolean isAppend() {
        return append;
    }

    boolean isCreateOnDemand() {
        return createOnDemand;
    }

    String filePermissions() {
        return options.values().get("filePermissions");
    }

    /** The file's owner; null for the user that this process runs as. */
    String fileOwner() {
        return options.text("fileOwner");
    }

    /** The file's group; null for the process's. */
    String fileGroup() {
        return options.text("fileGroup");
    }

    boolean isAdvertise() {
        return advertise;
    }

    OverflowPolicy overflow() {
        return overflow;
    }

    Level discardLevel() {
        return discardLevel;
    }

    /** From which level on an event waits as at DISK; null for none. */
    Level durableLevel() {
        return durableLevel;
    }

    /** With which marker an event waits as at DISK; null for none. */
    String durableMarker() {
        return options.text("durableMarker");
    }

    /** The warning about a discard level that changes nothing, or null. */
    String discardLevelWarning() {
        return options.discardLevelWarning(discardLevelByDefault().name());
    }

    /** What cannot change while the file is open, by name, each value in one spelling. */
    Map<String, String> fixed() {
        final Map<String, String> fixed = options.values();
        fixed.remove("overflow"); // Each appender's own.
        fixed.put("append", Boolean.toString(append));
        fixed.put("locking", Boolean.toString(locking));
        fixed.put("createOnDemand", Boolean.toString(createOnDemand));
        fixed.put("fileOwner", fileOwner());
        fixed.put("fileGroup", fileGroup());
        return fixed;
    }
}
