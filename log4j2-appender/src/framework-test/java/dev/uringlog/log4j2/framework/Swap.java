package dev.uringlog.log4j2.framework;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Puts Uringlog's rolling appender where Log4j's own stands: in a configuration by the element's name, in a class that was
 * compiled against it by the names in the constant pool.
 */
final class Swap {
    private static final String LOG4J = "org/apache/logging/log4j/core/appender/";
    private static final String OURS = "dev/uringlog/log4j2/RollingIoUringFileAppender";

    /** Not the builders': a class that has one builds Log4j's own, and is excluded. */
    private static final Pattern CLASS_NAME =
            Pattern.compile("\\b" + LOG4J + "Rolling(RandomAccess)?FileAppender(?![\\w$])");

    private static final String MANAGER = "()L" + LOG4J + "OutputStreamManager;";
    private static final String OUR_MANAGER = "()Ldev/uringlog/log4j2/RollingIoUringFileManager;";

    private static final String ELEMENT = "Rolling(RandomAccess)?File(?![\\w-])";
    private static final String WAITS = "RollingIoUringFile durability=\"KERNEL\"";

    private Swap() {}

    /**
     * Swaps the element in XML, and the value in properties and JSON; not the name that an appender is given. Many tests read
     * the file while it is written, as they may where immediateFlush is true, which it is for Log4j by default: the durability
     * that means the same goes with the element.
     */
    static byte[] configuration(final byte[] text) {
        return new String(text, StandardCharsets.UTF_8)
                .replaceAll("<" + ELEMENT, "<" + WAITS)
                .replaceAll("</" + ELEMENT, "</RollingIoUringFile")
                .replaceAll("type=\"" + ELEMENT + "\"", "type=\"RollingIoUringFile\" durability=\"KERNEL\"")
                .replaceAll("\"" + ELEMENT + "\"(\\s*:\\s*\\{)", "\"RollingIoUringFile\"$2")
                .replaceAll("(\\.type\\s*=\\s*|\"\\w+\"\\s*:\\s*\")" + ELEMENT, "$1RollingIoUringFile")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Copies a class file with other names in its constant pool (JVMS 4.4): classes', and the element's if it builds one. */
    static byte[] classFile(final byte[] bytes) throws IOException {
        final boolean isBuilding = new String(bytes, StandardCharsets.ISO_8859_1).contains("newAppender");
        final DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        final ByteArrayOutputStream copy = new ByteArrayOutputStream();
        final DataOutputStream out = new DataOutputStream(copy);
        out.writeLong(in.readLong()); // Magic and version.
        final int count = in.readUnsignedShort();
        out.writeShort(count);
        for (int i = 1; i < count; i++) {
            final int tag = in.readUnsignedByte();
            out.writeByte(tag);
            switch (tag) {
                case 1 -> out.writeUTF(constant(in.readUTF(), isBuilding));
                case 5, 6 -> {
                    out.writeLong(in.readLong());
                    i++; // Long and double take two places.
                }
                case 7, 8, 16, 19, 20 -> out.writeShort(in.readUnsignedShort());
                case 15 -> {
                    out.writeByte(in.readUnsignedByte());
                    out.writeShort(in.readUnsignedShort());
                }
                default -> out.writeInt(in.readInt());
            }
        }
        in.transferTo(out);
        return copy.toByteArray();
    }

    private static String constant(final String text, final boolean isBuilding) {
        if (text.equals(MANAGER)) {
            return OUR_MANAGER; // What the appender's getManager() returns.
        }
        return isBuilding && text.matches(ELEMENT)
                ? "RollingIoUringFile"
                : CLASS_NAME.matcher(text).replaceAll(OURS);
    }
}
