package dev.uringlog.log4j2;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.appender.rolling.CompositeTriggeringPolicy;
import org.apache.logging.log4j.core.appender.rolling.DefaultRolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.DirectFileRolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.DirectWriteRolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.PatternProcessor;
import org.apache.logging.log4j.core.appender.rolling.RolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.SizeBasedTriggeringPolicy;
import org.apache.logging.log4j.core.appender.rolling.TimeBasedTriggeringPolicy;
import org.apache.logging.log4j.core.appender.rolling.TriggeringPolicy;
import org.apache.logging.log4j.core.config.ConfigurationException;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginElement;

/**
 * Builds {@code <RollingIoUringFile>}: the attributes of {@link AbstractIoUringBuilder}, where {@code fileName} may be left
 * out for direct write; {@code filePattern}; a triggering policy, or several in {@code <Policies>}; and a rollover strategy,
 * by default {@code <DefaultRolloverStrategy>} where there is a {@code fileName} and {@code <DirectWriteRolloverStrategy>}
 * where there is none.
 *
 * <p>Permissions, owner and group are those of the file that is written and of the archives that are made of it.
 *
 * <p>A reconfiguration changes policy, strategy, pattern and layout while the file is open; the attributes a file is opened
 * with stay as they are, and what asks for others is told so.
 */
public final class RollingIoUringFileAppenderBuilder extends AbstractIoUringBuilder<RollingIoUringFileAppenderBuilder>
        implements org.apache.logging.log4j.core.util.Builder<RollingIoUringFileAppender> {
    /** As {@code PatternProcessor} reads it. */
    private static final Pattern INDEX = Pattern.compile("%[-.\\d]*i");

    @PluginBuilderAttribute
    String filePattern;

    @PluginElement("Policy")
    private TriggeringPolicy policy;

    @PluginElement("Strategy")
    private RolloverStrategy strategy;

    RollingIoUringFileAppenderBuilder() {}

    /**
     * What archives are named by, or with direct write the files themselves; required.
     *
     * @param value a path with Log4j's conversions, like {@code logs/app-%d{yyyy-MM-dd}-%i.log.gz}
     * @return this builder
     */
    public RollingIoUringFileAppenderBuilder setFilePattern(final String value) {
        filePattern = value;
        return this;
    }

    /**
     * When to go on in a new file; required.
     *
     * @param value any policy; it is asked on the thread that writes, see {@link JudgedEvent}
     * @return this builder
     */
    public RollingIoUringFileAppenderBuilder setPolicy(final TriggeringPolicy value) {
        policy = value;
        return this;
    }

    /**
     * What becomes of the old file.
     *
     * @param value any strategy; by default Log4j's own, see above
     * @return this builder
     */
    public RollingIoUringFileAppenderBuilder setStrategy(final RolloverStrategy value) {
        strategy = value;
        return this;
    }

    /**
     * Opens the file and makes the appender.
     *
     * @return null if an attribute or element is bad or the file cannot be opened; the status log says why
     */
    @Override
    public RollingIoUringFileAppender build() {
        fileName = resolved("fileName", fileName);
        filePattern = resolved("filePattern", filePattern);
        final Attributes attributes = new Attributes(attributes(), false);
        attributes.options().requirePath("filePattern", filePattern);
        final boolean isDirect = Attributes.isAbsent(fileName);
        if (policy == null) {
            attributes
                    .problems()
                    .add("the triggering policy is missing: allowed is one or more in <Policies>, like"
                            + " <SizeBasedTriggeringPolicy size=\"100 MB\"/>");
        } else if (!Attributes.isAbsent(filePattern)
                && policies(policy).anyMatch(TimeBasedTriggeringPolicy.class::isInstance)
                && new PatternProcessor(filePattern).getFrequency() == null) {
            attributes
                    .problems()
                    .add("filePattern \"" + filePattern
                            + "\": allowed with TimeBasedTriggeringPolicy is one with a date, like %d{yyyy-MM-dd}");
        }
        if (strategy == null) {
            strategy = defaultStrategy(isDirect);
        } else if (isDirect && !(strategy instanceof DirectFileRolloverStrategy)) {
            attributes
                    .problems()
                    .add("fileName is missing: allowed is a path, or none with DirectWriteRolloverStrategy");
        } else if (!isDirect && strategy instanceof DirectFileRolloverStrategy) {
            attributes
                    .problems()
                    .add("fileName \"" + fileName + "\": allowed with DirectWriteRolloverStrategy is none");
        }
        if (attributes.problems().isEmpty()
                && strategy instanceof DefaultRolloverStrategy
                && policies(policy).anyMatch(SizeBasedTriggeringPolicy.class::isInstance)
                && !INDEX.matcher(filePattern).find()) {
            ManagedLog.LOGGER.warn(
                    "{} \"{}\": filePattern \"{}\" has no %i: an archive replaces the one before that has its name",
                    RollingIoUringFileAppender.PLUGIN_NAME, getName(), filePattern);
        }
        return build(RollingIoUringFileAppender.PLUGIN_NAME, attributes, () -> make(attributes, isDirect));
    }

    private static Stream<TriggeringPolicy> policies(final TriggeringPolicy policy) {
        return policy instanceof CompositeTriggeringPolicy composite
                ? Arrays.stream(composite.getTriggeringPolicies()).flatMap(RollingIoUringFileAppenderBuilder::policies)
                : Stream.of(policy);
    }

    @SuppressWarnings("deprecation") // withConfig: the name that replaces it, setConfig, is new in Log4j 2.26.
    private RolloverStrategy defaultStrategy(final boolean isDirect) {
        return isDirect
                ? DirectWriteRolloverStrategy.newBuilder()
                        .withConfig(getConfiguration())
                        .build()
                : DefaultRolloverStrategy.newBuilder()
                        .withConfig(getConfiguration())
                        .build();
    }

    private RollingIoUringFileAppender make(final Attributes attributes, final boolean isDirect) {
        final Layout<?> layout = getOrCreateLayout();
        final RollingIoUringFileManager manager;
        try {
            manager = RollingIoUringFileManager.getManager(new RollingIoUringFileManager.Data(
                    getConfiguration(), attributes, layout, isDirect ? null : fileName, filePattern, policy, strategy));
        } catch (final IllegalStateException | IllegalArgumentException e) {
            throw new ConfigurationException(policy + " or " + strategy + " cannot be used: " + e.getMessage(), e);
        }
        return new RollingIoUringFileAppender(this, layout, attributes, manager);
    }
}
