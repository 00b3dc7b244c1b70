package dev.freshet.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;

/** The structure that ARCHITECTURE.md promises, as rules that fail the build. */
@AnalyzeClasses(packages = "dev.freshet", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule processesNeverDependOnEachOther = noClasses()
            .that()
            .resideInAPackage("dev.freshet.ingest..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.freshet.streams..", "dev.freshet.sink..", "dev.freshet.serving..", "dev.freshet.ops.."));

    @ArchTest
    static final ArchRule streamsKnowsNoOtherProcess = noClasses()
            .that()
            .resideInAPackage("dev.freshet.streams..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.freshet.ingest..", "dev.freshet.sink..", "dev.freshet.serving..", "dev.freshet.ops.."));

    @ArchTest
    static final ArchRule sinkKnowsNoOtherProcess = noClasses()
            .that()
            .resideInAPackage("dev.freshet.sink..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.freshet.ingest..", "dev.freshet.streams..", "dev.freshet.serving..", "dev.freshet.ops.."));

    @ArchTest
    static final ArchRule servingKnowsNoOtherProcess = noClasses()
            .that()
            .resideInAPackage("dev.freshet.serving..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.freshet.ingest..", "dev.freshet.streams..", "dev.freshet.sink..", "dev.freshet.ops.."));

    @ArchTest
    static final ArchRule whatProvesSharesNoCodeWithWhatIsProved = noClasses()
            .that()
            .resideInAnyPackage("dev.freshet.ops..", "dev.freshet.testkit..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.freshet.ingest..", "dev.freshet.streams..", "dev.freshet.sink..", "dev.freshet.serving.."));

    @ArchTest
    static final ArchRule theContractDependsOnNothingOfOurs = noClasses()
            .that()
            .resideInAPackage("dev.freshet.schemas..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.freshet..")
                    .and(DescribedPredicate.not(resideInAPackage("dev.freshet.schemas.."))));

    @ArchTest
    static final ArchRule theCoreHasNoKafkaNoDatabaseAndNoRuntime = classes()
            .that()
            .resideInAPackage("dev.freshet.streams.core..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "dev.freshet.streams.core..",
                    "dev.freshet.schemas",
                    "dev.freshet.schemas.catalogue",
                    "dev.freshet.schemas.change",
                    "dev.freshet.schemas.feature"));

    @ArchTest
    static final ArchRule theSinksRulesHaveNoKafkaAndNoDatabase = noClasses()
            .that()
            .resideInAPackage("dev.freshet.sink.rule..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "java.sql..", "org.postgresql.."));

    @ArchTest
    static final ArchRule onlyOneClassReadsAClockOrSleeps = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.freshet.runtime.time.SystemTime")
            .and()
            .doNotHaveFullyQualifiedName("dev.freshet.testkit.process.Deadline") // bounds waits for real processes
            .should()
            .callMethodWhere(readsAClockOrSleeps());

    @ArchTest
    static final ArchRule moneyIsNeverADouble = fields().that()
            .areDeclaredInClassesThat(resideInAnyPackage(
                    "dev.freshet.schemas..",
                    "dev.freshet.streams.core..",
                    "dev.freshet.sink..",
                    "dev.freshet.serving..",
                    "dev.freshet.ops.truth.."))
            .should()
            .notHaveRawType(nameMatching("double|float|java\\.lang\\.(Double|Float)"));

    @ArchTest
    static final ArchRule namesSayWhatAClassIs = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl");

    private static DescribedPredicate<JavaCall<?>> readsAClockOrSleeps() {
        return DescribedPredicate.describe("reads a clock or sleeps", call -> {
            String owner = call.getTargetOwner().getName();
            String method = call.getTarget().getName();
            return switch (method) {
                case "currentTimeMillis", "nanoTime" -> owner.equals(System.class.getName());
                case "sleep" -> owner.equals(Thread.class.getName()) || owner.equals("java.util.concurrent.TimeUnit");
                case "now" ->
                    (owner.equals(Instant.class.getName())
                                    || owner.equals(LocalDate.class.getName())
                                    || owner.equals(LocalDateTime.class.getName()))
                            && call.getTarget().getRawParameterTypes().isEmpty();
                case "systemUTC", "systemDefaultZone", "system" -> owner.equals(Clock.class.getName());
                default -> false;
            };
        });
    }
}
