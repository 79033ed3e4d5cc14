package dev.uringlog.logback;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.uringlog.logback", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule shouldUseOfCoreOnlyWhatAppendersMay = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "ch.qos.logback..",
                    "org.slf4j",
                    "dev.uringlog.append",
                    "dev.uringlog.appender",
                    "dev.uringlog.logback");

    /** Access logs are written without logback-classic. */
    @ArchTest
    static final ArchRule shouldNeedLogbackClassicInOnePlace = classes()
            .that()
            .doNotHaveSimpleName("ClassicEvents")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackage("ch.qos.logback.classic..");
}
