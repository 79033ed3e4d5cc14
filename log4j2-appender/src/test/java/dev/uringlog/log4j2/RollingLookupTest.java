package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.ThreadContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lookups in a file pattern, each compared with what Log4j's own rolling appender makes of it. */
@Timeout(60)
class RollingLookupTest {
    private static final String EACH = "<SizeBasedTriggeringPolicy size=\"9\"/>";

    @TempDir
    Path dir;

    @BeforeEach
    void setTenant() {
        ThreadContext.put("tenant", "a");
    }

    @AfterEach
    void clearContext() {
        ThreadContext.clearMap();
    }

    private String rolling(
            final String kind, final boolean isDirect, final String pattern, final String policies, final String more) {
        final Path home = dir.resolve(kind);
        return "<" + kind + (isDirect ? "" : " fileName=\"" + home.resolve("app.log") + '"') + " filePattern=\""
                + home.resolve(pattern) + "\" " + more
                + "><PatternLayout pattern=\"%m%n\" header=\"top%n\"/><Policies>" + policies + "</Policies></" + kind
                + ">";
    }

    /** Every file under a directory and what is in it. */
    private Map<String, String> tree(final String kind) throws IOException {
        final Path home = dir.resolve(kind);
        final Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> tree.put(home.relativize(file).toString(), Rig.text(file)));
        }
        return tree;
    }

    private void assertSame(final boolean isDirect, final String pattern, final String more, final Consumer<Rig> use)
            throws IOException {
        for (final String kind : List.of("RollingFile", "RollingIoUringFile")) {
            ThreadContext.put("tenant", "a");
            try (Rig rig = new Rig(rolling(kind, isDirect, pattern, EACH, kind.contains("IoUring") ? more : ""))) {
                use.accept(rig);
            }
        }
        final Map<String, String> theirs = tree("RollingFile");
        assertTrue(theirs.size() > 2, theirs.toString());
        assertEquals(theirs, tree("RollingIoUringFile"));
    }

    private static void logAsTenants(final Rig rig) {
        for (final String tenant : new String[] {"a", "b", "a", null, "c"}) {
            if (tenant == null) {
                ThreadContext.remove("tenant");
            } else {
                ThreadContext.put("tenant", tenant);
            }
            rig.logger().info("event-of-{}", tenant);
            rig.logger().info("another-of-{}", tenant);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, $${ctx:tenant}/app-%i.log, ''",
        "false, $${ctx:tenant}/app-%i.log, durability=\"KERNEL\"",
        "false, $${ctx:tenant}/app-%i.log, durability=\"DISK\"",
        "false, '$${CTX:tenant:-none}-$${ctx:absent:-x}/app-%i.log', ''",
        "false, $${upper:$${ctx:tenant}}/app-%i.log, ''",
        "true, $${ctx:tenant}/app-%i.log, ''",
        "true, $${ctx:tenant}/app-%i.log, durability=\"KERNEL\"",
    })
    void shouldLookTheThreadContextUpWhereTheEventWasLogged(
            final boolean isDirect, final String pattern, final String more) throws IOException {
        assertSame(isDirect, pattern, more, RollingLookupTest::logAsTenants);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"$${date:yyyy}/app-%i.log", "$${sys:java.version}/app-%i.log", "$${java:version}/%d{yyyy}-%i"})
    void shouldLookUpWhatNoThreadHasToItself(final String pattern) throws IOException {
        assertSame(false, pattern, "", RollingLookupTest::logAsTenants);
        assertSame(true, pattern, "", RollingLookupTest::logAsTenants);
    }

    @Test
    void shouldFollowAPatternThatIsReconfigured() throws IOException {
        final String kind = "RollingIoUringFile";
        try (Rig rig = new Rig(rolling(kind, false, "app-%i.log", EACH, ""))) {
            rig.logger().info("first-event");
            rig.logger().info("second-event");
            rig.reconfigure(Rig.xml(rolling(kind, false, "$${ctx:tenant}/app-%i.log", EACH, "")));
            ThreadContext.put("tenant", "b");
            rig.logger().info("third-event");
        }
        assertEquals(
                List.of("app-1.log", "app.log", "b/app-1.log"),
                List.copyOf(tree(kind).keySet()));
    }

    @Test
    void shouldTellTwoThreadsApartAndLeaveEachItsOwnContext() throws Exception {
        final String kind = "RollingIoUringFile";
        try (Rig rig = new Rig(rolling(kind, false, "$${ctx:tenant}/app-%i.log", EACH, "durability=\"KERNEL\"")
                .replace("</Policies>", "</Policies><DefaultRolloverStrategy max=\"1000\"/>"))) {
            CompletableFuture.allOf(logAs(rig, "a"), logAs(rig, "b")).join();
        }
        // The event that finds a file full names it. One found none.
        final Map<Character, Long> names = tree(kind).keySet().stream()
                .filter(name -> !name.equals("app.log"))
                .collect(Collectors.groupingBy(name -> name.charAt(0), Collectors.counting()));
        assertEquals(199, names.get('a') + names.get('b'), names.toString());
        assertTrue(Math.abs(names.get('a') - names.get('b')) == 1, names.toString());
    }

    private static CompletableFuture<Void> logAs(final Rig rig, final String tenant) {
        return CompletableFuture.runAsync(() -> {
            ThreadContext.put("tenant", tenant);
            for (int i = 0; i < 100; i++) {
                rig.logger().info("an-event-of-{}", tenant);
                assertEquals(tenant, ThreadContext.get("tenant"));
            }
            ThreadContext.clearMap();
        });
    }
}
