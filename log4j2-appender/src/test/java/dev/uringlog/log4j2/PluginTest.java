package dev.uringlog.log4j2;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderAttribute;
import org.junit.jupiter.api.Test;

/** What the build puts beside the classes, and what a program finds in place of XML. */
class PluginTest {
    private static final String NATIVE_IMAGE =
            "/META-INF/native-image/log4j-generated/dev.uringlog/uringlog-log4j2/reflect-config.json";

    private static String resource(final String name) throws IOException {
        try (InputStream stream = IoUringFileAppender.class.getResourceAsStream(name)) {
            assertNotNull(stream, name);
            return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static List<String> attributes() {
        return Arrays.stream(AbstractIoUringBuilder.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(PluginBuilderAttribute.class))
                .map(Field::getName)
                .toList();
    }

    @Test
    void shouldTellNativeImageOfEveryAttribute() throws IOException {
        final String config = resource(NATIVE_IMAGE);

        assertTrue(attributes().containsAll(List.of("fileName", "durability", "onFailure")), attributes()::toString);
        attributes().forEach(name -> assertTrue(config.contains("\"" + name + "\""), name));
        assertTrue(config.contains(IoUringFileAppender.class.getName() + "\""), config);
    }

    @Test
    void shouldHaveASetterForEveryAttribute() {
        final List<String> methods = Arrays.stream(IoUringFileAppenderBuilder.class.getMethods())
                .map(method -> method.getName().toLowerCase(java.util.Locale.ROOT))
                .toList();

        attributes()
                .forEach(name -> assertTrue(methods.contains("set" + name.toLowerCase(java.util.Locale.ROOT)), name));
    }
}
