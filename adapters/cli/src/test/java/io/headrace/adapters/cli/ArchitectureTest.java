package io.headrace.adapters.cli;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Run by JUnit's thread over the classes of every module that the command line puts together, which is all but the
 * measurements. Arrows point inward: adapters know the bus, the bus knows the codecs, and nobody knows who comes after.
 *
 * <p>Maven's module graph forbids most of this already. The rules here also hold for what a module could reach through
 * its libraries' libraries, and they say why a new dependency is refused.
 */
@AnalyzeClasses(packages = "io.headrace", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String CODECS = "io.headrace.codecs..";
    private static final String BUS = "io.headrace.bus..";
    private static final String CLIENT = "io.headrace.client..";
    private static final String JSON = "io.headrace.adapters.json..";
    private static final String CLI = "io.headrace.adapters.cli..";
    private static final String DEMO = "io.headrace.adapters.demo..";

    /** Packages of the JDK itself; {@code javax} as a whole would let libraries in. */
    private static final String[] JDK = {
        "java..", "jdk..", "javax.management..", "javax.net..", "javax.crypto..", "javax.security.auth..", "sun.misc..",
        "com.sun.management.."};

    @ArchTest
    static final ArchRule CODECS_USE_AGRONA_ONLY = classes().that().resideInAPackage(CODECS)
        .should().onlyDependOnClassesThat(resideInAnyPackage(JDK).or(resideInAnyPackage(CODECS, "org.agrona..")))
        .because("an event's layout must be readable without the bus");

    @ArchTest
    static final ArchRule BUS_USES_ITS_LIBRARIES_ONLY = classes().that().resideInAPackage(BUS)
        .should().onlyDependOnClassesThat(resideInAnyPackage(JDK).or(resideInAnyPackage(
            BUS, CODECS, "com.lmax.disruptor..", "org.agrona..", "org.HdrHistogram..", "org.snakeyaml.engine..",
            "dev.failsafe..", "org.slf4j..")))
        .because("the bus knows neither Aeron nor any system's own types, and finds its adapters by ServiceLoader");

    @ArchTest
    static final ArchRule CLIENT_USES_CODECS_AND_AERON_ONLY = classes().that().resideInAPackage(CLIENT)
        .should().onlyDependOnClassesThat(resideInAnyPackage(JDK).or(resideInAnyPackage(
            CLIENT, CODECS, "io.aeron..", "org.agrona..")))
        .because("the client lives in other people's applications, and brings nothing along");

    @ArchTest
    static final ArchRule JSON_USES_CODECS_ONLY = noClasses().that().resideInAPackage(JSON)
        .should().dependOnClassesThat().resideInAPackage(BUS)
        .because("turning an event into text needs its codecs and no bus");

    @ArchTest
    static final ArchRule ADAPTERS_DO_NOT_KNOW_EACH_OTHER = slices().matching("io.headrace.adapters.(*)..")
        .should().notDependOnEachOther()
        .ignoreDependency(alwaysTrue(), resideInAPackage(JSON))
        .ignoreDependency(resideInAnyPackage(CLI, DEMO), alwaysTrue())
        .because("only the composition roots put adapters together, and JSON is the one thing that they share");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_COMMAND_LINE = noClasses().that().resideOutsideOfPackage(CLI)
        .should().dependOnClassesThat().resideInAPackage(CLI)
        .because("the command line is the outermost ring");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_MEASUREMENTS = noClasses()
        .should().dependOnClassesThat().resideInAPackage("io.headrace.perf..")
        .because("a benchmark looks at the product, never the other way round");

    @ArchTest
    static final ArchRule EVERY_CLASS_HAS_ITS_PLACE = classes()
        .should().resideInAnyPackage(CODECS, BUS, CLIENT, "io.headrace.aeron..", "io.headrace.adapters.*..")
        .because("a package says which module a class belongs to");
}
