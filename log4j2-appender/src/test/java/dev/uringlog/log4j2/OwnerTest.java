package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that may not give files away. */
@Timeout(120)
class OwnerTest {
    private static final String POLICY = "<SizeBasedTriggeringPolicy size=\"10\"/>";

    @TempDir
    Path directory;

    /** Rolls a few times; prints what the status log hears. */
    static final class Main {
        private Main() {}

        public static void main(final String[] arguments) {
            final Path file = Path.of(arguments[0]);
            final String attributes = "fileName=\"" + file + "\" filePattern=\"" + file + ".%i\" fileOwner=\"daemon\""
                    + " fileGroup=\"daemon\"";
            try (Rig rig = new Rig(Rig.rolling(attributes, POLICY, ""))) {
                for (int i = 0; i < 5; i++) {
                    rig.logger().info("a line that is due " + i);
                }
                rig.stop();
                rig.warnings().forEach(System.out::println);
                rig.errors().forEach(System.out::println);
            }
        }
    }

    @Test
    void shouldWriteTheFilesAndSayOnceThatTheyCannotBeGivenAway() throws Exception {
        final List<String> command = new ArrayList<>();
        if (Files.getOwner(directory).getName().equals("root")) { // Who may, unless it gives that up.
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
            command.addAll(List.of("/usr/bin/setpriv", "--bounding-set", "-chown"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                directory.resolve("log").toString()));
        final String said = run(command);
        assertEquals(1, said.split("fileOwner \"daemon\" cannot be set", -1).length - 1, said);
        assertEquals(1, said.split("fileGroup \"daemon\" cannot be set", -1).length - 1, said);
        assertTrue(said.contains("Operation not permitted"), said);
        for (int i = 0; i < 4; i++) {
            assertEquals("a line that is due " + i + "\n", Files.readString(directory.resolve("log." + (i + 1))), said);
        }
    }

    private static String run(final List<String> command) throws IOException, InterruptedException {
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), output);
        assertEquals(0, process.exitValue(), output);
        return output;
    }
}
