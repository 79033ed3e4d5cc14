package dev.uringlog.appender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.uringlog.append.OverflowPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private final Map<String, String> texts = new HashMap<>();
    private final Options options = new Options(texts::get);

    @ParameterizedTest
    @CsvSource({
        ",      MEMORY",
        "TRUE,  KERNEL",
        "false, MEMORY",
    })
    void shouldTakeImmediateFlushForKernel(final String given, final String durability) {
        if (given != null) {
            texts.put("immediateFlush", given);
        }
        options.check();
        assertEquals(List.of(), options.problems());
        assertEquals(durability, options.values().get("durability"));
    }

    @Test
    void shouldPreferADurabilityThatIsGivenToImmediateFlush() {
        texts.putAll(Map.of("immediateFlush", "true", "durability", "disk"));
        assertEquals("DISK", options.values().get("durability"));
    }

    @Test
    void shouldNameEveryOptionThatCannotBeUsed() {
        texts.putAll(Map.of("append", "yes", "level", "LOUD", "immediateFlush", "1", "ringDepth", "3"));
        assertEquals(false, options.bool("append", true));
        assertNull(options.value("level", "INFO", text -> null));
        options.check();
        options.requirePath("file", " ");
        options.requirePath("file", "a\0b");
        options.refuseSharedRoll("prudent", "Other");
        assertEquals(
                List.of(
                        "append \"yes\": allowed is true, false",
                        "level \"LOUD\": allowed is INFO",
                        "immediateFlush \"1\": allowed is true, false",
                        "ringDepth \"3\": allowed is a power of two from 1 to 4096",
                        "file is missing: allowed is a path",
                        "file \"a\0b\": allowed is a path, Nul character not allowed",
                        "prudent \"true\": allowed is false where a file is rolled, because a process must not rename a"
                                + " file that others write to; to share a file between processes use Other"),
                options.problems());
    }

    @Test
    void shouldLeaveTheDefaultWhereTheTextIsBlank() {
        texts.putAll(Map.of("append", " ", "ringDepth", "", "overflow", " "));
        assertEquals(true, options.bool("append", true));
        assertNull(options.text("append"));
        assertEquals(OverflowPolicy.BLOCK, options.overflow());
        options.check();
        assertEquals(List.of(), options.problems());
    }

    @ParameterizedTest
    @CsvSource({"debug, block, true", "INFO, block, false", "debug, discard, false", ", block, false"})
    void shouldWarnOfADiscardLevelWithNothingToDiscard(
            final String level, final String overflow, final boolean isWarned) {
        texts.put("discardLevel", level);
        texts.put("overflow", overflow);
        assertEquals(
                isWarned ? "discardLevel changes nothing without overflow DISCARD" : null,
                options.discardLevelWarning("INFO"));
    }
}
