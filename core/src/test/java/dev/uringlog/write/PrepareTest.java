package dev.uringlog.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.sys.Kernel;
import dev.uringlog.testing.ChildJvm;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Native access is made ready by another thread than the one that will need it. */
@Timeout(60)
class PrepareTest {
    /** Classes that JNR takes: some 280. None may be left for a later caller to load. */
    private static final int CLASSES_MAX = 20;

    /** Prints how many classes are loaded by the first use of the kernel, after all that was begun before has ended. */
    static final class Loads {
        private Loads() {}

        public static void main(final String[] isPrepared) throws InterruptedException {
            if (Boolean.parseBoolean(isPrepared[0])) {
                VectoredWriter.prepare();
                VectoredWriter.prepare();
                awaitLoaders();
            }
            final long before = loaded();
            Kernel.syscalls();
            System.out.println(loaded() - before);
        }

        private static void awaitLoaders() throws InterruptedException {
            for (final Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("uringlog-loader")) {
                    thread.join();
                }
            }
        }

        private static long loaded() {
            return ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
        }
    }

    @Test
    void shouldLeaveNothingToLoadForTheFirstUseOfTheKernel() throws Exception {
        assertTrue(classesLoaded(false) > 10 * CLASSES_MAX, "this counts something else");
        assertTrue(classesLoaded(true) < CLASSES_MAX);
    }

    private static int classesLoaded(final boolean isPrepared) throws Exception {
        final ChildJvm.Outcome outcome = ChildJvm.run(
                ":", List.of("--enable-native-access=ALL-UNNAMED"), Loads.class, Boolean.toString(isPrepared));
        assertEquals(0, outcome.exitCode(), outcome.output());
        return Integer.parseInt(outcome.output().strip());
    }
}
