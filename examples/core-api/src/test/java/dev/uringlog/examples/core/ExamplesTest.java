package dev.uringlog.examples.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Each example runs, and prints what it promises. */
class ExamplesTest {
    /** An example's main. */
    private interface Program {
        void main(String[] args) throws Exception;
    }

    @Test
    void shouldWriteTwoBuffersWithTheSharedWriter() throws Exception {
        assertEquals("wrote 15 bytes\n", output(SharedWritev::main));
    }

    @Test
    void shouldWriteTwoLinesWithAWriterOfOnesOwn() throws Exception {
        assertEquals("one\ntwo\n", output(ExplicitWriter::main));
    }

    @Test
    void shouldRecoverAWriteAheadLogUpToTheTornFrame() throws Exception {
        final String expected = """
                committed 32 bytes
                torn at 39 bytes
                recovered [alice -10, bob +10]
                closed at 48 bytes
                """;
        assertEquals(expected, output(WriteAheadLogDemo::main));
    }

    private static String output(final Program program) throws Exception {
        final PrintStream console = System.out;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
}
