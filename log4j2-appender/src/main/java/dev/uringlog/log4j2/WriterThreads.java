package dev.uringlog.log4j2;

import dev.uringlog.append.AppendLogBuilder;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.logging.log4j.core.util.Log4jThreadFactory;

/**
 * Makes Log4j's own kind of threads, whose events its asynchronous appenders never block. With Log4j's factory a thread
 * inherits from its caller, including an application's class loader. So a thread with nothing to inherit calls the factory.
 */
final class WriterThreads implements ThreadFactory {
    /** Making a thread takes microseconds. If it takes this long, another thread has locked a class loader that it needs. */
    private static final long WAIT_MS = 1000;

    private final ThreadFactory log4js;

    WriterThreads(final String element) {
        log4js = Log4jThreadFactory.createDaemonThreadFactory(element);
    }

    @Override
    public Thread newThread(final Runnable work) {
        final FutureTask<Thread> making = new FutureTask<>(() -> log4js.newThread(work));
        final boolean wasInterrupted = Thread.interrupted();
        boolean isInterrupted = false;
        try {
            AppendLogBuilder.newThread(making).start();
            return making.get(WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            isInterrupted = true;
        } catch (final ExecutionException | TimeoutException e) {
            return log4js.newThread(work); // If it fails here too, the caller gets the exception.
        } finally {
            if (wasInterrupted || isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return log4js.newThread(work);
    }
}
