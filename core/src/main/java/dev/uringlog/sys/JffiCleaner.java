package dev.uringlog.sys;

import java.lang.ref.Cleaner;
import java.lang.reflect.Field;

/**
 * Prevents a class loader leak in jffi, which a redeployed web application would suffer from.
 *
 * <p>jffi 1.4.3 registers each library and each signature with a {@link Cleaner}. Each cleaning action strongly references
 * the object whose unreachability should trigger it, so no action ever runs. Through those actions the Cleaner's thread keeps
 * every class of jffi's loader reachable. A Cleaner whose thread ends at once does not clean either, but it keeps nothing
 * reachable.
 */
final class JffiCleaner {
    private static final String CLEANER = "com.kenai.jffi.internal.Cleaner";

    /** One of these cleaning actions. */
    private static final String ACTION = "com.kenai.jffi.Library$1";

    private JffiCleaner() {}

    /** Must be called before jffi is used. Does nothing if jffi is already in use, or if its actions are fixed. */
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
            // Another version of jffi, without these fields: leave it unchanged.
            return;
        }
    }
}
