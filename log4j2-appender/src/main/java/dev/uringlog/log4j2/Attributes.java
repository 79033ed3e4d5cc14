package dev.uringlog.log4j2;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Durability;
import dev.uringlog.append.OverflowPolicy;
import dev.uringlog.append.Settings;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.async.DiscardingAsyncQueueFullPolicy;
import org.apache.logging.log4j.util.PropertiesUtil;

/** What a builder's attributes come to, and what is wrong with them: one line each, with name, value and what is allowed. */
final class Attributes {
    private static final String QUEUE_FULL_POLICY = "log4j2.AsyncQueueFullPolicy";
    private static final String DISCARD_THRESHOLD = "log4j2.DiscardThreshold";

    /** A log's own default, for what is made of it later. */
    private static final String PERMISSIONS_DEFAULT = "rw-------";

    private final AbstractIoUringBuilder<?> given;
    private final List<String> problems = new ArrayList<>();
    private final boolean append;
    private final boolean locking;
    private final boolean createOnDemand;
    private final boolean advertise;
    private final OverflowPolicy overflow;
    private final Level discardLevel;
    private final Level durableLevel;
    private final String durability;

    /**
     * Judges them.
     *
     * @param needsFileName whether there has to be a {@code fileName}
     */
    Attributes(final AbstractIoUringBuilder<?> given, final boolean needsFileName) {
        this.given = given;
        if (needsFileName || !isAbsent(given.fileName)) {
            checkPath("fileName", given.fileName);
        }
        createOnDemand = bool("createOnDemand", given.createOnDemand, false);
        advertise = bool("advertise", given.advertise, false);
        durability = bool("immediateFlush", given.immediateFlush, false) && isAbsent(given.durability)
                ? Durability.KERNEL.name()
                : given.durability;
        discardLevel = isAbsent(given.discardLevel) ? defaultDiscardLevel() : level("discardLevel", given.discardLevel);
        durableLevel = isAbsent(given.durableLevel) ? null : level("durableLevel", given.durableLevel);
        checkPrincipals();
        append = bool("append", given.append, true);
        locking = bool("locking", given.locking, false);
        if (locking && !needsFileName) {
            problems.add("locking \"true\": allowed is false where a file is rolled, for no process can rename it under"
                    + " another that writes to it; several may share the file of an IoUringFile");
        } else if (locking && !append) {
            problems.add("append \"false\": allowed is true with locking, where other processes write to the file");
        }
        problems.addAll(settings(AppendLog.builder(Path.of(""))).problems());
        overflow = problems.isEmpty()
                ? OverflowPolicy.valueOf(overflowOrDefault().trim().toUpperCase(java.util.Locale.ROOT))
                : OverflowPolicy.BLOCK;
    }

    /** Adds a problem if an attribute that must be a path is missing or none. */
    void checkPath(final String name, final String text) {
        if (isAbsent(text)) {
            problems.add(name + " is missing: allowed is a path");
            return;
        }
        try {
            Path.of(text);
        } catch (final InvalidPathException e) {
            problems.add(name + " \"" + text + "\": allowed is a path, " + e.getReason());
        }
    }

    private Settings settings(final AppendLogBuilder builder) {
        return new Settings(builder)
                .durability(durability)
                .syncInterval(given.syncInterval)
                .strategy(given.strategy)
                .ringSize(given.ringSize)
                .ringDepth(given.ringDepth)
                .maxDelay(given.maxDelay)
                .overflow(overflowOrDefault())
                .onFailure(given.onFailure)
                .shutdownTimeout(given.shutdownTimeout)
                .filePermissions(given.filePermissions);
    }

    /** A name that nobody has is a bad value; that this process may not give files away shows only when it does. */
    private void checkPrincipals() {
        final FileSystem files = FileSystems.getDefault();
        if (!files.supportedFileAttributeViews().contains("posix")) {
            return;
        }
        final UserPrincipalLookupService principals = files.getUserPrincipalLookupService();
        if (!isAbsent(given.fileOwner)) {
            try {
                principals.lookupPrincipalByName(fileOwner());
            } catch (final IOException e) {
                problems.add("fileOwner \"" + given.fileOwner + "\": allowed is a user that the system knows");
            }
        }
        if (!isAbsent(given.fileGroup)) {
            try {
                principals.lookupPrincipalByGroupName(fileGroup());
            } catch (final IOException e) {
                problems.add("fileGroup \"" + given.fileGroup + "\": allowed is a group that the system knows");
            }
        }
    }

    private boolean bool(final String name, final String text, final boolean byDefault) {
        if (isAbsent(text)) {
            return byDefault;
        }
        final boolean isTrue = "true".equalsIgnoreCase(text.trim());
        // Log4j takes any other word for false, and a mistyped append would then empty the file.
        if (!isTrue && !"false".equalsIgnoreCase(text.trim())) {
            problems.add(name + " \"" + text + "\": allowed is true, false");
        }
        return isTrue;
    }

    private static Level defaultDiscardLevel() {
        return Level.toLevel(PropertiesUtil.getProperties().getStringProperty(DISCARD_THRESHOLD), Level.INFO);
    }

    private Level level(final String name, final String text) {
        final Level level = Level.toLevel(text.trim(), null);
        if (level == null) {
            problems.add(name + " \"" + text + "\": allowed is a level's name, like INFO");
        }
        return level;
    }

    private String overflowOrDefault() {
        if (!isAbsent(given.overflow)) {
            return given.overflow;
        }
        final String policy = PropertiesUtil.getProperties().getStringProperty(QUEUE_FULL_POLICY, "");
        final boolean isDiscard = "Discard".equalsIgnoreCase(policy)
                || DiscardingAsyncQueueFullPolicy.class.getName().equals(policy)
                || DiscardingAsyncQueueFullPolicy.class.getSimpleName().equals(policy);
        return (isDiscard ? OverflowPolicy.DISCARD : OverflowPolicy.BLOCK).name();
    }

    static boolean isAbsent(final String text) {
        return text == null || text.isBlank();
    }

    List<String> problems() {
        return problems;
    }

    /** A file, as it is to be opened. Valid without problems only, as is everything below. */
    AppendLogBuilder logBuilder(final Path path) {
        final AppendLogBuilder builder = AppendLog.builder(path).append(append).shared(locking);
        settings(builder);
        return builder;
    }

    Duration shutdownTimeout() {
        return Duration.parse(settings(AppendLog.builder(Path.of(""))).values().get("shutdownTimeout"));
    }

    boolean isAppend() {
        return append;
    }

    boolean isCreateOnDemand() {
        return createOnDemand;
    }

    String filePermissions() {
        return isAbsent(given.filePermissions) ? PERMISSIONS_DEFAULT : given.filePermissions.trim();
    }

    /** The file's owner; null for whoever runs this. */
    String fileOwner() {
        return isAbsent(given.fileOwner) ? null : given.fileOwner.trim();
    }

    /** The file's group; null for that of whoever runs this. */
    String fileGroup() {
        return isAbsent(given.fileGroup) ? null : given.fileGroup.trim();
    }

    /** What the advertiser says of the file's place; null for its path. */
    String advertiseUri() {
        return isAbsent(given.advertiseUri) ? null : given.advertiseUri;
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

    /** Which events wait as at DISK; null if none do by their level. */
    Level durableLevel() {
        return durableLevel;
    }

    /** Which events wait as at DISK; null if none do by their marker. */
    String durableMarker() {
        return isAbsent(given.durableMarker) ? null : given.durableMarker.trim();
    }

    /** Attributes of the built-in appender that are given and change nothing. */
    List<String> idle() {
        final List<String> idle = new ArrayList<>();
        addIfGiven(idle, "bufferedIo", given.bufferedIo);
        addIfGiven(idle, "bufferSize", given.bufferSize);
        return idle;
    }

    /** Whether a level is given, and not the default, where nothing is discarded. */
    boolean isDiscardLevelIdle() {
        return overflow != OverflowPolicy.DISCARD && !defaultDiscardLevel().equals(discardLevel);
    }

    private static void addIfGiven(final List<String> names, final String name, final String value) {
        if (value != null) {
            names.add(name);
        }
    }

    /** What is settled when the file is opened, by name: values, however they are written; of none, nothing. */
    Map<String, String> fixed() {
        final Map<String, String> fixed =
                settings(AppendLog.builder(Path.of(""))).values();
        fixed.remove("overflow"); // Each appender's own.
        fixed.put("append", Boolean.toString(append));
        fixed.put("locking", Boolean.toString(locking));
        fixed.put("createOnDemand", Boolean.toString(createOnDemand));
        fixed.put("fileOwner", fileOwner());
        fixed.put("fileGroup", fileGroup());
        return fixed;
    }
}
