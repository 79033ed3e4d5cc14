package dev.uringlog.sys;

import java.lang.ref.Cleaner;
import java.lang.reflect.Field;

/**
 * Keeps jffi from holding its class loader for ever, as a web application that is deployed again would find it doing.
 *
 * <p>jffi 1.4.3 hands each library and each signature to a {@link Cleaner}, and each time the action holds what its end is
 * to be noticed of. So nothing is ever cleaned, and the Cleaner's thread, through those actions, holds every class of
 * jffi's loader. A Cleaner whose thread ends at once cleans as little, and holds nothing.
 */
final class JffiCleaner {
    private static final String CLEANER = "com.kenai.jffi.internal.Cleaner";

    /** One of those actions. */
    private static final String ACTION = "com.kenai.jffi.Library$1";

    private JffiCleaner() {}

    /** To be called before jffi is used; leaves alone one that is in use, or has mended its actions. */
    static void disarm() {
        try {
            final Class<?> action = Class.forName(ACTION, false, JffiCleaner.class.getClassLoader());
            action.getDeclaredField("this$0");
            final Field cleaner = Class.forName(CLEANER).getDeclaredField("cleaner");
            cleaner.setAccessible(true);
            if (cleaner.get(null) == null) {
                cleaner.set(null, Cleaner.create(work -> new Thread("uringlog-jffi")));
            }
        } catch (final ReflectiveOperationException | RuntimeException e) {
            // Another jffi than the one this was found in: it is as it is.
            return;
        }
    }
}
