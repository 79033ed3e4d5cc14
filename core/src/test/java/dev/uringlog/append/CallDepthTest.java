package dev.uringlog.append;

import static dev.uringlog.append.FakeDisk.ascii;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.ForwardingSyscalls;
import dev.uringlog.sys.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A caller that leads needs stack for all that happens to its event: the way to the kernel is short, and stays so. */
class CallDepthTest {
    private static final int FRAMES_MAX = 12;

    private final FakeDisk disk = new FakeDisk();
    private final List<String> frames = new ArrayList<>();

    private static SinkFactory.Opened opened(final Syscalls kernel) throws IOException {
        return new SinkFactory.Opened(FakeDisk.sink(kernel, Path.of(FakeDisk.PATH)), FakeDisk.PATH);
    }

    @Test
    void shouldReachTheKernelFromALogCallInFewCalls() throws IOException {
        final Thread caller = Thread.currentThread();
        final ForwardingSyscalls watched = new ForwardingSyscalls(disk.kernel) {
            @Override
            public long writev(final int fd, final long iovecAddress, final int iovecCount) {
                if (Thread.currentThread() == caller) {
                    Stream.of(new Throwable().getStackTrace())
                            .skip(1)
                            .takeWhile(frame -> !frame.getClassName().equals(CallDepthTest.class.getName()))
                            .forEach(frame -> frames.add(frame.getClassName() + "." + frame.getMethodName()));
                }
                return super.writev(fd, iovecAddress, iovecCount);
            }
        };
        try (AppendLog log = AppendLog.builder(Path.of(FakeDisk.PATH))
                .sinkFactory(config -> opened(watched))
                .durability(Durability.KERNEL)
                .open()) {
            log.append(ascii("event\n"));
        }
        assertEquals("event\n", disk.text());
        assertTrue(frames.size() > 3, "the caller led");
        assertTrue(frames.size() <= FRAMES_MAX, () -> frames.size() + " frames: " + String.join("\n", frames));
    }
}
