package dev.uringlog.examples.quickstart;

/** An application that logs one event and ends, as applications do, without stopping its framework. */
final class ReadmeLogger {
    static final String EVENT = "from the README: é 漢 😀";

    private ReadmeLogger() {}

    public static void main(final String[] args) {
        final Framework framework = args[0].equals("log4j2") ? new Log4jFramework() : new LogbackFramework();
        framework.start(false);
        System.out.println(framework.hasAppender() ? framework.description() : "no appender");
        framework.log(EVENT);
    }
}
