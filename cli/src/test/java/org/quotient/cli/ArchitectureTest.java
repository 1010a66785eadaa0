package org.quotient.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The arrows of the design: a module uses only those above it. The build files forbid a wrong arrow between two
 * modules too; this test says which arrow it was, and sees the arrows that a transitive dependency would allow.
 */
@DisplayName("The arrows of the design hold")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {

    private JavaClasses quotient;

    @BeforeAll
    void read() {
        quotient = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.quotient");
    }

    @Test
    @DisplayName("autodiff <- geometry <- optimizers <- proofs <- cli, and interop uses autodiff and geometry only")
    void arrows() {
        check(layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("autodiff")
                .definedBy("org.quotient.autodiff..")
                .layer("geometry")
                .definedBy("org.quotient.geometry..")
                .layer("optimizers")
                .definedBy("org.quotient.optimizers..")
                .layer("interop")
                .definedBy("org.quotient.interop..")
                .layer("proofs")
                .definedBy("org.quotient.proofs..")
                .layer("cli")
                .definedBy("org.quotient.cli..")
                .whereLayer("autodiff")
                .mayNotAccessAnyLayer()
                .whereLayer("geometry")
                .mayOnlyAccessLayers("autodiff")
                .whereLayer("optimizers")
                .mayOnlyAccessLayers("autodiff", "geometry")
                .whereLayer("interop")
                .mayOnlyAccessLayers("autodiff", "geometry")
                .whereLayer("proofs")
                .mayOnlyAccessLayers("autodiff", "geometry", "optimizers", "interop")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer());
    }

    @Test
    @DisplayName("only the command line writes to the standard streams")
    void standardStreams() {
        check(noClasses().that().resideOutsideOfPackage("org.quotient.cli..").should(ACCESS_STANDARD_STREAMS));
    }

    @Test
    @DisplayName("no stack trace is printed outside the command line")
    void stackTraces() {
        check(classes()
                .that()
                .resideOutsideOfPackage("org.quotient.cli..")
                .should(never(callMethodWhere(describe(
                        "a stack trace is printed",
                        (JavaMethodCall call) -> call.getName().equals("printStackTrace")
                                && call.getTargetOwner().isAssignableTo(Throwable.class))))));
    }

    @Test
    @DisplayName("charts live in the notebooks: nothing here uses AWT")
    void noAwt() {
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage("java.awt..", "javax.swing.."));
    }

    @Test
    @DisplayName("no internals of the JDK")
    void noInternals() {
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "com.sun..", "jdk.internal.."));
    }

    private void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(quotient);
    }
}
