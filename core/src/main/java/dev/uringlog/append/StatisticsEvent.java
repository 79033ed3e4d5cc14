package dev.uringlog.append;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.AnnotationElement;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.EventFactory;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.ValueDescriptor;

/**
 * The periodic event {@code dev.uringlog.Statistics} of one log, with a field for each row of {@link AppendStatistics#ALL}. It
 * is off until a recording enables it. Nothing is registered before the JVM's recorder is ready, because that would make it
 * ready.
 *
 * <p>It takes no lock: the recorder calls the listener and the hook under locks of its own.
 */
final class StatisticsEvent implements FlightRecorderListener {
    /** One type of event for all logs, made when the first recording begins. */
    private static final class Type {
        static final EventFactory FACTORY = EventFactory.create(
                List.of(
                        new AnnotationElement(Name.class, "dev.uringlog.Statistics"),
                        new AnnotationElement(Label.class, "Log Statistics"),
                        new AnnotationElement(Category.class, new String[] {"Uringlog"}),
                        new AnnotationElement(Description.class, "The statistics of an open log, at each period"),
                        new AnnotationElement(Enabled.class, false),
                        new AnnotationElement(Period.class, "10 s"),
                        new AnnotationElement(StackTrace.class, false)),
                Stream.concat(
                                Stream.of(new ValueDescriptor(
                                        String.class, "file", List.of(new AnnotationElement(Label.class, "File")))),
                                AppendStatistics.ALL.stream().map(Type::field))
                        .collect(Collectors.toList()));

        private Type() {}

        /** As Java Flight Recorder writes labels: "Largest Batch". */
        private static String label(final String name) {
            return name.substring(0, 1).toUpperCase(Locale.ROOT)
                    + name.substring(1).replaceAll("[A-Z]", " $0");
        }

        private static ValueDescriptor field(final Statistic statistic) {
            final List<AnnotationElement> annotations = new ArrayList<>();
            annotations.add(new AnnotationElement(Label.class, label(statistic.name())));
            annotations.add(new AnnotationElement(Description.class, statistic.description()));
            if (statistic.unit().equals(AppendStatistics.BYTES)) {
                annotations.add(new AnnotationElement(DataAmount.class, DataAmount.BYTES));
            }
            return new ValueDescriptor(statistic.type(), statistic.name(), annotations);
        }
    }

    private final Runnable hook = this::emit;
    private final AppendLog log;
    private final String file;
    private volatile boolean isClosed;

    private StatisticsEvent(final AppendLog log, final Path path) {
        this.log = log;
        file = path.toString();
    }

    static StatisticsEvent of(final AppendLog log, final Path path) {
        final StatisticsEvent event = new StatisticsEvent(log, path);
        FlightRecorder.addListener(event);
        return event;
    }

    @Override
    public void recorderInitialized(final FlightRecorder recorder) {
        FlightRecorder.addPeriodicEvent(Type.FACTORY.newEvent().getClass(), hook);
        if (isClosed) {
            FlightRecorder.removePeriodicEvent(hook);
        }
    }

    private void emit() {
        final Event event = Type.FACTORY.newEvent();
        final AppendStatistics now = log.statistics();
        event.set(0, file);
        for (int i = 0; i < AppendStatistics.ALL.size(); i++) {
            event.set(i + 1, AppendStatistics.ALL.get(i).value().apply(now));
        }
        event.commit();
    }

    void close() {
        isClosed = true;
        try {
            FlightRecorder.removeListener(this);
            FlightRecorder.removePeriodicEvent(hook);
        } catch (final RuntimeException e) {
            return; // Permission denied to the caller that closes the log.
        }
    }
}
