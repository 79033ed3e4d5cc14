package dev.uringlog.sys;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Converts file modes between numbers, sets and text. */
public final class Modes {
    private Modes() {}

    /**
     * Converts permissions to the kernel's mode bits.
     *
     * @param permissions the permissions
     * @return the permission bits
     */
    public static int of(final Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (final PosixFilePermission permission : permissions) {
            mode |= bit(permission);
        }
        return mode;
    }

    private static int bit(final PosixFilePermission permission) {
        // OWNER_READ is bit 8, OTHERS_EXECUTE bit 0: the reverse of their order.
        return 1 << PosixFilePermission.OTHERS_EXECUTE.ordinal() - permission.ordinal();
    }

    private static String text(final int mode) {
        final Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (final PosixFilePermission permission : PosixFilePermission.values()) {
            if ((mode & bit(permission)) != 0) {
                permissions.add(permission);
            }
        }
        return PosixFilePermissions.toString(permissions);
    }

    /**
     * Describes a file whose mode could not be set.
     *
     * @param actual the permission bits it has
     * @param wanted the permission bits it should have
     * @param reason why they could not be set
     * @return a clause without the file's name
     */
    public static String refusal(final int actual, final int wanted, final String reason) {
        final String exposed = (actual & ~wanted) == 0 ? "" : ", so it is open to more users than it should be";
        return "its mode is " + text(actual) + " and cannot be set to " + text(wanted) + exposed + ": " + reason;
    }
}
