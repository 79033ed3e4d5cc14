package dev.uringlog;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house: which room may look into which. */
@AnalyzeClasses(packages = "dev.uringlog", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final int LINES_MAX = 450;

    @ArchTest
    static final ArchRule APPEND_SEES_WRITE_AND_RING = classes()
            .that()
            .resideInAPackage("..append..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "dev.uringlog.append",
                    "dev.uringlog.write",
                    "dev.uringlog.ring",
                    "java..",
                    "javax..",
                    "jdk.jfr.."));

    @ArchTest
    static final ArchRule WRITE_SEES_URING_AND_SYS = classes()
            .that()
            .resideInAPackage("..write..")
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("dev.uringlog.write", "dev.uringlog.uring", "dev.uringlog.sys", "java.."));

    @ArchTest
    static final ArchRule URING_SEES_SYS = classes()
            .that()
            .resideInAPackage("..uring")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("dev.uringlog.uring", "dev.uringlog.sys", "java.."));

    @ArchTest
    static final ArchRule RING_SEES_THE_JDK_ALONE = classes()
            .that()
            .resideInAPackage("..ring")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("dev.uringlog.ring", "java.."));

    @ArchTest
    static final ArchRule SYS_SEES_JNR = classes()
            .that()
            .resideInAPackage("..sys..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("dev.uringlog.sys", "jnr..", "com.kenai..", "java.."));

    @ArchTest
    static final ArchRule NOBODY_ELSE_SEES_JNR = noClasses()
            .that()
            .resideOutsideOfPackage("..sys..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("jnr..", "com.kenai.."));

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.uringlog.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_MONITORS = methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED);

    @Test
    void shouldKeepFilesShortAndSleepNowhere() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            for (final Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                final List<String> lines = Files.readAllLines(file);
                assertEquals(true, lines.size() <= LINES_MAX, () -> file + " has " + lines.size() + " lines");
                final boolean isThis = file.endsWith("ArchitectureTest.java");
                assertEquals(
                        true,
                        isThis || lines.stream().noneMatch(line -> line.contains("Thread.sleep")),
                        () -> file + " sleeps");
            }
        }
    }
}
