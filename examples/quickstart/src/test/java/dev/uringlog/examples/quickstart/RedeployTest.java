package dev.uringlog.examples.quickstart;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.stream.Stream;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A web application that is deployed, logs from a thread of its container, and is undeployed; again and again. */
@Timeout(600)
class RedeployTest {
    /** {@code -Dredeployments=50} asks for more. */
    private static final int DEPLOYMENTS = Integer.getInteger("redeployments", 4);

    /** What Log4j takes a web application by: then it keeps nothing of its own in its container's threads. */
    private static final String WEB_APPLICATION = "log4j2.isWebapp";

    @TempDir
    private Path dir;

    /** The application; loaded again each time, with its framework and all of Uringlog's classes. */
    public static final class Application {
        private Application() {}

        public static void log4j2(final String xml) throws Exception {
            final ConfigurationSource source =
                    new ConfigurationSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
            try (LoggerContext context = Configurator.initialize(Application.class.getClassLoader(), source)) {
                context.getLogger("app").info("deployed");
            }
        }

        public static void logback(final String xml) throws Exception {
            final ch.qos.logback.classic.LoggerContext context = new ch.qos.logback.classic.LoggerContext();
            context.setMDCAdapter(new LogbackMDCAdapter());
            final JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
            context.getLogger("app").info("deployed");
            context.stop();
        }
    }

    @AfterEach
    void forgetTheContainer() {
        System.clearProperty(WEB_APPLICATION);
        Thread.currentThread().setContextClassLoader(RedeployTest.class.getClassLoader());
    }

    @ParameterizedTest
    @ValueSource(strings = {"log4j2", "logback"})
    void shouldLeaveNeitherClassesNorThreadsNorDescriptorsBehind(final String framework) throws Exception {
        System.setProperty(WEB_APPLICATION, "true");
        final Path file = dir.resolve("app.log");
        final boolean isLog4j = framework.equals("log4j2");
        final List<String> xmls = new ArrayList<>(); // In turns, so that what the one leaves the other finds.
        for (final String holding : List.of(
                isLog4j ? "<IoUringFile " : "logback.IoUringFileAppender\">",
                isLog4j ? "<RollingIoUringFile " : "logback.RollingIoUringFileAppender\">")) {
            xmls.add(Readme.block("xml", holding).replace("logs/", dir + "/"));
        }
        final int before = xmls.size();
        for (final String xml : xmls) {
            deploy(framework, xml); // What the JVM itself loads, starts and opens once.
        }
        final Set<Thread> threads = Thread.getAllStackTraces().keySet();
        final long descriptors = descriptors();
        final List<WeakReference<ClassLoader>> gone = new ArrayList<>();
        for (int i = 0; i < DEPLOYMENTS; i++) {
            gone.add(deploy(framework, xmls.get(i % xmls.size())));
        }
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            System.gc();
            assertEquals(
                    0,
                    gone.stream().filter(loader -> loader.get() != null).count(),
                    "class loaders that are still held");
        });
        await().untilAsserted(() -> {
            assertEquals(List.of(), newSince(threads), "threads that still run");
            assertTrue(descriptors() <= descriptors, "descriptors that are still open");
        });
        assertEquals(DEPLOYMENTS + before, Files.readAllLines(file).size());
    }

    private static WeakReference<ClassLoader> deploy(final String framework, final String xml) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass(Application.class.getName())
                    .getMethod(framework, String.class)
                    .invoke(null, xml);
            return new WeakReference<>(loader);
        } finally {
            Thread.currentThread().setContextClassLoader(RedeployTest.class.getClassLoader());
        }
    }

    private static URL[] classPath() {
        return Stream.of(Jvm.classPath().split(File.pathSeparator))
                .map(RedeployTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(final String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (final MalformedURLException e) {
            throw new UncheckedIOException(e);
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
