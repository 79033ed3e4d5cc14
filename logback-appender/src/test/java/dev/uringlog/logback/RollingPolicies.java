package dev.uringlog.logback;

import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;

/** Logback's policies, for an appender that wants no more than its start, and what they leave. */
final class RollingPolicies {
    private RollingPolicies() {}

    static <E> TimeBasedRollingPolicy<E> byTime(
            final RollingFileAppender<E> appender, final Path pattern, final Consumer<TimeBasedRollingPolicy<E>> more) {
        final TimeBasedRollingPolicy<E> policy = new TimeBasedRollingPolicy<>();
        policy.setContext(appender.getContext());
        more.accept(policy);
        return install(appender, policy, pattern);
    }

    static <E> SizeAndTimeBasedRollingPolicy<E> bySizeAndTime(
            final RollingFileAppender<E> appender, final Path pattern, final long size) {
        final SizeAndTimeBasedRollingPolicy<E> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setMaxFileSize(new FileSize(size));
        return install(appender, policy, pattern);
    }

    static <E> FixedWindowRollingPolicy inAWindow(
            final RollingFileAppender<E> appender, final Path pattern, final int files) {
        final FixedWindowRollingPolicy policy = new FixedWindowRollingPolicy();
        policy.setMaxIndex(files);
        return install(appender, policy, pattern);
    }

    static <E> FixedWindowRollingPolicy inAWindow(
            final RollingFileAppender<E> appender, final Path pattern, final int files, final long size) {
        final SizeBasedTriggeringPolicy<E> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(appender.getContext());
        trigger.setMaxFileSize(new FileSize(size));
        trigger.start();
        appender.setTriggeringPolicy(trigger);
        return inAWindow(appender, pattern, files);
    }

    private static <P extends RollingPolicyBase> P install(
            final RollingFileAppender<?> appender, final P policy, final Path pattern) {
        policy.setContext(appender.getContext());
        policy.setParent(appender);
        policy.setFileNamePattern(pattern.toString());
        policy.start();
        appender.setRollingPolicy(policy);
        return policy;
    }

    /** Names of what is in a directory, in order. */
    static List<String> names(final Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Files named a.PERIOD.INDEX.log, and a.log itself, in the order in which they were written. */
    static List<Path> inOrder(final Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted(Comparator.comparing(RollingPolicies::order)).toList();
        }
    }

    /** Its name, with the index as wide as any; what is written now has none. */
    private static String order(final Path file) {
        final String[] parts = file.getFileName().toString().split("\\.");
        return parts.length == 2 ? "last" : "a" + parts[1] + "%09d".formatted(Integer.parseInt(parts[2]));
    }

    /** A file's text, uncompressed. */
    static String text(final Path file) throws IOException {
        final byte[] bytes = Files.readAllBytes(file);
        return new String(uncompressed(file.toString(), bytes), StandardCharsets.UTF_8);
    }

    private static byte[] uncompressed(final String name, final byte[] bytes) throws IOException {
        try (InputStream in = new ByteArrayInputStream(bytes)) {
            if (name.endsWith(".gz")) {
                return new GZIPInputStream(in).readAllBytes();
            }
            if (name.endsWith(".zip")) {
                final ZipInputStream zip = new ZipInputStream(in);
                zip.getNextEntry();
                return zip.readAllBytes();
            }
            return bytes;
        }
    }
}
