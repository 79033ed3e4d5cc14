package dev.uringlog.examples.doctor;

import dev.uringlog.write.VectoredWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Says what works on this machine and in a directory, and how to configure the appender for it. */
public final class Doctor {
    private static final int USAGE = 4;

    private static final String HELP = """
            java -jar uringlog-doctor.jar [--json] [DIRECTORY]

            Says whether io_uring works here and why not, what the directory's file system means (the current
            directory's if none is given), what strategy auto would choose there, what a flush and an fdatasync cost,
            and the line of log4j2.xml or logback.xml that follows. It writes a file there for that, and removes it.

              --json   one JSON object instead
              --help   this

            Exit code:
              0  io_uring works
              1  io_uring does not, writev(2) does
              2  there is no native access: logs are written by plain Java
              3  no log is possible in that directory
              4  these arguments mean nothing
            """;

    private Doctor() {}

    /**
     * Examines the machine and the directory.
     *
     * @param arguments as {@code --help} says
     */
    public static void main(final String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(final String[] arguments) {
        final List<String> rest = new ArrayList<>(List.of(arguments));
        if (rest.remove("--help")) {
            System.out.print(HELP);
            return 0;
        }
        if (rest.remove(IoUring.ASK)) {
            VectoredWriter.isIoUringSupported();
            return 0;
        }
        final boolean isJson = rest.remove("--json");
        final String directory = rest.isEmpty() ? "." : rest.remove(0);
        if (!rest.isEmpty() || directory.startsWith("-")) {
            return misused("unknown: " + (rest.isEmpty() ? directory : String.join(" ", rest)));
        }
        try {
            final Findings findings = Findings.of(Path.of(directory));
            System.out.print(isJson ? JsonReport.of(findings) + System.lineSeparator() : TextReport.of(findings));
            return findings.exitCode();
        } catch (final InvalidPathException e) {
            return misused("no path: " + e.getMessage());
        }
    }

    private static int misused(final String why) {
        System.err.println(why);
        System.err.print(HELP);
        return USAGE;
    }
}
