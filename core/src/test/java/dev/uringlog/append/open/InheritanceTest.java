package dev.uringlog.append.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.NumberedLines;
import dev.uringlog.append.Way;
import dev.uringlog.testing.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A child process has none of a log's descriptors. ProcessBuilder closes whatever there is in any child of its own, and of a
 * file that Java itself has opened, no more can be said; native code, too, may fork, and there O_CLOEXEC is what counts.
 */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class InheritanceTest {
    @TempDir
    Path directory;

    /** What this test needs of libc. */
    public interface LibC {
        int system(String command);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void shouldLeaveNoDescriptorToAChild(final Way way) throws Exception {
        final LibC libc = LibraryLoader.create(LibC.class).load("c");
        final Path file = directory.resolve("private.log");
        final Path listing = directory.resolve("listing");
        try (AppendLog log = way.builder(file).open()) {
            log.append(NumberedLines.line(0, 0));
            log.flush();
            // The shell's own, opened without O_CLOEXEC, shows that the listing shows what is inherited.
            final String list = "exec 9</dev/null; ls -l /proc/self/fd > " + listing;
            if (way == Way.JAVA) {
                Mount.sh(list);
            } else {
                assertEquals(0, libc.system(list));
            }
        }
        final String inherited = Files.readString(listing);
        assertTrue(inherited.contains("9 -> /dev/null"), inherited);
        assertFalse(inherited.contains("private.log"), inherited);
        assertFalse(inherited.contains("io_uring"), inherited);
    }
}
