package dev.uringlog.logback.framework;

import dev.uringlog.logback.RollingIoUringFileAppender;

/**
 * Ours, for tests that look at files, or at what a policy does, as soon as the call has returned.
 *
 * @param <E> the type of event
 */
public class KernelAppender<E> extends RollingIoUringFileAppender<E> {
    /** The event is in its file, and what had to be rolled for it is rolled, when a call returns. */
    @SuppressWarnings("this-escape") // It is an option, like one in a configuration.
    public KernelAppender() {
        setDurability("KERNEL");
    }
}
