package dev.uringlog.append.stop;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogListener;
import dev.uringlog.append.Durability;
import dev.uringlog.append.Heard;
import dev.uringlog.write.Strategy;
import dev.uringlog.write.VectoredWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application that comes and goes in a JVM that stays, with classes of its own each time. */
@Timeout(180)
class RedeployTest {
    /** {@code -Dredeployments=50} asks for more. */
    private static final int DEPLOYMENTS = Integer.getInteger("redeployments", 12);

    @TempDir
    Path directory;

    /** What the application does between its start and its end; loaded again each time, JNR too. */
    public static final class Application {
        private Application() {}

        public static void run(final String file, final String strategy) throws IOException {
            final AppendLogListener silent = new Heard();
            try (AppendLog log = AppendLog.builder(Path.of(file))
                    .strategy(Strategy.valueOf(strategy))
                    .durability(Durability.KERNEL)
                    .listener(silent)
                    .open()) {
                log.append("deployed\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static URL[] classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(RedeployTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(final String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (final MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private WeakReference<ClassLoader> deploy(final Path file, final Strategy strategy) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            loader.loadClass(Application.class.getName())
                    .getMethod("run", String.class, String.class)
                    .invoke(null, file.toString(), strategy.name());
            return new WeakReference<>(loader);
        }
    }

    @Test
    void shouldLeaveNeitherClassesNorThreadsNorDescriptorsBehind() throws Exception {
        final Path file = directory.resolve("log");
        final Strategy strategy = VectoredWriter.isIoUringSupported() ? Strategy.IOURING : Strategy.WRITEV;
        deploy(file, strategy); // What the JVM itself loads, starts and opens once.
        final Set<Thread> threads = Thread.getAllStackTraces().keySet();
        final long descriptors = descriptors();
        final List<WeakReference<ClassLoader>> gone = new ArrayList<>();
        for (int i = 0; i < DEPLOYMENTS; i++) {
            gone.add(deploy(file, i % 2 == 0 ? strategy : Strategy.AUTO));
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            System.gc();
            assertEquals(
                    0,
                    gone.stream().filter(loader -> loader.get() != null).count(),
                    "class loaders that are still held");
        });
        assertEquals(DEPLOYMENTS + 1, Files.readAllLines(file).size());
        await().untilAsserted(() -> {
            assertEquals(List.of(), newSince(threads), "threads that still run");
            assertTrue(descriptors() <= descriptors, "descriptors that are still open");
        });
    }

    /** What an application with classes of its own does in a library that it shares with others. */
    public static final class Caller implements Callable<AppendLog> {
        private static final InheritableThreadLocal<Object> ITS_OWN = new InheritableThreadLocal<>();

        @Override
        public AppendLog call() throws IOException {
            final Thread thread = Thread.currentThread();
            thread.setContextClassLoader(Caller.class.getClassLoader());
            ITS_OWN.set(new Caller());
            return AppendLog.builder(Path.of(System.getProperty("redeploy.file")))
                    .open();
        }
    }

    /** Defines that class again, and asks its parent for all others. */
    private static final class ItsOwnLoader extends ClassLoader {
        ItsOwnLoader() {
            super(RedeployTest.class.getClassLoader());
        }

        Class<?> define() throws IOException {
            final String name = Caller.class.getName();
            try (InputStream in = Caller.class.getResourceAsStream("RedeployTest$Caller.class")) {
                final byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
        }
    }

    /** On a thread that ends, with all it had. */
    private static AppendLog openFromElsewhere(final List<WeakReference<ClassLoader>> gone) throws Exception {
        final CompletableFuture<AppendLog> opened = new CompletableFuture<>();
        final Thread thread = new Thread(() -> {
            try {
                final ItsOwnLoader loader = new ItsOwnLoader();
                gone.add(new WeakReference<>(loader));
                final Object caller = loader.define().getConstructor().newInstance();
                opened.complete((AppendLog) ((Callable<?>) caller).call());
            } catch (final Throwable e) {
                opened.completeExceptionally(e);
            }
        });
        thread.start();
        thread.join();
        return opened.get();
    }

    @Test
    void shouldHoldNothingOfWhatOpenedALogWhileTheLogIsOpen() throws Exception {
        System.setProperty("redeploy.file", directory.resolve("log").toString());
        final List<WeakReference<ClassLoader>> gone = new ArrayList<>();
        try (AppendLog log = openFromElsewhere(gone)) {
            log.append("open\n".getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                System.gc();
                assertNull(gone.get(0).get(), "the class loader of what opened the log");
            });
        } finally {
            System.clearProperty("redeploy.file");
        }
    }

    private static List<Thread> newSince(final Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && !thread.getName().startsWith("awaitility"))
                .toList();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
