package dev.uringlog.sys;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/** The fake kernel's directories: each there is, unless a test says otherwise. */
public final class FakeDirectories {
    private final FakeKernel kernel;
    private final Map<String, Integer> openErrnos = new HashMap<>();
    private final Map<Integer, String> open = new HashMap<>();
    private final List<String> synced = new ArrayList<>();

    FakeDirectories(final FakeKernel kernel) {
        this.kernel = kernel;
    }

    /** From now on opening this one fails: it has been removed, or may not be read. */
    public void refuse(final String path, final int errno) {
        synchronized (kernel) {
            openErrnos.put(path, errno);
        }
    }

    /** Those that were synced, in order. */
    public List<String> synced() {
        synchronized (kernel) {
            return List.copyOf(synced);
        }
    }

    int open(final String path, final IntSupplier install) {
        if (openErrnos.containsKey(path)) {
            return -openErrnos.get(path);
        }
        final int fd = install.getAsInt();
        open.put(fd, path);
        return fd;
    }

    /** A file's bytes, or the names in a directory, are as good as on stable storage now. */
    void synced(final int fd, final FakeFile file) {
        if (file != null) {
            file.synced();
        }
        final String path = open.get(fd);
        if (path != null) {
            synced.add(path);
            kernel.files.forEach((name, named) -> {
                if (path.equals(String.valueOf(Path.of(name).getParent()))) {
                    named.nameSynced();
                }
            });
        }
    }
}
