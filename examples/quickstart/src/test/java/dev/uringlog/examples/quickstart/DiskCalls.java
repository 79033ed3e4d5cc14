package dev.uringlog.examples.quickstart;

import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;

/** Logs from one thread, and after each call writes to another file that it has returned: a mark for a tracer. */
final class DiskCalls {
    private DiskCalls() {}

    public static void main(final String[] args) throws Exception {
        final Framework framework = args[0].equals("log4j2") ? new Log4jFramework() : new LogbackFramework();
        final int events = Integer.parseInt(args[2]);
        framework.start(false);
        if (!framework.hasAppender()) {
            System.exit(2);
        }
        try (FileOutputStream marks = new FileOutputStream(args[1])) {
            for (int i = 0; i < events; i++) {
                framework.log("event " + i);
                marks.write(("returned " + i + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
        framework.stop();
    }
}
