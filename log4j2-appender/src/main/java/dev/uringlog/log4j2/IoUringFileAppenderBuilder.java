package dev.uringlog.log4j2;

import org.apache.logging.log4j.core.Layout;

/**
 * Builds {@code <IoUringFile>}. Besides Log4j's own attributes and elements ({@code name}, {@code ignoreExceptions}, true by
 * default, a layout, {@code PatternLayout} by default, filters and properties) it takes those of
 * {@link AbstractIoUringBuilder}.
 *
 * <p>While the file is open, a reconfiguration can change {@code name}, {@code ignoreExceptions}, {@code advertise},
 * {@code overflow}, {@code discardLevel}, {@code durableLevel} and {@code durableMarker}. Any other attribute stays as it was
 * when the file was opened; if the new configuration has another value, a warning says so.
 */
public final class IoUringFileAppenderBuilder extends AbstractIoUringBuilder<IoUringFileAppenderBuilder>
        implements org.apache.logging.log4j.core.util.Builder<IoUringFileAppender> {
    IoUringFileAppenderBuilder() {}

    /**
     * Opens the file and makes the appender.
     *
     * @return null if an attribute is bad or the file cannot be opened; the status log says why
     */
    @Override
    public IoUringFileAppender build() {
        fileName = resolved("fileName", fileName);
        final Attributes attributes = new Attributes(attributes(), true);
        return build(IoUringFileAppender.PLUGIN_NAME, attributes, () -> make(attributes));
    }

    private IoUringFileAppender make(final Attributes attributes) {
        final Layout<?> layout = getOrCreateLayout();
        final IoUringFileManager manager = IoUringFileManager.getManager(
                fileName, new IoUringFileManager.Data(getConfiguration(), attributes, layout));
        return new IoUringFileAppender(this, layout, attributes, manager);
    }
}
