package dev.uringlog;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.uringlog.ring.Batch;
import dev.uringlog.ring.RingConsumer;

/**
 * The layers of core. Each rule lists everything a package may use, so that a new dependency is a decision.
 *
 * <pre>
 *   metrics ─► append
 *   appender ─► append
 *   append ──► commit ──► flush ──► file ──► write ──► uring ──► sys ──► JNR
 *                            │        └──────────┴─────────┴───────▲
 *                            ├──► ring
 *                            └──► flight ──► JFR
 * </pre>
 *
 * <p>What only {@code append} may do is pass one by: it claims in the ring, chooses a sink, asks for a writer, asks
 * {@code sys} what this JVM can do, and shows its table of statistics to the flight recorder.
 */
@AnalyzeClasses(packages = "dev.uringlog", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String SYS = "dev.uringlog.sys";
    private static final String URING = "dev.uringlog.uring";
    private static final String RING = "dev.uringlog.ring";
    private static final String WRITE = "dev.uringlog.write";
    private static final String FILE = "dev.uringlog.file";
    private static final String FLIGHT = "dev.uringlog.flight";
    private static final String COMMIT = "dev.uringlog.commit";
    private static final String FLUSH = "dev.uringlog.flush";
    private static final String METRICS = "dev.uringlog.metrics";
    private static final String APPEND = "dev.uringlog.append";
    private static final String APPENDER = "dev.uringlog.appender";

    @ArchTest
    static final ArchRule everyClassShouldLiveInALayer = classes()
            .should()
            .resideInAnyPackage(SYS, URING, RING, WRITE, FILE, FLIGHT, FLUSH, COMMIT, APPEND, APPENDER, METRICS);

    @ArchTest
    static final ArchRule sysShouldUseJnrAndTheJdk = layer(SYS, "jnr..", "com.kenai..", "javax.management..");

    @ArchTest
    static final ArchRule uringShouldUseSys = layer(URING, SYS);

    @ArchTest
    static final ArchRule ringShouldUseTheJdkAlone = layer(RING);

    @ArchTest
    static final ArchRule writeShouldUseUringAndSys = layer(WRITE, URING, SYS);

    @ArchTest
    static final ArchRule fileShouldUseWriteUringAndSys = layer(FILE, WRITE, URING, SYS);

    @ArchTest
    static final ArchRule flightShouldUseTheFlightRecorder = layer(FLIGHT, "jdk.jfr..");

    @ArchTest
    static final ArchRule flushShouldUseFileRingAndFlight = layer(FLUSH, FILE, RING, FLIGHT);

    @ArchTest
    static final ArchRule commitShouldUseFlushFileAndRing = layer(COMMIT, FLUSH, FILE, RING);

    @ArchTest
    static final ArchRule appendShouldUseCommitFlushFileWriteRingAndSys =
            layer(APPEND, COMMIT, FLUSH, FILE, WRITE, RING, SYS, FLIGHT, "javax.management..", "jdk.jfr..");

    @ArchTest
    static final ArchRule appenderShouldUseWhatUsersSee = layer(APPENDER, APPEND);

    @ArchTest
    static final ArchRule metricsShouldUseWhatUsersSee = layer(METRICS, APPEND, "io.micrometer..");

    @ArchTest
    static final ArchRule onlyMetricsShouldSeeMicrometer = noClasses()
            .that()
            .resideOutsideOfPackage(METRICS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..");

    @ArchTest
    static final ArchRule onlySysShouldSeeJnr = noClasses()
            .that()
            .resideOutsideOfPackage(SYS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr..", "com.kenai..");

    @ArchTest
    static final ArchRule packagesShouldBeFreeOfCycles =
            slices().matching("dev.uringlog.(*)..").should().beFreeOfCycles();

    /** The cursor comes with the baton: a class that kept it, or a batch, could use it without. A roll ends within its turn. */
    @ArchTest
    static final ArchRule onlyTheBatonShouldKeepTheCursor = noFields()
            .that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(COMMIT, FLUSH, APPEND)
            .and()
            .areNotDeclaredIn(dev.uringlog.flush.RolledFile.class)
            .and()
            .doNotHaveFullName("dev.uringlog.commit.Baton.cursor")
            .should()
            .haveRawType(assignableTo(Batch.class));

    @ArchTest
    static final ArchRule onlyDrainShouldMoveTheCursor = noClasses()
            .that()
            .resideInAnyPackage(COMMIT, FLUSH, APPEND)
            .and()
            .doNotHaveFullyQualifiedName("dev.uringlog.flush.Drain")
            .should()
            .callMethodWhere(target(owner(type(RingConsumer.class)))
                    .and(target(nameMatching("poll.*|stopAt|advance|endAt|rewind|abandonAfter|release|replaceBytes"))));

    /** StyleTest looks for the synchronized blocks, which bytecode hides from ArchUnit. */
    @ArchTest
    static final ArchRule noMethodShouldBeSynchronized = noMethods().should().haveModifier(SYNCHRONIZED);

    private static ArchRule layer(final String layer, final String... below) {
        final String[] allowed = new String[below.length + 2];
        allowed[0] = "java..";
        allowed[1] = layer;
        System.arraycopy(below, 0, allowed, 2, below.length);
        return classes()
                .that()
                .resideInAPackage(layer)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }
}
