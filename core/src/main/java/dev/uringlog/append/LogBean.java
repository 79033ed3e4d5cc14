package dev.uringlog.append;

import dev.uringlog.file.Sink;
import dev.uringlog.flush.Reporter;
import java.nio.file.Path;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.Descriptor;
import javax.management.DynamicMBean;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.ReflectionException;

/**
 * The MBean of a log: what {@link AppendLogMXBean} declares, with descriptions, and each row of {@link AppendStatistics#ALL}.
 * It is dynamic so that a new statistic needs no getter. A proxy of the interface finds it as before.
 */
final class LogBean implements DynamicMBean {
    private static final String INTERFACE = AppendLogMXBean.class.getName();

    private record Feature<I extends MBeanFeatureInfo>(I info, Callable<?> call) {}

    private final Map<String, Feature<MBeanAttributeInfo>> attributes = new LinkedHashMap<>();
    private final Map<String, Feature<MBeanOperationInfo>> operations = new LinkedHashMap<>();

    LogBean(final AppendLog log, final Path path, final Sink sink, final Reporter reporter) {
        final String file = path.toAbsolutePath().toString();
        text("Description", "What the log is: file, strategy and why, ring", log::description);
        text("File", "The file's absolute path", () -> file);
        text("Strategy", "How bytes reach the kernel, as chosen when the file was opened", sink::label);
        text("Degradation", "Why the log has left that strategy for a simpler one, or null", sink::degradation);
        text("Durability", "Where an event is when its call returns", log.durability()::name);
        text("LastError", "The last error, or null", () -> {
            final Reporter.Told last = reporter.lastError();
            return last == null ? null : last.message();
        });
        attribute("LastErrorTime", Date.class, "The time of the last error, or null", null, () -> {
            final Reporter.Told last = reporter.lastError();
            return last == null ? null : Date.from(last.time());
        });
        for (final Statistic statistic : AppendStatistics.ALL) {
            attribute(
                    statistic.name().substring(0, 1).toUpperCase(Locale.ROOT)
                            + statistic.name().substring(1),
                    statistic.type(),
                    statistic.description(),
                    new ImmutableDescriptor(
                            "units=" + statistic.unit(),
                            "metricType=" + statistic.kind().name().toLowerCase(Locale.ROOT)),
                    () -> statistic.value().apply(log.statistics()));
        }
        operation("flush", "Waits until everything appended before is in the page cache", () -> {
            log.flush();
            return null;
        });
        operation("reopen", "Opens the path again, after another program has renamed the file", () -> {
            log.reopen();
            return null;
        });
    }

    private void text(final String name, final String description, final Callable<String> value) {
        attribute(name, String.class, description, null, value);
    }

    private void attribute(
            final String name,
            final Class<?> type,
            final String description,
            final Descriptor descriptor,
            final Callable<?> value) {
        final MBeanAttributeInfo info =
                new MBeanAttributeInfo(name, type.getName(), description, true, false, false, descriptor);
        attributes.put(name, new Feature<>(info, value));
    }

    private void operation(final String name, final String description, final Callable<?> call) {
        final MBeanOperationInfo info =
                new MBeanOperationInfo(name, description, null, "void", MBeanOperationInfo.ACTION);
        operations.put(name, new Feature<>(info, call));
    }

    private static Object call(final Callable<?> call) throws MBeanException {
        try {
            return call.call();
        } catch (final RuntimeException e) {
            throw e;
        } catch (final Exception e) {
            throw new MBeanException(e);
        }
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        // The class name is the interface's, so that isInstanceOf finds it.
        return new MBeanInfo(
                INTERFACE,
                "An append-only file of Uringlog",
                attributes.values().stream().map(Feature::info).toArray(MBeanAttributeInfo[]::new),
                null,
                operations.values().stream().map(Feature::info).toArray(MBeanOperationInfo[]::new),
                null,
                new ImmutableDescriptor("immutableInfo=true", "interfaceClassName=" + INTERFACE, "mxbean=true"));
    }

    @Override
    public Object getAttribute(final String name) throws AttributeNotFoundException, MBeanException {
        final Feature<MBeanAttributeInfo> attribute = attributes.get(name);
        if (attribute == null) {
            throw new AttributeNotFoundException(name);
        }
        return call(attribute.call());
    }

    @Override
    public AttributeList getAttributes(final String[] names) {
        final AttributeList list = new AttributeList();
        for (final String name : names) {
            try {
                list.add(new Attribute(name, getAttribute(name)));
            } catch (final AttributeNotFoundException | MBeanException e) {
                continue; // By contract, what cannot be read is left out.
            }
        }
        return list;
    }

    @Override
    public void setAttribute(final Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName() + " is read-only");
    }

    @Override
    public AttributeList setAttributes(final AttributeList list) {
        return new AttributeList();
    }

    @Override
    public Object invoke(final String name, final Object[] arguments, final String[] signature)
            throws MBeanException, ReflectionException {
        final Feature<MBeanOperationInfo> operation = operations.get(name);
        if (operation == null) {
            throw new ReflectionException(new NoSuchMethodException(name));
        }
        return call(operation.call());
    }
}
