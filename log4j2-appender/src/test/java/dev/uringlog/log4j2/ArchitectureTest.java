package dev.uringlog.log4j2;

import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The appender is a thin layer over core's public API and what both appenders share. */
@AnalyzeClasses(packages = "dev.uringlog.log4j2", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] ALLOWED = {
        "java..", "org.apache.logging.log4j..", "dev.uringlog.log4j2", "dev.uringlog.append", "dev.uringlog.appender"
    };

    @ArchTest
    static final ArchRule shouldUseOfCoreOnlyWhatAppendersMay =
            classes().should().onlyDependOnClassesThat().resideInAnyPackage(ALLOWED);

    @ArchTest
    static final ArchRule noMethodShouldBeSynchronized = noMethods().should().haveModifier(SYNCHRONIZED);
}
