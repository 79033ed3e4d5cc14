package dev.uringlog.log4j2;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.core.util.FileUtils;

/** Gives a log's files to the owner and the group that its attributes name. */
final class FileOwner {
    private final String element;
    private final String owner;
    private final String group;

    /** Warnings already given, which each roll would repeat. Few, because attributes do not change while the log is open. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    FileOwner(final String element, final Attributes attributes) {
        this.element = element;
        owner = attributes.fileOwner();
        group = attributes.fileGroup();
    }

    /** A file whose owner or group cannot be set is still written. */
    void define(final Path path) {
        if (owner != null) {
            define(path, owner, null, "fileOwner \"" + owner + '"');
        }
        if (group != null) {
            define(path, null, group, "fileGroup \"" + group + '"');
        }
    }

    private void define(final Path path, final String user, final String users, final String attribute) {
        try {
            FileUtils.defineFilePosixAttributeView(path, null, user, users);
        } catch (final IOException | UnsupportedOperationException e) {
            final String reason = e instanceof FileSystemException refused && refused.getReason() != null
                    ? refused.getReason()
                    : e.toString();
            if (told.add(attribute + reason)) {
                ManagedLog.LOGGER.warn(
                        "{} {}: {} cannot be set, writing to the file without it: {}",
                        element,
                        path,
                        attribute,
                        reason);
            }
        }
    }
}
