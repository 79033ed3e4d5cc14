package dev.uringlog.log4j2;

import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.appender.rolling.TriggeringPolicy;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderFactory;

/**
 * Writes events through Uringlog, as {@link IoUringFileAppender} does, to one file after another: with Log4j's own triggering
 * policies, rollover strategies and actions, or an application's.
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
 * <p>No logging thread ever rolls, or waits for a roll. The thread that writes judges each event, by the event's own time (never
 * one that is ahead of its own clock) and the true size of the file before it, and rolls between two events while others go on into the ring; what a triggering
 * policy can see of an event is a {@link JudgedEvent}. Each event is in exactly one file. As in Log4j's own appender a roll
 * waits until the compression and the other actions of the one before are done.
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
     * What Log4j fills from the element.
     *
     * @return a builder with every default
     */
    @PluginBuilderFactory
    public static RollingIoUringFileAppenderBuilder newBuilder() {
        return new RollingIoUringFileAppenderBuilder();
    }

    /**
     * The file that is written now, or would be if there were an event.
     *
     * @return its path
     */
    public String getFileName() {
        return manager.getFileName();
    }

    /**
     * What archives are named by.
     *
     * @return the pattern as this appender's element has it
     */
    public String getFilePattern() {
        return filePattern;
    }

    /**
     * When a file ends.
     *
     * @param <T> its type
     * @return the policy of the newest configuration
     */
    public <T extends TriggeringPolicy> T getTriggeringPolicy() {
        return manager.getTriggeringPolicy();
    }

    /**
     * What rolls: {@code getManager().rollover()} does so now.
     *
     * @return the manager, shared by every appender of the file
     */
    public RollingIoUringFileManager getManager() {
        return manager;
    }
}
