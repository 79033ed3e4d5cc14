package dev.uringlog.sys;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A file in the fake kernel's memory. It outlives its name and its descriptors, so that a test can still read it. */
public final class FakeFile {
    private static final int TYPE_REGULAR = 0x8000;
    private static final int TYPE_CHARACTER_DEVICE = 0x2000;

    private final FakeKernel kernel;
    private final long inode;
    private final boolean keepsBytes;
    private int permissions;
    private byte[] content = new byte[1 << 10];
    private int size;
    private int syncedSize;
    private boolean isNameSynced;
    private int errors;
    private int errorsTold;

    FakeFile(final FakeKernel kernel, final long inode, final int permissions, final boolean keepsBytes) {
        this.kernel = kernel;
        this.inode = inode;
        this.permissions = permissions;
        this.keepsBytes = keepsBytes;
    }

    /** A copy of the whole content. */
    public byte[] bytes() {
        synchronized (kernel) {
            return Arrays.copyOf(content, size);
        }
    }

    /** The whole content, as UTF-8. */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** The size in bytes. */
    public long size() {
        synchronized (kernel) {
            return size;
        }
    }

    /** How much of it a loss of power would leave, at least. */
    public long syncedSize() {
        synchronized (kernel) {
            return syncedSize;
        }
    }

    /** Whether a loss of power would leave it a name: the directory was synced since the file was made. */
    public boolean isNameSynced() {
        synchronized (kernel) {
            return isNameSynced;
        }
    }

    /** Pages could not be written back. Each description that is open now hears it once, and the first opened after it. */
    public void loseWriteback() {
        synchronized (kernel) {
            errors++;
        }
    }

    int errors() {
        return errors;
    }

    int errorsTold() {
        return errorsTold;
    }

    int tellErrors() {
        errorsTold = errors;
        return errors;
    }

    void nameSynced() {
        isNameSynced = true;
    }

    void synced() {
        syncedSize = size;
    }

    void synced(final long covered) {
        syncedSize = Math.max(syncedSize, (int) covered);
    }

    /** The permission bits. */
    public int permissions() {
        synchronized (kernel) {
            return permissions;
        }
    }

    /** Cuts the file, or lengthens it with NULs, as another process may. */
    public void truncate(final int newSize) {
        synchronized (kernel) {
            ensureCapacity(newSize);
            Arrays.fill(content, Math.min(size, newSize), content.length, (byte) 0);
            size = newSize;
        }
    }

    /** Puts text at the end, as another process may. */
    public void append(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        synchronized (kernel) {
            write(size, bytes, bytes.length);
        }
    }

    void write(final long offset, final byte[] bytes, final int length) {
        if (keepsBytes) {
            final int end = Math.toIntExact(offset + length);
            ensureCapacity(end);
            System.arraycopy(bytes, 0, content, (int) offset, length);
            size = Math.max(size, end);
        }
    }

    private void ensureCapacity(final int capacity) {
        if (capacity > content.length) {
            content = Arrays.copyOf(content, Math.max(capacity, content.length * 2));
        }
    }

    void chmod(final int newPermissions) {
        permissions = newPermissions;
    }

    void status(final FileStatus status) {
        final int type = keepsBytes ? TYPE_REGULAR : TYPE_CHARACTER_DEVICE;
        final long links = kernel.files.values().stream().filter(this::equals).count();
        status.set(1, inode, permissions | type, size, (int) links);
    }
}
