package dev.uringlog.log4j2.framework;

import dev.uringlog.log4j2.RollingIoUringFileAppender;
import dev.uringlog.log4j2.RollingIoUringFileAppenderBuilder;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderFactory;

/** The element for configurations that a test builds in code, where no durability can be written beside it. */
@Plugin(name = KernelRollingFile.NAME, category = Core.CATEGORY_NAME, elementType = Appender.ELEMENT_TYPE)
public final class KernelRollingFile {
    static final String NAME = "KernelRollingFile";

    private KernelRollingFile() {}

    /**
     * As in a configuration with {@code durability="KERNEL"}.
     *
     * @return the builder
     */
    @PluginBuilderFactory
    public static RollingIoUringFileAppenderBuilder newBuilder() {
        return RollingIoUringFileAppender.newBuilder().setDurability("KERNEL");
    }
}
