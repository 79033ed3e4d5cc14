package dev.uringlog.examples.peers;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.Durability;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Uringlog without a framework: a call returns when its event is on the disk. */
final class DurableTarget implements Target {
    private final AppendLog log;

    DurableTarget(final Path file, final Strategy strategy) throws IOException {
        log = AppendLog.builder(file)
                .durability(Durability.DISK)
                .strategy(strategy)
                .open();
    }

    @Override
    public void log(final String number, final String text) {
        log.append((number + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void stop() {
        log.close();
    }
}
