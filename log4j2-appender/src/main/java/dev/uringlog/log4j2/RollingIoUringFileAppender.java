package dev.uringlog.log4j2;

import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.appender.rolling.TriggeringPolicy;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderFactory;

/**
 * Writes events through Uringlog, as {@link IoUringFileAppender} does, to a sequence of files. Triggering policies, rollover
 * strategies and actions are Log4j's own, or an application's.
 *
 * <pre>{@code
 * <RollingIoUringFile name="file" fileName="logs/app.log" filePattern="logs/app-%d{yyyy-MM-dd}-%i.log.gz">
 *   <PatternLayout pattern="%d %p %c [%t] %m%n" charset="UTF-8"/>
 *   <Policies>
 *     <TimeBasedTriggeringPolicy/>
 *     <SizeBasedTriggeringPolicy size="100 MB"/>
 *   </Policies>
 *   <DefaultRolloverStrategy max="20"/>
 * </RollingIoUringFile>
 * }</pre>
 *
 * <p>No logging thread ever rolls, or waits for a roll. The thread that writes judges each event by the event's own time, never
 * ahead of the clock, and by the exact size of the file before the event. It rolls between two events, while new events go into
 * the ring. A triggering policy sees an event as a {@link JudgedEvent}. Each event is in exactly one file. As in Log4j's own
 * appender, a roll waits for the compression and the other actions of the roll before it.
 *
 * <p>The attributes are those of {@link RollingIoUringFileAppenderBuilder}.
 */
@Plugin(
        name = RollingIoUringFileAppender.PLUGIN_NAME,
        category = Core.CATEGORY_NAME,
        elementType = Appender.ELEMENT_TYPE,
        printObject = true)
public final class RollingIoUringFileAppender extends AbstractIoUringAppender {
    /** The element's name. */
    public static final String PLUGIN_NAME = "RollingIoUringFile";

    private final RollingIoUringFileManager manager;
    private final String filePattern;

    RollingIoUringFileAppender(
            final RollingIoUringFileAppenderBuilder builder,
            final Layout<?> layout,
            final Attributes attributes,
            final RollingIoUringFileManager manager) {
        super(builder, layout, attributes, manager, manager.log());
        this.manager = manager;
        filePattern = builder.filePattern;
    }

    /**
     * The builder that Log4j fills from the element.
     *
     * @return a builder with every default
     */
    @PluginBuilderFactory
    public static RollingIoUringFileAppenderBuilder newBuilder() {
        return new RollingIoUringFileAppenderBuilder();
    }

    /**
     * The current file, or the one that the next event would open.
     *
     * @return its path
     */
    public String getFileName() {
        return manager.getFileName();
    }

    /**
     * The pattern that names archives.
     *
     * @return as in this appender's element
     */
    public String getFilePattern() {
        return filePattern;
    }

    /**
     * The policy that decides when a file ends.
     *
     * @param <T> its type
     * @return that of the newest configuration
     */
    public <T extends TriggeringPolicy> T getTriggeringPolicy() {
        return manager.getTriggeringPolicy();
    }

    /**
     * The manager: {@code getManager().rollover()} rolls now.
     *
     * @return it is shared by every appender of the file
     */
    public RollingIoUringFileManager getManager() {
        return manager;
    }
}
