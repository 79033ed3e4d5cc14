package dev.uringlog.log4j2;

import java.util.List;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationException;
import org.apache.logging.log4j.core.net.Advertiser;
import org.apache.logging.log4j.status.StatusLogger;

/**
 * Builds {@code <IoUringFile>}. Besides Log4j's own attributes and elements ({@code name}, {@code ignoreExceptions}, true by
 * default, a layout, {@code PatternLayout} by default, filters and properties) it takes those of
 * {@link AbstractIoUringBuilder}.
 *
 * <p>Those a file is opened with (all but {@code name}, {@code ignoreExceptions}, {@code advertise}, {@code overflow},
 * {@code discardLevel}, {@code durableLevel} and {@code durableMarker}) stay as they are while it is open; a
 * reconfiguration that asks for others is told so.
 */
public final class IoUringFileAppenderBuilder extends AbstractIoUringBuilder<IoUringFileAppenderBuilder>
        implements org.apache.logging.log4j.core.util.Builder<IoUringFileAppender> {
    private static final StatusLogger LOGGER = StatusLogger.getLogger();

    IoUringFileAppenderBuilder() {}

    /**
     * Opens the file and makes the appender.
     *
     * @return null if an attribute is bad or the file cannot be opened; the status log says why
     */
    @Override
    public IoUringFileAppender build() {
        final Attributes attributes = new Attributes(this);
        if (getName() == null || getName().isBlank()) {
            attributes.problems().add("name is missing: allowed is any text");
        }
        if (!attributes.problems().isEmpty()) {
            attributes.problems().forEach(this::sayWhyNot);
            return null;
        }
        sayWhatChangesNothing(attributes);
        try {
            return build(attributes);
        } catch (final ConfigurationException e) {
            sayWhyNot(e.getMessage());
            return null;
        }
    }

    private IoUringFileAppender build(final Attributes attributes) {
        final Layout<?> layout = getOrCreateLayout();
        final IoUringFileManager manager = IoUringFileManager.getManager(
                fileName,
                new IoUringFileManager.Data(
                        getConfiguration(),
                        attributes.logBuilder(),
                        layout,
                        attributes.isCreateOnDemand(),
                        attributes.fixed()));
        return new IoUringFileAppender(
                getName(),
                layout,
                getFilter(),
                isIgnoreExceptions(),
                getPropertyArray(),
                manager,
                attributes.overflow(),
                attributes.discardLevel(),
                attributes.durableLevel(),
                attributes.durableMarker(),
                attributes.isAdvertise() ? advertiser() : null);
    }

    private Advertiser advertiser() {
        final Configuration configuration = getConfiguration();
        return configuration == null ? null : configuration.getAdvertiser();
    }

    private void sayWhyNot(final String why) {
        LOGGER.error("IoUringFile \"{}\" does not start: {}", getName(), why);
    }

    private void sayWhatChangesNothing(final Attributes attributes) {
        final List<String> idle = attributes.idle();
        if (!idle.isEmpty()) {
            LOGGER.info(
                    "IoUringFile \"{}\": {} {} nothing here",
                    getName(),
                    String.join(", ", idle),
                    idle.size() == 1 ? "changes" : "change");
        }
    }
}
