package dev.uringlog.examples.core;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Writes a log, tears its end as a crash would, and opens it again. */
public final class WriteAheadLogDemo {
    private WriteAheadLogDemo() {}

    /**
     * Runs it.
     *
     * @param args none
     * @throws IOException if the file cannot be written or read
     */
    public static void main(final String[] args) throws IOException {
        final Path path = Files.createTempDirectory("uringlog").resolve("accounts.wal");
        try {
            try (WriteAheadLog log = WriteAheadLog.open(path, payload -> {})) {
                log.append(utf8("alice -10"));
                log.commit(log.append(utf8("bob +10"))); // Both are on stable storage now.
                System.out.println("committed " + Files.size(path) + " bytes");
            }
            Files.write(path, new byte[] {0, 0, 0, 9, 1, 2, 3}, StandardOpenOption.APPEND);
            System.out.println("torn at " + Files.size(path) + " bytes");
            reopen(path);
        } finally {
            Files.deleteIfExists(path);
            Files.delete(path.getParent());
        }
    }

    private static void reopen(final Path path) throws IOException {
        final List<String> records = new ArrayList<>();
        try (WriteAheadLog log =
                WriteAheadLog.open(path, payload -> records.add(new String(payload, StandardCharsets.UTF_8)))) {
            System.out.println("recovered " + records);
            log.append(utf8("carol +1"));
        }
        System.out.println("closed at " + Files.size(path) + " bytes");
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
