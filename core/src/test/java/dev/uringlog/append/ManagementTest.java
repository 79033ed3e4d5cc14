package dev.uringlog.append;

import static dev.uringlog.sys.LinuxErrno.ENOSPC;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.uringlog.write.ErrnoException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.StandardMBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log under JMX. */
@Timeout(60)
class ManagementTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    @TempDir
    Path directory;

    static ObjectName named(final Path file, final String more) throws Exception {
        return new ObjectName("dev.uringlog:type=AppendLog,name="
                + ObjectName.quote(file.toAbsolutePath().toString()) + more);
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void shouldShowItsCountersUntilClosedAndFlushWhenAsked() throws Exception {
        final Path file = directory.resolve("jmx.log");
        final ObjectName name = named(file, "");
        try (AppendLog log = AppendLog.builder(file).listener(new Heard()).open()) {
            await().until(() -> SERVER.isRegistered(name));
            log.append(ascii("event\n"));
            SERVER.invoke(name, "flush", null, null);
            assertEquals(1L, SERVER.getAttribute(name, "Written"));
            assertEquals(6L, SERVER.getAttribute(name, "Bytes"));
            assertEquals(6L, SERVER.getAttribute(name, "WrittenPosition"));
            assertEquals(log.description(), SERVER.getAttribute(name, "Description"));
            assertEquals("writev", SERVER.getAttribute(name, "Strategy"));
            assertEquals("MEMORY", SERVER.getAttribute(name, "Durability"));
            assertEquals(file.toAbsolutePath().toString(), SERVER.getAttribute(name, "File"));
            assertNull(SERVER.getAttribute(name, "LastError"));
            assertNull(SERVER.getAttribute(name, "LastErrorTime"));
            assertNull(SERVER.getAttribute(name, "Degradation"));
        }
        assertFalse(SERVER.isRegistered(name));
    }

    /** Monitoring that was written for a release before the table finds all it knows. */
    @Test
    void shouldServeProxiesOfItsInterface() throws Exception {
        final Path file = directory.resolve("proxy.log");
        final ObjectName name = named(file, "");
        try (AppendLog log = AppendLog.builder(file).listener(new Heard()).open()) {
            await().until(() -> SERVER.isRegistered(name));
            final AppendLogMXBean proxy = JMX.newMXBeanProxy(SERVER, name, AppendLogMXBean.class);
            log.append(ascii("event\n"));
            proxy.flush();
            proxy.reopen();
            assertEquals(1, proxy.getWritten());
            assertEquals(1, proxy.getLargestBatch());
            assertNull(proxy.getLastErrorTime());
            assertTrue(SERVER.isInstanceOf(name, AppendLogMXBean.class.getName()));

            final Map<String, String> types = Arrays.stream(
                            SERVER.getMBeanInfo(name).getAttributes())
                    .collect(Collectors.toMap(MBeanAttributeInfo::getName, MBeanAttributeInfo::getType));
            final Map<String, String> expected = Arrays.stream(new StandardMBean(proxy, AppendLogMXBean.class, true)
                            .getMBeanInfo()
                            .getAttributes())
                    .collect(Collectors.toMap(MBeanAttributeInfo::getName, MBeanAttributeInfo::getType));
            types.keySet().retainAll(expected.keySet());
            assertEquals(expected, types);
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotHave() throws Exception {
        final Path file = directory.resolve("refusal.log");
        final ObjectName name = named(file, "");
        try (AppendLog log = AppendLog.builder(file).listener(new Heard()).open()) {
            await().until(() -> SERVER.isRegistered(name));
            assertThrows(AttributeNotFoundException.class, () -> SERVER.getAttribute(name, "Nothing"));
            assertThrows(
                    AttributeNotFoundException.class,
                    () -> SERVER.setAttribute(
                            name, new Attribute("Durability", log.durability().name())));
            assertThrows(ReflectionException.class, () -> SERVER.invoke(name, "close", null, null));
            assertEquals(
                    List.of(new Attribute("Written", 0L)),
                    SERVER.getAttributes(name, new String[] {"Nothing", "Written"}));
        }
    }

    /** These characters have a meaning in the name of an MBean, or in a pattern of names. */
    @Test
    void shouldBeFoundUnderANameOfAnyCharacters() throws Exception {
        final Path file = directory.resolve("a,b=c:d*e?f\"g\\h\ni.log");
        final ObjectName name = named(file, "");
        try (AppendLog log = AppendLog.builder(file).listener(new Heard()).open()) {
            await().until(() -> SERVER.isRegistered(name));
            assertFalse(name.isPattern());
            assertEquals(file.toAbsolutePath().toString(), ObjectName.unquote(name.getKeyProperty("name")));
            assertEquals(log.description(), SERVER.getAttribute(name, "Description"));
        }
        assertFalse(SERVER.isRegistered(name));
    }

    @Test
    void shouldShowTwoLogsOnOnePath() throws Exception {
        final Path file = directory.resolve("shared.log");
        final ObjectName one = named(file, "");
        final ObjectName two = named(file, ",id=2");
        final AppendLog first = AppendLog.builder(file).listener(new Heard()).open();
        await().until(() -> SERVER.isRegistered(one));
        try (AppendLog second = AppendLog.builder(file).listener(new Heard()).open()) {
            await().until(() -> SERVER.isRegistered(two));
            second.append(ascii("event\n"));
            second.flush();
            assertEquals(0L, SERVER.getAttribute(one, "Written"));
            assertEquals(1L, SERVER.getAttribute(two, "Written"));
            first.close();
            assertFalse(SERVER.isRegistered(one));
            assertTrue(SERVER.isRegistered(two));
        }
        assertFalse(SERVER.isRegistered(two));
    }

    @Test
    void shouldShowTheLastErrorAndItsTimeAndNoEvent() throws Exception {
        final MemorySink sink = new MemorySink().plan(MemorySink.fail(new ErrnoException("writev", ENOSPC)));
        final ObjectName name = named(Path.of("memory.log"), "");
        final Date before = new Date();
        try (AppendLog log = sink.builder().listener(new Heard()).open()) {
            await().until(() -> SERVER.isRegistered(name));
            log.append(ascii("secret\n"));
            await().until(() -> sink.text().equals("secret\n"));
            final String error = (String) SERVER.getAttribute(name, "LastError");
            assertTrue(error.contains("ENOSPC") && !error.contains("secret"), error);
            final Date time = (Date) SERVER.getAttribute(name, "LastErrorTime");
            assertTrue(!time.before(before) && !time.after(new Date()), time::toString);
            assertEquals("memory", SERVER.getAttribute(name, "Strategy"));
        }
    }
}
