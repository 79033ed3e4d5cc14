package dev.uringlog.sys;

import java.nio.ByteBuffer;

/**
 * A file's status, filled by {@link Syscalls#fstat} and {@link Syscalls#lstat}. An instance can be reused: a repeated call
 * for the same path allocates nothing. Not thread-safe.
 */
public final class FileStatus {
    private static final int TYPE_MASK = 0xF000;
    private static final int TYPE_REGULAR = 0x8000;
    private static final int PERMISSIONS_MASK = 0xFFF;

    private long device;
    private long inode;
    private int mode;
    private long size;
    private int links;

    private ByteBuffer memory;
    private String named;
    private ByteBuffer name;

    /** Creates an empty status. */
    public FileStatus() {}

    /** The memory that the kernel writes to. */
    ByteBuffer memory() {
        if (memory == null) {
            memory = NativeMemory.allocate(Platform.Stat.SIZE_MAX, Long.BYTES);
        }
        return memory;
    }

    /** The path as a null-terminated string; cached, so that a repeated call allocates nothing. */
    ByteBuffer name(final String path) {
        if (!path.equals(named)) {
            final byte[] bytes = JnrSyscalls.terminated(path);
            name = NativeMemory.allocate(bytes.length, 1).put(0, bytes);
            named = path;
        }
        return name;
    }

    /**
     * Sets every field.
     *
     * @param newDevice st_dev
     * @param newInode st_ino
     * @param newMode st_mode
     * @param newSize st_size, bytes
     * @param newLinks st_nlink
     */
    public void set(
            final long newDevice, final long newInode, final int newMode, final long newSize, final int newLinks) {
        device = newDevice;
        inode = newInode;
        mode = newMode;
        size = newSize;
        links = newLinks;
    }

    /**
     * Whether both describe the same file.
     *
     * @param other another file's status
     * @return true if device and inode agree
     */
    public boolean isSameFile(final FileStatus other) {
        return device == other.device && inode == other.inode;
    }

    /**
     * Whether this is a regular file.
     *
     * @return false for a FIFO, a device, a directory, a link
     */
    public boolean isRegularFile() {
        return (mode & TYPE_MASK) == TYPE_REGULAR;
    }

    /**
     * The count of hard links.
     *
     * @return 0 if the file has no name and is deleted when its last descriptor is closed
     */
    public int links() {
        return links;
    }

    /**
     * The permission bits.
     *
     * @return mode without the type
     */
    public int permissions() {
        return mode & PERMISSIONS_MASK;
    }

    /**
     * The type and the permission bits.
     *
     * @return st_mode
     */
    public int mode() {
        return mode;
    }

    /**
     * The size.
     *
     * @return st_size, bytes
     */
    public long size() {
        return size;
    }
}
