package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.checks.Invariance;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.zoo.OptimizerKind;
import org.quotient.optimizers.zoo.Optimizers;

/**
 * Every optimizer of the list keeps the law that it declares, on every family of networks, and no more than it declares: the
 * subgroups that it does not name are felt on at least one of the networks that have them.
 */
class LawTest {
    private static final int STEPS = 5;

    @TestFactory
    Stream<DynamicTest> everyOptimizerKeepsItsLawAndNoMore() {
        return Optimizers.all().stream()
                .map(OptimizerKind::name)
                .map(name -> DynamicTest.dynamicTest(name, () -> check(Optimizers.of(name))));
    }

    private static void check(Update update) {
        List<Invariance> all = new ArrayList<>();
        for (Model model : Samples.all()) {
            try {
                all.add(measure(update, model));
            } catch (IllegalArgumentException e) {
                // Only two say that samples must not influence each other, and only of the network where they do.
                assertThat(update.name()).isIn("ddp-sgd", "natural");
                assertThat(e.getMessage()).contains("'normalised'");
            }
        }
        for (Subgroup subgroup : Subgroup.values()) {
            List<Invariance.Measured> measured = all.stream()
                    .map(Invariance::measured)
                    .map(m -> m.get(subgroup))
                    .filter(java.util.Objects::nonNull)
                    .toList();
            if (measured.isEmpty()) {
                continue;
            }
            if (update.law().isInvariant() || update.law().subgroups().contains(subgroup)) {
                assertThat(measured).as("%s under %s", update.name(), subgroup).allMatch(Invariance.Measured::survives);
            } else {
                assertThat(measured).as("%s under %s", update.name(), subgroup).anyMatch(m -> !m.survives());
            }
        }
    }

    @Test
    void whereNothingMovesNothingIsMeasured() {
        Model model = BuiltIns.model("mlp:3-4-2", 1);
        Map<String, Tensor> dead = new HashMap<>(model.weights().asMap());
        dead.put("fc1.bias", Tensor.of(Shape.of(4), -100, -100, -100, -100));
        assertThatThrownBy(() -> measure(Updates.sgd(), model.at(Weights.of(dead))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing can be measured");
    }

    private static Invariance measure(Update update, Model model) {
        Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
        return Invariance.measure(
                problem,
                update,
                model.weights(),
                Samples.batches(model.network(), STEPS, 11),
                Samples.probe(model.network()),
                Invariance.Settings.STANDARD);
    }
}
