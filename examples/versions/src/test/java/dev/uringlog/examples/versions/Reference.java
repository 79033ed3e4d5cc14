package dev.uringlog.examples.versions;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassReader;

/**
 * What a class file says that there is: a class, or a class's field or method.
 *
 * @param owner the class's internal name
 * @param name of the field or method; empty for the class itself
 * @param descriptor of the field or method; empty for the class itself
 */
record Reference(String owner, String name, String descriptor) {
    /** Tags of the constant pool, section 4.4 of the JVM specification. */
    private static final int CLASS = 7;

    private static final int FIELD = 9;
    private static final int INTERFACE_METHOD = 11;

    /** Everything in a class's constant pool that names another class. */
    static List<Reference> in(final ClassReader reader) {
        final List<Reference> references = new ArrayList<>();
        final char[] buffer = new char[reader.getMaxStringLength()];
        for (int i = 1; i < reader.getItemCount(); i++) {
            final int item = reader.getItem(i); // 0 for the second half of a long.
            final int tag = item == 0 ? 0 : reader.readByte(item - 1);
            if (tag == CLASS) {
                references.add(new Reference(reader.readUTF8(item, buffer), "", ""));
            } else if (tag >= FIELD && tag <= INTERFACE_METHOD) {
                final int nameAndType = reader.getItem(reader.readUnsignedShort(item + 2));
                references.add(new Reference(
                        reader.readClass(item, buffer),
                        reader.readUTF8(nameAndType, buffer),
                        reader.readUTF8(nameAndType + 2, buffer)));
            }
        }
        return references;
    }

    boolean isClass() {
        return name.isEmpty();
    }

    @Override
    public String toString() {
        return isClass() ? owner : owner + '.' + name + descriptor;
    }
}
