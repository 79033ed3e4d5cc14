package dev.uringlog.log4j2;

import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderFactory;

/**
 * Writes events to a file through Uringlog. The logging thread encodes, copies into a ring and returns. One thread per file
 * writes everything that waits in one submission.
 *
 * <pre>{@code
 * <IoUringFile name="file" fileName="logs/app.log">
 *   <PatternLayout pattern="%d %p %c [%t] %m%n" charset="UTF-8"/>
 * </IoUringFile>
 * }</pre>
 *
 * <p>The attributes are those of {@link IoUringFileAppenderBuilder}. A failure reaches the appender's error handler and,
 * with {@code ignoreExceptions="false"}, the caller. If a call waits for its event (durability KERNEL or DISK,
 * {@code durableLevel}, {@code durableMarker}), a failed write or sync is such a failure.
 */
@Plugin(
        name = IoUringFileAppender.PLUGIN_NAME,
        category = Core.CATEGORY_NAME,
        elementType = Appender.ELEMENT_TYPE,
        printObject = true)
public final class IoUringFileAppender extends AbstractIoUringAppender {
    /** The element's name. */
    public static final String PLUGIN_NAME = "IoUringFile";

    private final IoUringFileManager manager;

    IoUringFileAppender(
            final IoUringFileAppenderBuilder builder,
            final Layout<?> layout,
            final Attributes attributes,
            final IoUringFileManager manager) {
        super(builder, layout, attributes, manager, manager.log());
        this.manager = manager;
    }

    /**
     * The builder that Log4j fills from the element.
     *
     * @return a builder with every default
     */
    @PluginBuilderFactory
    public static IoUringFileAppenderBuilder newBuilder() {
        return new IoUringFileAppenderBuilder();
    }

    /**
     * The configured file.
     *
     * @return its path
     */
    public String getFileName() {
        return manager.getName();
    }
}
