package dev.uringlog.examples.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That the benchmark works: what it measures is for a quiet machine. A JVM for each contender, ten seconds of a busy one. */
@Timeout(600)
class PeersTest {
    @TempDir
    private Path dir;

    @Test
    void shouldRunEveryContenderAndLoseNothing() throws IOException, InterruptedException {
        run(new Scenario("2", 100, "0"), contenders());

        final String markdown = Files.readString(dir.resolve("peers.md"));
        assertTrue(markdown.contains("### Logback: 2 producers, 100 byte messages, saturated"), markdown);
        assertTrue(Files.readString(dir.resolve("peers-log4j2.svg")).contains("RandomAccessFile"));
    }

    @Test
    void shouldPaceContenders() throws IOException, InterruptedException {
        run(
                new Scenario("2", 100, "20000"),
                List.of(Contender.LOG4J_RAF_BUFFERED, Contender.LOG4J_MAPPED, Contender.LOG4J_WRITEV));

        assertTrue(Files.readString(dir.resolve("peers.md")).contains("left behind"));
    }

    @Test
    void shouldPaceContendersInBursts() throws IOException, InterruptedException {
        run(
                new Scenario("2", 100, "20000b"),
                List.of(Contender.LOGBACK_OURS_ROLLING_GZ, Contender.LOGBACK_ENCODE_ONLY));

        assertTrue(Files.readString(dir.resolve("peers.md")).contains("20,000 events/s in bursts"));
    }

    private void run(final Scenario scenario, final List<Contender> contenders)
            throws IOException, InterruptedException {
        new Peers(new Options(
                        dir.resolve("files"),
                        dir,
                        1 << 20,
                        false,
                        1,
                        1,
                        0.05,
                        1,
                        "128m",
                        List.of(scenario),
                        contenders))
                .run();

        final List<String> csv = Files.readAllLines(dir.resolve("peers.csv"));
        assertEquals(1 + contenders.size(), csv.size());
        for (final Contender contender : contenders) {
            assertEquals(
                    1,
                    csv.stream()
                            .filter(line -> line.startsWith(contender.id() + ",") && line.endsWith(",0.0000,0.0000"))
                            .count(),
                    () -> contender.id() + " lost or tore lines: " + csv);
        }
    }

    private static List<Contender> contenders() {
        final boolean hasIoUring = dev.uringlog.write.VectoredWriter.isIoUringSupported();
        return Stream.of(Contender.values())
                .filter(contender -> hasIoUring || !contender.id().endsWith("iouring"))
                .toList();
    }
}
