package dev.uringlog.write;

import dev.uringlog.sys.Syscalls;
import java.nio.file.Path;

/** Files and writers on a kernel that a test gives them. */
public final class OnKernel {
    private OnKernel() {}

    public static LogFile.Builder file(final Syscalls kernel, final Path path) {
        return LogFile.builder(path).syscalls(kernel);
    }

    public static VectoredWriter.Builder writer(final Syscalls kernel) {
        return VectoredWriter.builder().syscalls(kernel);
    }
}
