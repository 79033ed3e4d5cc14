package dev.uringlog.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What an operator is told where JNR cannot load: the innermost cause, and what would mend it. */
class NativeAccessTest {
    private static String refusal(final Throwable cause, final boolean isModular) {
        return NativeAccess.refusal(new IllegalStateException("JNR's own words", cause), isModular);
    }

    @Test
    void shouldNameTheModuleThatIsMissing() {
        final Throwable asm = new ClassNotFoundException("org.objectweb.asm.ClassVisitor");
        assertEquals(
                "JNR-FFI cannot load: " + asm
                        + "; a module is missing, start the JVM with --add-modules org.objectweb.asm",
                refusal(asm, true));
        assertTrue(refusal(new NoClassDefFoundError("jnr/ffi/LibraryLoader"), true)
                .endsWith("--add-modules ALL-MODULE-PATH"));
    }

    @Test
    void shouldSayThatAJarIsMissingWhereThereAreNoModules() {
        assertTrue(refusal(new ClassNotFoundException("org.objectweb.asm.ClassVisitor"), false)
                .endsWith("a jar that jnr-ffi depends on is missing"));
    }

    @Test
    void shouldNameTheFlagThatGrantsNativeAccessToTheModuleWhichAsks() {
        assertTrue(refusal(
                        new IllegalCallerException("Illegal native access from module org.jnrproject.jffi (file:a)"),
                        true)
                .endsWith("--enable-native-access=org.jnrproject.jffi"));
        assertTrue(refusal(new IllegalCallerException("Illegal native access from an unnamed module (file:a)"), false)
                .endsWith("--enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void shouldNameTheOptionThatChoosesAnotherDirectory() {
        assertTrue(refusal(new UnsatisfiedLinkError("Unable to execute or load jffi binary stub from `/tmp`."), false)
                .contains("-Djffi.extract.dir="));
    }

    @Test
    void shouldSayInOneLineWhatItKnowsNoRemedyFor() {
        final String refusal = refusal(new Error("first\nsecond"), false);
        assertEquals("JNR-FFI cannot load: java.lang.Error: first", refusal);
        assertFalse(refusal.contains("\n"));
    }
}
