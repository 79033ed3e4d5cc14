package dev.uringlog.examples.peers;

import java.util.List;
import java.util.stream.Stream;

/** A framework with a configuration: one row of the result. */
enum Contender {
    LOG4J_FILE("log4j2", "file", "File"),
    LOG4J_RAF("log4j2", "raf", "RandomAccessFile"),
    LOG4J_RAF_BUFFERED("log4j2", "raf-buffered", "RandomAccessFile, immediateFlush=false"),
    LOG4J_MAPPED("log4j2", "mapped", "MemoryMappedFile"),
    LOG4J_ASYNC_APPENDER("log4j2", "async-appender", "AsyncAppender + RandomAccessFile"),
    LOG4J_ASYNC_LOGGERS("log4j2", "async-loggers", "async loggers + RandomAccessFile"),
    LOG4J_WRITEV("log4j2", "uringlog-writev", "IoUringFile, writev"),
    LOG4J_IOURING("log4j2", "uringlog-iouring", "IoUringFile, iouring"),
    LOG4J_KERNEL("log4j2", "uringlog-kernel", "IoUringFile, durability=KERNEL"),
    LOG4J_ENCODE_ONLY("log4j2", "encode-only", "encode only (nothing is written)"),
    LOGBACK_FILE("logback", "file", "FileAppender"),
    LOGBACK_FILE_BUFFERED("logback", "file-buffered", "FileAppender, immediateFlush=false"),
    LOGBACK_ASYNC_APPENDER("logback", "async-appender", "AsyncAppender + FileAppender"),
    LOGBACK_DISRUPTOR("logback", "logstash-disruptor", "logstash disruptor + FileAppender"),
    LOGBACK_WRITEV("logback", "uringlog-writev", "IoUringFileAppender, writev"),
    LOGBACK_IOURING("logback", "uringlog-iouring", "IoUringFileAppender, iouring"),
    LOGBACK_KERNEL("logback", "uringlog-kernel", "IoUringFileAppender, durability KERNEL"),
    LOGBACK_ENCODE_ONLY("logback", "encode-only", "encode only (nothing is written)"),
    LOG4J_ROLLING("log4j2", "rolling", "RollingFile, immediateFlush=false"),
    LOG4J_ROLLING_GZ("log4j2", "rolling-gz", "the same, gz"),
    LOG4J_OURS_ROLLING("log4j2", "uringlog-rolling", "RollingIoUringFile"),
    LOG4J_OURS_ROLLING_GZ("log4j2", "uringlog-rolling-gz", "the same, gz"),
    LOGBACK_ROLLING("logback", "rolling", "RollingFileAppender, immediateFlush=false"),
    LOGBACK_ROLLING_GZ("logback", "rolling-gz", "the same, gz"),
    LOGBACK_OURS_ROLLING("logback", "uringlog-rolling", "RollingIoUringFileAppender"),
    LOGBACK_OURS_ROLLING_GZ("logback", "uringlog-rolling-gz", "the same, gz"),
    LOG4J_ENCODE_ONLY_GZ("log4j2", "encode-only-gz", "encode only, as much compressed beside"),
    LOGBACK_ENCODE_ONLY_GZ("logback", "encode-only-gz", "encode only, as much compressed beside"),
    DISK_FORCE("disk", "force-each", "write and force for each event"),
    DISK_GROUP_COMMIT("disk", "group-commit", "group commit over FileChannel.force"),
    DISK_WRITEV("disk", "uringlog-writev", "AppendLog at DISK, writev"),
    DISK_IOURING("disk", "uringlog-iouring", "AppendLog at DISK, iouring");

    /** The contest in which a call returns only when its event is on the disk. */
    static final String DISK = "disk";

    /** The contest between those that roll and those that do not. */
    static final String ROLL = "roll";

    private static final String GZ = "-gz";

    final String framework;
    private final String configuration;

    /** Its name in the table. */
    final String label;

    Contender(final String framework, final String configuration, final String label) {
        this.framework = framework;
        this.configuration = configuration;
        this.label = label;
    }

    /** The name that {@code -Dcontenders} matches. */
    String id() {
        return framework + "/" + configuration;
    }

    /** Its configuration on the class path, with or without compression. */
    String resource() {
        return (isCompressed() ? id().substring(0, id().length() - GZ.length()) : id()) + ".xml";
    }

    boolean isCompressed() {
        return configuration.endsWith(GZ);
    }

    /** Whether its files roll, or are compressed as if they did. */
    boolean isRolling() {
        return configuration.contains("rolling") || isCompressed();
    }

    boolean isOurs() {
        return configuration.startsWith("uringlog");
    }

    boolean isDurable() {
        return framework.equals(DISK);
    }

    /** Formats each event and discards it. No appender with the same layout can be faster. */
    boolean isCeiling() {
        return configuration.startsWith("encode-only");
    }

    boolean isPeer() {
        return !isOurs() && !isCeiling();
    }

    /** Whether its file is longer than its contents until it is closed, so that the length shows nothing. */
    boolean isPreallocated() {
        return this == LOG4J_MAPPED;
    }

    List<String> jvmOptions() {
        return this == LOG4J_ASYNC_LOGGERS
                ? List.of("-Dlog4j2.contextSelector=org.apache.logging.log4j.core.async.AsyncLoggerContextSelector")
                : List.of();
    }

    static Contender of(final String id) {
        return Stream.of(values())
                .filter(contender -> contender.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contender " + id));
    }
}
