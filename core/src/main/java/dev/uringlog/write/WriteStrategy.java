package dev.uringlog.write;

import java.io.IOException;

/** One way of handing iovecs to the kernel. */
interface WriteStrategy extends AutoCloseable {
    /** @return bytes written, perhaps short */
    long writev(int fd, long iovecAddress, int iovecCount) throws IOException;

    /** Why this strategy no longer does what its name says (ring broken, now writev), or null. */
    String degradation();

    /**
     * Whether memory named by earlier calls may still be read by the kernel (a submission whose completion never came):
     * then it must never be reused or freed.
     */
    boolean isMemoryQuarantined();

    @Override
    void close();
}
