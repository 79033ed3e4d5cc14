package dev.uringlog.examples.quickstart;

import java.nio.file.Path;

/** Numbered events, one after the other, until some were dropped because the disk is full; then it is made larger, and on. */
final class FullDisk {
    private static final int EVENTS_MAX = 10_000_000;
    private static final int EVENTS_AFTER = 1_000;

    private FullDisk() {}

    public static void main(final String[] args) throws Exception {
        final Framework framework = args[0].equals("log4j2") ? new Log4jFramework() : new LogbackFramework();
        final Path disk = Path.of(args[1]);
        framework.start(false);
        int next = 0;
        while (framework.statistics().dropped() == 0 && next < EVENTS_MAX) {
            framework.log("event " + next++);
        }
        final Process remount = new ProcessBuilder("mount", "-o", "remount,size=64m", disk.toString())
                .inheritIO()
                .start();
        if (remount.waitFor() != 0) {
            System.exit(2);
        }
        final long written = framework.statistics().written();
        for (int i = 0; i < EVENTS_AFTER || framework.statistics().written() == written; i++) {
            framework.log("event " + next++);
        }
        framework.stop();
        System.out.println("lost "
                + (framework.statistics().dropped() + framework.statistics().failed()));
    }
}
