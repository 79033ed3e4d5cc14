package dev.uringlog.write;

import java.io.IOException;

/** One way to pass iovecs to the kernel. */
interface WriteStrategy extends AutoCloseable {
    /** @return bytes written, possibly short */
    long writev(int fd, long iovecAddress, int iovecCount) throws IOException;

    /** Why this strategy has been replaced (the ring broke, writev(2) is used instead), or null. */
    String degradation();

    /**
     * Whether the kernel may still read the memory of earlier calls, because a completion never arrived. Then that memory
     * must never be reused or freed.
     */
    boolean isMemoryQuarantined();

    @Override
    void close();
}
