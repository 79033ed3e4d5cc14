package dev.uringlog.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Errno.Family;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every table, on any machine; the one in force, against the kernel. */
class PlatformTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        // os.name, os.arch, O_APPEND, O_CREAT, O_EXCL, O_TRUNC, O_NONBLOCK, O_NOFOLLOW, O_CLOEXEC, O_DIRECTORY
        "Linux, amd64, 0x400, 0x40, 0x80, 0x200, 0x800, 0x20000, 0x80000, 0x10000",
        "Linux, aarch64, 0x400, 0x40, 0x80, 0x200, 0x800, 0x8000, 0x80000, 0x4000",
        "Linux, riscv64, 0x400, 0x40, 0x80, 0x200, 0x800, 0x20000, 0x80000, 0x10000",
        "Linux, ppc64le, 0x400, 0x40, 0x80, 0x200, 0x800, 0x8000, 0x80000, 0x4000",
        "Mac OS X, x86_64, 0x8, 0x200, 0x800, 0x400, 0x4, 0x100, 0x1000000, 0x100000",
        "Mac OS X, aarch64, 0x8, 0x200, 0x800, 0x400, 0x4, 0x100, 0x1000000, 0x100000",
        "FreeBSD, amd64, 0x8, 0x200, 0x800, 0x400, 0x4, 0x100, 0x100000, 0x20000",
        "OpenBSD, amd64, 0x8, 0x200, 0x800, 0x400, 0x4, 0x100, 0x10000, 0x20000",
        "NetBSD, amd64, 0x8, 0x200, 0x800, 0x400, 0x4, 0x100, 0x400000, 0x200000",
    })
    void shouldKnowTheOpenFlagsOfEveryUnix(
            final String os,
            final String arch,
            final String append,
            final String create,
            final String exclusive,
            final String truncate,
            final String nonBlock,
            final String noFollow,
            final String closeOnExec,
            final String dir) {
        final Platform.OpenFlags flags = Platform.of(os, arch).openFlags();
        assertEquals(Integer.decode(append), flags.append());
        assertEquals(Integer.decode(create), flags.create());
        assertEquals(Integer.decode(exclusive), flags.exclusive());
        assertEquals(Integer.decode(truncate), flags.truncate());
        assertEquals(Integer.decode(nonBlock), flags.nonBlock());
        assertEquals(Integer.decode(noFollow), flags.noFollow());
        assertEquals(Integer.decode(closeOnExec), flags.closeOnExec());
        assertEquals(Integer.decode(dir), flags.directory());
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, true",
        "Linux, aarch64, true",
        "Linux, riscv64, false",
        "Linux, ppc64le, false",
        "Mac OS X, aarch64, false",
        "FreeBSD, amd64, false"
    })
    void shouldTryIoUringOnlyWhereItsLayoutsAreKnown(final String os, final String arch, final boolean expected) {
        assertEquals(expected, Platform.of(os, arch).hasIoUring());
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, aarch64, 1030",
        "Linux, amd64, 1030",
        "Mac OS X, aarch64, 67",
        "FreeBSD, amd64, 17",
        "OpenBSD, amd64, 10",
        "NetBSD, amd64, 12"
    })
    void shouldKnowHowEveryUnixDuplicatesADescriptor(final String os, final String arch, final int command) {
        assertEquals(command, Platform.of(os, arch).duplicateCommand());
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64", "Linux, s390x", "Linux, i386", "SunOS, amd64", "FreeBSD, i386", "'', ''"})
    void shouldKnowWhatItDoesNotKnow(final String os, final String arch) {
        assertNull(Platform.of(os, arch));
    }

    @ParameterizedTest
    @CsvSource({
        // os.name, os.arch, offset and bytes of st_dev, of st_mode, offset of st_ino, of st_size, of st_nlink
        "Linux, amd64, 0, 8, 24, 4, 8, 48, 16",
        "Linux, aarch64, 0, 8, 16, 4, 8, 48, 20",
        "Mac OS X, aarch64, 0, 4, 4, 2, 8, 96, 6",
        "FreeBSD, amd64, 0, 8, 24, 2, 8, 112, 16",
        "OpenBSD, amd64, 4, 4, 0, 4, 8, 80, 16",
        "NetBSD, amd64, 0, 8, 8, 4, 16, 112, 24",
    })
    void shouldReadStructStatAsEveryUnixLaysItOut(
            final String os,
            final String arch,
            final int device,
            final int deviceBytes,
            final int mode,
            final int modeBytes,
            final int inode,
            final int size,
            final int links) {
        final ByteBuffer memory = NativeMemory.allocate(Platform.Stat.SIZE_MAX, 8);
        if (deviceBytes == 8) {
            memory.putLong(device, 7);
        } else {
            memory.putInt(device, 7);
        }
        if (modeBytes == 4) {
            memory.putInt(mode, 0100640);
        } else {
            memory.putShort(mode, (short) 0100640);
        }
        memory.putLong(inode, 9).putLong(size, 11).putShort(links, (short) 3);
        final FileStatus status = new FileStatus();
        Platform.of(os, arch).stat().read(memory, status);
        assertTrue(status.isRegularFile());
        assertEquals(0640, status.permissions());
        assertEquals(11, status.size());
        assertEquals(3, status.links());
        final FileStatus same = new FileStatus();
        same.set(7, 9, 0, 0, 0);
        assertTrue(status.isSameFile(same));
    }

    @Test
    void shouldTellOfAFileWhatJavaTells() throws Exception {
        final Syscalls kernel = Kernel.syscalls();
        assertNotNull(kernel, Kernel.access().refusal());
        final Path file = Files.writeString(directory.resolve("file"), "12345");
        final Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        final FileStatus status = new FileStatus();
        assertEquals(0, kernel.lstat(file.toString(), status));
        assertEquals(5, status.size());
        assertTrue(status.isRegularFile());
        assertEquals(Files.getAttribute(file, "unix:mode"), status.mode());
        assertEquals(1, status.links());
        Files.createLink(directory.resolve("second"), file);
        assertEquals(0, kernel.lstat(file.toString(), status));
        assertEquals(2, status.links());
        final FileStatus ofLink = new FileStatus();
        assertEquals(0, kernel.lstat(link.toString(), ofLink));
        assertFalse(ofLink.isRegularFile());
        assertEquals(Files.getAttribute(link, "unix:mode", LinkOption.NOFOLLOW_LINKS), ofLink.mode());
        final Errno missing = Errno.of(-kernel.lstat(directory.resolve("none").toString(), status));
        assertEquals(Errno.ENOENT, missing);
    }

    @ParameterizedTest
    @CsvSource({
        "EAGAIN, 11, 35, 35, 35, 35",
        "ENOSPC, 28, 28, 28, 28, 28",
        "EDQUOT, 122, 69, 69, 69, 69",
        "ENOSYS, 38, 78, 78, 78, 78",
        "EOPNOTSUPP, 95, 102, 45, 45, 45",
        "ECANCELED, 125, 89, 85, 88, 87",
        "ELOOP, 40, 62, 62, 62, 62",
        "ESTALE, 116, 70, 70, 70, 70"
    })
    void shouldNameErrnosByEachKernelsNumbers(
            final Errno errno,
            final int linux,
            final int darwin,
            final int freebsd,
            final int openbsd,
            final int netbsd) {
        assertEquals(errno, Errno.of(linux, Family.LINUX));
        assertEquals(errno, Errno.of(darwin, Family.DARWIN));
        assertEquals(errno, Errno.of(freebsd, Family.FREEBSD));
        assertEquals(errno, Errno.of(openbsd, Family.OPENBSD));
        assertEquals(errno, Errno.of(netbsd, Family.NETBSD));
    }

    @Test
    void shouldAgreeWithTheTestsConstants() throws IllegalAccessException {
        for (final Field constant : LinuxErrno.class.getFields()) {
            assertEquals(Errno.valueOf(constant.getName()), Errno.of(constant.getInt(null), Family.LINUX));
        }
    }

    @Test
    void shouldTolerateErrnosItDoesNotKnow() {
        assertEquals(Errno.UNKNOWN, Errno.of(0));
        assertEquals(Errno.UNKNOWN, Errno.of(9999));
        assertEquals(Errno.UNKNOWN, Errno.of(-1));
    }
}
