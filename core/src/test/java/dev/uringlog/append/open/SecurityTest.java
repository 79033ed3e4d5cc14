package dev.uringlog.append.open;

import static dev.uringlog.append.FakeDisk.ascii;
import static dev.uringlog.sys.LinuxErrno.EBADF;
import static dev.uringlog.sys.LinuxErrno.EIO;
import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.Durability;
import dev.uringlog.append.FakeDisk;
import dev.uringlog.append.Heard;
import dev.uringlog.append.NumberingRoller;
import dev.uringlog.append.Way;
import dev.uringlog.testing.ChildJvm;
import dev.uringlog.write.Strategy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log must not give away, and what it must warn of. SECURITY.md names the tests of the rest. */
@Timeout(120)
class SecurityTest {
    private static final String SECRET = "4111-1111-1111-1111";
    private static final long SEED = 20261125;
    private static final int RING = 64 << 10;

    @TempDir
    Path directory;

    /** Everything that a log says, with the whole of what was thrown. */
    private static final class Ear implements AppendLogListener {
        private final StringWriter heard = new StringWriter();
        private final PrintWriter writer = new PrintWriter(heard);

        @Override
        public void info(final String message) {
            writer.println(message);
        }

        @Override
        public void warn(final String message) {
            writer.println(message);
        }

        @Override
        public void error(final String message, final Throwable cause) {
            writer.println(message);
            hear(cause);
        }

        void hear(final Throwable cause) {
            if (cause != null) {
                cause.printStackTrace(writer);
            }
        }

        String text() {
            writer.flush();
            return heard.toString();
        }
    }

    /** ENOSPC, EIO, EBADF: held, held and read as such, reopened. Each call fails for good, until none is left. */
    @ParameterizedTest
    @ValueSource(ints = {ENOSPC, EIO, EBADF})
    void shouldNeverSayWhatAnEventHoldsWhateverFails(final int errno) {
        for (final Strategy strategy : new Strategy[] {Strategy.WRITEV, Strategy.IOURING}) {
            final Ear ear = new Ear();
            long calls;
            int n = 0;
            do {
                n++;
                final FakeDisk disk = new FakeDisk();
                disk.kernel.plan().failFromNthOfAll(n, errno);
                logSecrets(disk.builder(strategy).listener(ear), ear);
                calls = disk.kernel.calls();
            } while (calls >= n && n < 40);
            assertTrue(ear.text().contains("(" + errno + ")"), "nothing went wrong: this test tests nothing");
            assertFalse(ear.text().contains(SECRET), ear.text());
        }
    }

    private static void logSecrets(final AppendLogBuilder builder, final Ear ear) {
        try (AppendLog log = builder.durability(Durability.DISK)
                .ringSize(4096)
                .shutdownTimeout(Duration.ofMillis(50))
                .open()) {
            for (int i = 0; i < 3; i++) {
                log.append(ascii(SECRET + "\n"));
            }
        } catch (final IOException | UncheckedIOException e) {
            ear.hear(e);
        }
    }

    /** Rings and scratch buffers are used again and again: full of 0xFF first, and then no such byte may get out. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldWriteNoByteThatNoEventPutThere(final Way way) throws Exception {
        final Path file = directory.resolve("log");
        final Random random = new Random(SEED);
        final ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (AppendLog log = way.builder(file).ringSize(RING).open()) {
            final byte[] filling = new byte[1000];
            Arrays.fill(filling, (byte) 0xFF);
            for (int i = 0; i < 3 * RING / filling.length; i++) {
                append(log, filling, expected);
            }
            log.flush();
            final int filled = expected.size();
            for (int i = 0; i < 2_000; i++) {
                final byte[] event = new byte[1 + random.nextInt(i % 100 == 0 ? 2 * RING : 300)];
                Arrays.fill(event, (byte) ('a' + i % 26));
                append(log, event, expected);
                if (random.nextInt(10) == 0) {
                    log.flush();
                }
            }
            log.flush();
            final byte[] written = Files.readAllBytes(file);
            for (int i = filled; i < written.length; i++) {
                assertTrue(
                        written[i] >= 'a' && written[i] <= 'z', "byte " + i + " is " + written[i] + ", seed " + SEED);
            }
            assertTrue(Arrays.equals(expected.toByteArray(), written), "seed " + SEED);
        }
    }

    private static void append(final AppendLog log, final byte[] event, final ByteArrayOutputStream expected)
            throws IOException {
        if (event.length % 2 == 0) {
            log.append(event);
        } else {
            log.append(ByteBuffer.wrap(event));
        }
        expected.write(event);
    }

    @Test
    void shouldWarnOfAFileThatOthersCanWriteAndOfADirectory() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        final Path file = directory.resolve("log");
        final Heard heard = new Heard();
        AppendLog.builder(file).listener(heard).open().close();
        assertEquals(1, heard.warnings.size(), heard.warnings.toString());
        assertTrue(heard.warnings.get(0).contains(directory + " is writable by its group or by others"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        AppendLog.builder(file).listener(heard).open().close();
        assertTrue(heard.warnings.get(1).contains(file + " is writable by its group or by others"));
    }

    /** One file that is rolled, and one that others move; by whichever tier there is. */
    static final class Turns {
        private Turns() {}

        public static void main(final String[] arguments) throws IOException {
            final Path path = Path.of(arguments[0]);
            try (AppendLog log = AppendLog.builder(path)
                    .filePermissions(PosixFilePermissions.fromString("rw-r-----"))
                    .roller(new NumberingRoller((time, length, size) -> false))
                    .open()) {
                log.append(ascii("rolled\n"));
                log.roll();
                log.append(ascii("moved\n"));
                log.flush();
                Files.move(path, path.resolveSibling("log.moved"));
                log.reopen();
                log.append(ascii("there\n"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"000, true", "077, true", "000, false", "077, false"})
    void shouldGiveEachFileItsModeWhateverTheUmaskAfterRollAndReopen(final String umask, final boolean isNative)
            throws Exception {
        final Path path = directory.resolve("log");
        final ChildJvm.Outcome outcome =
                ChildJvm.run("umask " + umask, List.of("-Duringlog.native=" + isNative), Turns.class, path.toString());
        assertEquals(0, outcome.exitCode(), outcome.output());
        for (final String name : List.of("log", "log.1", "log.moved")) {
            final Path file = directory.resolve(name);
            assertTrue(Files.size(file) > 0, name);
            assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), name);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldChangeTheModeOfAFileThatIsThereWhereToldToAlone(final Way way) throws Exception {
        final Path file = Files.createFile(directory.resolve("log"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        way.builder(file).open().close();
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        way.builder(file)
                .filePermissions(PosixFilePermissions.fromString("rw-r-----"))
                .open()
                .close();
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    /** Writes to the files of another user, whose mode it may not set. */
    static final class FilesOfOthers {
        private FilesOfOthers() {}

        public static void main(final String[] arguments) throws IOException {
            for (final Way way : new Way[] {Way.WRITEV, Way.JAVA}) {
                final Heard heard = new Heard();
                try (AppendLog log = way.builder(Path.of(arguments[0], way.name()))
                        .listener(heard)
                        .filePermissions(PosixFilePermissions.fromString("rw-r-----"))
                        .open()) {
                    log.append(ascii("written\n"));
                    log.reopen();
                    log.append(ascii("still\n"));
                }
                heard.warnings.forEach(System.out::println);
                heard.errors.forEach(System.out::println);
            }
        }
    }

    @Test
    void shouldWriteAFileOfAnotherUserWhoseModeItMayNotSetAndSaySoOnce() throws Exception {
        final Path logs = Files.createDirectory(directory.resolve("logs"));
        for (final Way way : new Way[] {Way.WRITEV, Way.JAVA}) {
            Files.setPosixFilePermissions(
                    Files.createFile(logs.resolve(way.name())), PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        final ChildJvm.Outcome outcome =
                ChildJvm.runAsNobody(directory, "chmod 755 " + directory, FilesOfOthers.class, logs.toString());
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertEquals(3, outcome.output().split("its mode is", -1).length, outcome.output()); // Once each.
        for (final Way way : new Way[] {Way.WRITEV, Way.JAVA}) {
            assertEquals("written\nstill\n", Files.readString(logs.resolve(way.name())));
            assertTrue(
                    outcome.output()
                            .contains(logs.resolve(way.name()) + " is written even so, but its mode is rw-rw-rw- and"
                                    + " cannot be set to rw-r-----, so it is open to more users than it should be: "),
                    outcome.output());
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldSayThatALinkIsWhatItRefuses(final Way way) throws Exception {
        final Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("target"));
        final AppendLogBuilder builder = way.builder(link);
        final IOException thrown = assertThrows(IOException.class, builder::open);
        assertEquals(link + " is a symbolic link, which is refused", thrown.getMessage());
        assertFalse(Files.exists(directory.resolve("target")));
    }
}
