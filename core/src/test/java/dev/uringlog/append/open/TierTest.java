package dev.uringlog.append.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.Durability;
import dev.uringlog.append.Heard;
import dev.uringlog.append.Printing;
import dev.uringlog.testing.ChildJvm;
import dev.uringlog.testing.Host;
import dev.uringlog.write.Strategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tier a log gets, and that it says so; and what a JVM that ends owes it. */
@Timeout(60)
class TierTest {
    @TempDir
    Path directory;

    /** Logs three events, and prints what the log said of itself; ends without closing it if told so. */
    static final class Writes {
        private Writes() {}

        public static void main(final String[] arguments) throws IOException {
            final AppendLog log = AppendLog.builder(Path.of(arguments[0]))
                    .strategy(Strategy.valueOf(arguments[1]))
                    .durability(Durability.valueOf(System.getProperty("test.durability", "MEMORY")))
                    .listener(new Printing())
                    .open();
            for (int i = 0; i < 3; i++) {
                log.append(("event " + i + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            if (arguments.length > 2) {
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(
                                () -> log.append("said on the way out\n".getBytes(StandardCharsets.US_ASCII))));
                System.exit(0);
            }
            log.close();
        }
    }

    private ChildJvm.Outcome run(final String preparation, final List<String> arguments, final String... more)
            throws Exception {
        return ChildJvm.run(preparation, arguments, Writes.class, more);
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void shouldSayInOneLineWhichStrategyWhyAndWithHowMuchMemory(final Strategy strategy) throws Exception {
        if (strategy == Strategy.IOURING) {
            Host.requireIoUring();
        }
        final Path file = directory.resolve("log");
        final Heard heard = new Heard();
        AppendLog.builder(file).strategy(strategy).listener(heard).open().close();
        assertEquals(1, heard.infos.size(), heard.infos.toString());
        final String line = heard.infos.get(0);
        final String label = strategy == Strategy.IOURING ? "iouring" : "writev";
        assertTrue(line.contains(file.toString()) && line.contains("strategy " + label + " ("), line);
        assertTrue(line.contains("ring 4096 KiB") && line.contains("durability MEMORY"), line);
        final String place = Files.getFileStore(file).type() + ", Linux " + System.getProperty("os.version");
        assertTrue(line.endsWith(", on " + place), line);
        assertEquals(List.of(), heard.warnings);
    }

    @Test
    void shouldGoOnInPureJavaWhenNativeAccessIsTurnedOff() throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome = run(":", List.of("-Duringlog.native=false"), file.toString(), "AUTO");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("event 0\nevent 1\nevent 2\n", Files.readString(file));
        assertTrue(outcome.output().contains("strategy java"), outcome.output());
        assertEquals(
                1, outcome.output().lines().filter(l -> l.startsWith("WARN ")).count(), outcome.output());
        assertTrue(outcome.output().contains("turned off by -Duringlog.native=false"), outcome.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "077"})
    void shouldMakeFilesForTheirOwnerAloneInPureJavaTooWhateverTheUmask(final String umask) throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome =
                run("umask " + umask, List.of("-Duringlog.native=false"), file.toString(), "AUTO");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldWarnInPureJavaTooOfAFileThatOthersCanWrite() throws Exception {
        final Path file = Files.createFile(directory.resolve("log"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        final ChildJvm.Outcome outcome = run(":", List.of("-Duringlog.native=false"), file.toString(), "AUTO");
        assertTrue(outcome.output().contains(file + " is writable by its group or by others"), outcome.output());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));
        final ChildJvm.Outcome exposed = run(":", List.of("-Duringlog.native=false"), file.toString(), "AUTO");
        assertTrue(exposed.output().contains(directory + " is writable by its group or by others"), exposed.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WRITEV", "IOURING"})
    void shouldFailRatherThanSettleForLessThanAskedFor(final String strategy) throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome = run(":", List.of("-Duringlog.native=false"), file.toString(), strategy);
        assertEquals(1, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("UnsupportedStrategyException: strategy"), outcome.output());
        assertFalse(Files.exists(file), "no file is made for a log that does not open");
    }

    @Test
    void shouldWriteWithWritevWhereIoUringIsTurnedOff() throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome =
                run(":", List.of("-Duringlog.iouring=false", "-Dtest.durability=DISK"), file.toString(), "AUTO");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("event 0\nevent 1\nevent 2\n", Files.readString(file));
        assertTrue(outcome.output().contains("strategy writev"), outcome.output());
        assertTrue(outcome.output().contains("turned off by -Duringlog.iouring=false"), outcome.output());
        assertFalse(outcome.output().contains("WARN "), outcome.output());
        final ChildJvm.Outcome forced = run(":", List.of("-Duringlog.iouring=false"), file.toString(), "IOURING");
        assertEquals(1, forced.exitCode(), forced.output());
        assertTrue(forced.output().contains("UnsupportedStrategyException"), forced.output());
    }

    @Test
    void shouldGoOnInPureJavaWhereTheNativeStubCannotBeUnpacked() throws Exception {
        final Path file = directory.resolve("log");
        final Path nowhere = directory.resolve("missing");
        final ChildJvm.Outcome outcome = run(
                "cd /proc",
                List.of("-Djava.io.tmpdir=" + nowhere, "-Djffi.extract.dir=" + nowhere),
                file.toString(),
                "AUTO");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("event 0\nevent 1\nevent 2\n", Files.readString(file));
        final String warning = outcome.output()
                .lines()
                .filter(l -> l.startsWith("WARN "))
                .findFirst()
                .orElse("none");
        assertTrue(warning.contains("JNR-FFI cannot load") && warning.contains(nowhere.toString()), warning);
    }

    @Test
    void shouldFailAsAFileThatCannotBeOpenedWhereThereIsNoMemoryForItsRing() throws Exception {
        final ChildJvm.Outcome outcome = run(
                ":",
                List.of("-XX:MaxDirectMemorySize=1m"),
                directory.resolve("log").toString(),
                "AUTO");
        assertEquals(1, outcome.exitCode(), outcome.output());
        assertTrue(
                outcome.output()
                        .contains("IOException: no direct memory for a log with ringSize 4194304, raise"
                                + " -XX:MaxDirectMemorySize or lower ringSize: "),
                outcome.output());
    }

    /** Root may read what it likes, unless that is taken from it. */
    @Test
    void shouldGoOnInAFileThatMayBeWrittenAndNotRead() throws Exception {
        Host.requireRoot();
        Host.requireCommand("setpriv");
        final Path file = Files.createFile(
                directory.resolve("log"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("-w-------")));
        Files.writeString(file, "before\n");
        final ChildJvm.Outcome outcome = run(
                "set -- setpriv --bounding-set=-dac_override,-dac_read_search \"$@\"",
                List.of(),
                file.toString(),
                "AUTO");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("before\nevent 0\nevent 1\nevent 2\n", Files.readString(file));
    }

    @Test
    void shouldWriteOnARuntimeThatWasMadeWithoutTheRecorderAndManagement() throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome =
                run(":", List.of("--limit-modules=java.base,java.logging,jdk.unsupported"), file.toString(), "AUTO");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("event 0\nevent 1\nevent 2\n", Files.readString(file));
        assertEquals(
                1,
                outcome.output()
                        .lines()
                        .filter(line -> line.matches("(INFO|WARN|ERROR) .*"))
                        .count(),
                outcome.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WRITEV", "IOURING"})
    void shouldLoseNothingWhenTheLogIsNotClosedNotEvenWhatShutdownHooksLog(final String strategy) throws Exception {
        if (strategy.equals("IOURING")) {
            Host.requireIoUring();
        }
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome = run(":", List.of(), file.toString(), strategy, "exit");
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals("event 0\nevent 1\nevent 2\nsaid on the way out\n", Files.readString(file));
    }
}
