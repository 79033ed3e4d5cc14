package dev.uringlog.append.open;

import static dev.uringlog.append.Hooks.withSink;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.append.AppendLog;
import dev.uringlog.append.AppendLogBuilder;
import dev.uringlog.append.Heard;
import dev.uringlog.testing.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a log does where this library, or what it is built on, cannot be loaded as usual. */
@Timeout(120)
class LoadingTest {
    @TempDir
    Path directory;

    /** Opens one log after another, and says what escapes, what the logs said and which threads of theirs are left. */
    static final class Opens {
        private Opens() {}

        public static void main(final String[] files) throws Exception {
            Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> System.out.println("UNCAUGHT " + failure));
            for (final String file : files) {
                final Heard heard = new Heard();
                try (AppendLog log =
                        AppendLog.builder(Path.of(file)).listener(heard).open()) {
                    log.append("event\n".getBytes(StandardCharsets.US_ASCII));
                    System.out.println("OPEN " + log.description());
                }
                awaitEnd("uringlog-loader", "uringlog-management");
                heard.warnings.forEach(warning -> System.out.println("WARN " + warning));
            }
            awaitEnd("uringlog-flusher", "uringlog-jffi");
        }

        private static void awaitEnd(final String... names) throws InterruptedException {
            for (final Thread thread : Thread.getAllStackTraces().keySet()) {
                if (List.of(names).contains(thread.getName())) {
                    thread.join();
                }
            }
        }
    }

    private ChildJvm.Outcome assertLogged(final ChildJvm.Outcome outcome) throws Exception {
        return assertLogged(outcome, directory);
    }

    /** Both logs have their event, and nothing escaped. */
    private static ChildJvm.Outcome assertLogged(final ChildJvm.Outcome outcome, final Path directory)
            throws Exception {
        assertEquals(0, outcome.exitCode(), outcome.output());
        for (final String name : List.of("first", "second")) {
            assertEquals("event\n", Files.readString(directory.resolve(name)), outcome.output());
        }
        assertFalse(outcome.output().contains("UNCAUGHT"), outcome.output());
        assertFalse(outcome.output().contains("Exception in thread"), outcome.output());
        return outcome;
    }

    private ChildJvm.Outcome open(final String... jvmArguments) throws Exception {
        return open(directory, jvmArguments);
    }

    static ChildJvm.Outcome open(final Path directory, final String... jvmArguments) throws Exception {
        return assertLogged(ChildJvm.run(":", List.of(jvmArguments), Opens.class, files(directory)), directory);
    }

    private static String[] files(final Path directory) {
        return new String[] {
            directory.resolve("first").toString(), directory.resolve("second").toString()
        };
    }

    static List<String> warnings(final ChildJvm.Outcome outcome) {
        return outcome.output().lines().filter(line -> line.startsWith("WARN ")).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Error(\"no classes at runtime\")",
                "UnsatisfiedLinkError(\"no such library\")",
                "NoClassDefFoundError(\"gone/Away\")",
                "InternalError(\"broken\")",
                "StackOverflowError()",
                "OutOfMemoryError(\"Java heap space\")",
                "SecurityException(\"denied\")",
                "IllegalStateException()",
            })
    void shouldGoOnInPureJavaWithOneWarningWhateverIsThrownWhileJnrLoads(final String thrown) throws Exception {
        final Path source = directory.resolve("LibraryLoader.java");
        Files.writeString(
                source,
                "package jnr.ffi; public class LibraryLoader<T> {"
                        + " static { if (true) throw new " + thrown + "; }"
                        + " public static <T> LibraryLoader<T> create(Class<T> type) { return null; }"
                        + " public T load(String name) { return null; } }");
        final Path classes = Files.createDirectory(directory.resolve("classes"));
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()));
        final ChildJvm.Outcome outcome =
                assertLogged(ChildJvm.runBehind(classes, List.of(), Opens.class, files(directory)));
        final List<String> warnings = warnings(outcome);
        assertEquals(2, warnings.size(), "one a log: " + outcome.output());
        final String name = thrown.substring(0, thrown.indexOf('('));
        assertTrue(
                warnings.stream().allMatch(line -> line.contains("JNR-FFI cannot load: java.lang." + name)),
                outcome.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xss208k", "-Xss180k", "-Xmx16m"})
    void shouldStartWithASmallStackOrHeap(final String option) throws Exception {
        open(option);
    }

    @Test
    void shouldFailAsAFileThatCannotBeOpenedWhateverErrorIsThrown() {
        final Error error = new NoClassDefFoundError("gone/Away");
        final AppendLogBuilder builder = withSink(AppendLog.builder(directory.resolve("log")), () -> {
            throw error;
        });
        final IOException failure = assertThrows(IOException.class, builder::open);
        assertEquals("the log cannot be opened: " + error, failure.getMessage());
        assertEquals(error, failure.getCause());
    }

    @Test
    void shouldSayWhichLimitToRaiseWhereThereIsNoThread() {
        final AppendLogBuilder builder = AppendLog.builder(directory.resolve("log"))
                .threadFactory(work -> {
                    throw new OutOfMemoryError("unable to create native thread: possibly out of memory");
                });
        final IOException failure = assertThrows(IOException.class, builder::open);
        assertTrue(
                failure.getMessage().startsWith("no thread for a log, raise the limit on threads"),
                failure.getMessage());
    }

    @Test
    void shouldWarnWhereItsNativeCodeCameFromADirectoryThatOthersCanWrite() throws Exception {
        final Path shared = Files.createDirectory(directory.resolve("shared"));
        shared.toFile().setWritable(true, false);
        final List<String> warnings = warnings(open("-Djava.io.tmpdir=" + shared));
        assertTrue(
                warnings.stream().anyMatch(line -> line.contains("native code was loaded from " + shared)),
                warnings.toString());
    }

    @Test
    void shouldWarnOfNothingWhereItsNativeCodeCameFromItsOwnDirectory() throws Exception {
        assertEquals(List.of(), warnings(open("-Djava.io.tmpdir=" + directory)));
    }

    /** Loads an application's class by logging, under the lock that loading takes. */
    static final class LoggingLoader extends URLClassLoader {
        private final String file;
        private final CountDownLatch logged = new CountDownLatch(1);

        private LoggingLoader(final URL[] classPath, final String file) {
            super(classPath, ClassLoader.getPlatformClassLoader());
            this.file = file;
        }

        public static void main(final String[] arguments) throws Exception {
            final List<URL> classPath = new ArrayList<>();
            for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                classPath.add(Path.of(entry).toUri().toURL());
            }
            final LoggingLoader loader = new LoggingLoader(classPath.toArray(URL[]::new), arguments[0]);
            if (arguments[1].equals("prepared")) {
                loader.loadClass("dev.uringlog.append.AppendLogBuilder")
                        .getMethod("prepare")
                        .invoke(null);
            }
            loader.loadClass(Opens.class.getName());
            System.out.println(loader.logged.await(0, TimeUnit.SECONDS) ? "LOGGED" : "not logged");
        }

        @Override
        protected Class<?> findClass(final String name) throws ClassNotFoundException {
            if (name.equals(Opens.class.getName())) {
                try {
                    log();
                } catch (final ReflectiveOperationException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
            return super.findClass(name);
        }

        private void log() throws ReflectiveOperationException {
            final Class<?> type = Class.forName(AppendLog.class.getName(), true, this);
            final Object builder = type.getMethod("builder", Path.class).invoke(null, Path.of(file));
            final Object log = builder.getClass().getMethod("open").invoke(builder);
            type.getMethod("append", byte[].class)
                    .invoke(log, (Object) "loading\n".getBytes(StandardCharsets.US_ASCII));
            type.getMethod("close").invoke(log);
            logged.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepared", "unprepared"})
    void shouldLogForAClassLoaderThatLogsUnderItsLock(final String mode) throws Exception {
        final Path file = directory.resolve("log");
        final ChildJvm.Outcome outcome = ChildJvm.run(":", List.of(), LoggingLoader.class, file.toString(), mode);
        assertEquals(0, outcome.exitCode(), outcome.output());
        assertTrue(outcome.output().contains("LOGGED"), outcome.output());
        assertFalse(outcome.output().contains("not written"), outcome.output());
        assertEquals("loading\n", Files.readString(file), outcome.output());
    }
}
