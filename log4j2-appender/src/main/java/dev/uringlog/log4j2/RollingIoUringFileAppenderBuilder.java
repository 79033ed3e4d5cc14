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
 * Builds {@code <RollingIoUringFile>}. It takes the attributes of {@link AbstractIoUringBuilder} ({@code fileName} is optional:
 * without it, direct write names the file), {@code filePattern}, a triggering policy or several in {@code <Policies>}, and a
 * rollover strategy. The default strategy is {@code <DefaultRolloverStrategy>} with a {@code fileName}, and
 * {@code <DirectWriteRolloverStrategy>} without one.
 *
 * <p>Permissions, owner and group apply to the current file and to its archives.
 *
 * <p>A reconfiguration can change policy, strategy, pattern and layout while the file is open. The attributes that the file was
 * opened with stay; if the new configuration has other values, a warning says so.
 */
public final class RollingIoUringFileAppenderBuilder extends AbstractIoUringBuilder<RollingIoUringFileAppenderBuilder>
        implements org.apache.logging.log4j.core.util.Builder<RollingIoUringFileAppender> {
    /** As in {@code PatternProcessor}. */
    private static final Pattern INDEX = Pattern.compile("%[-.\\d]*i");

    @PluginBuilderAttribute
    String filePattern;

    @PluginElement("Policy")
    private TriggeringPolicy policy;

    @PluginElement("Strategy")
    private RolloverStrategy strategy;

    RollingIoUringFileAppenderBuilder() {}

    /**
     * The pattern that names archives, or with direct write the files themselves. Required.
     *
     * @param value a path with Log4j's conversions, like {@code logs/app-%d{yyyy-MM-dd}-%i.log.gz}
     * @return this builder
     */
    public RollingIoUringFileAppenderBuilder setFilePattern(final String value) {
        filePattern = value;
        return this;
    }

    /**
     * The policy that decides when a new file begins. Required.
     *
     * @param value any policy; it runs on the thread that writes, see {@link JudgedEvent}
     * @return this builder
     */
    public RollingIoUringFileAppenderBuilder setPolicy(final TriggeringPolicy value) {
        policy = value;
        return this;
    }

    /**
     * The strategy that decides what happens to the old file.
     *
     * @param value any strategy; the default is Log4j's own, see above
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
                    "{} \"{}\": filePattern \"{}\" has no %i: an archive replaces an earlier one of the same name",
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
