package org.quotient.optimizers.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.optimizers.Adam;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Samples;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.Updates;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.training.TrainingState;

/** Equi-normalisation in each step (spec invariant-updates 3; worked numbers I6, identities I7 and I13). */
class EqualisedDescentTest {
    private static Update cycles(Update inner, int cycles) {
        return new EqualisedDescent(inner, cycles, 2, 1, false);
    }

    private static double cost(Weights weights, double p) {
        double sum = 0;
        for (Tensor w : weights.asMap().values()) {
            for (int i = 0; i < w.size(); i++) {
                sum += Math.pow(Math.abs(w.get(i)), p);
            }
        }
        return sum;
    }

    @Test
    void oneVisitMakesBothNormsOfAUnitEqual() {
        // d = √(0.2/5) = 0.2; the squares 25.04 become 2 = 2·‖w‖·|u|.
        Weights next = Runs.step(cycles(Updates.sgd(), 1), Runs.unit(3, 4, 0.2), Runs.sample(1, 0, 0), 0)
                .model()
                .weights();
        assertThat(Runs.numbers(next)).containsExactly(new double[] {0.6, 0.8, 1}, within(1e-12));
        assertThat(cost(Runs.unit(3, 4, 0.2), 2)).isCloseTo(25.04, within(1e-12));
        assertThat(cost(next, 2)).isCloseTo(2, within(1e-12));
    }

    @Test
    void theWeightsAreNotPassedOverOnceMore() {
        // Reading 100,000 weights and writing them once more would be 1.6 MB; norms and scaled vectors are 1 MB.
        Model model = BuiltIns.model("mlp:300-200-200-4", 5);
        long[] bytes = new long[2];
        Batch batch = Batch.of(
                Tensor.of(Shape.of(64, 300), DType.F64, new double[64 * 300]),
                Tensor.of(Shape.of(64), DType.F64, new double[64]));
        for (int i = 0; i < 2; i++) {
            Training training = Training.of(
                    model.network(), Loss.crossEntropy(), i == 0 ? Updates.sgd() : EqualisedDescent.of(Updates.sgd()));
            try (Run run = training.open(training.start(model.weights()))) {
                run.step(batch, 0.1);
                bytes[i] = run.cost().bytes();
            }
        }
        assertThat(bytes[1] - bytes[0]).isLessThan(2L * Double.BYTES * 100_000);
    }

    @Test
    void everyCycleKeepsTheFunctionAndLowersTheCostToTheMinimum() {
        for (Model given : Samples.edges()) {
            Model model = Runs.rescaled(given, 3);
            for (double p : new double[] {2, 1, 3}) {
                double last = cost(model.weights(), p);
                for (int cycles : new int[] {1, 3}) {
                    Update update = new EqualisedDescent(Updates.sgd(), cycles, p, 1, false);
                    Weights weights = Runs.after(update, model, 1, 0).model().weights();
                    assertThat(Runs.deviation(
                                    Runs.outputs(model.network(), model.weights()),
                                    Runs.outputs(model.network(), weights)))
                            .isLessThan(1e-12);
                    assertThat(cost(weights, p)).isLessThanOrEqualTo(last * (1 + 1e-14));
                    last = cost(weights, p);
                }
            }
            double least = OrbitCriterion.enorm(RescalingGroup.of(model.network()), model, 2, Map.of())
                    .minimise()
                    .after();
            // Ten steps of length 0, six cycles each.
            Weights reached =
                    Runs.after(cycles(Updates.sgd(), 6), model, 10, 0).model().weights();
            assertThat(cost(reached, 2)).isBetween(least * (1 - 1e-12), least * (1 + 1e-6));
        }
    }

    @Test
    void whatIsRememberedIsRescaledAlong() {
        // An update that is invariant, its memory included, does not notice the cycles.
        for (Model model : List.of(Samples.edges().getFirst(), Samples.residualConvolution())) {
            for (Update inner : List.of(
                    Updates.frame("frame", new Adam(0.9, 0.99, 1e-8), 0),
                    Updates.log(Direction.momentum(0.9), false))) {
                Tensor alone = Runs.outputs(
                        model.network(),
                        Runs.after(inner, model, 5, 0.01).model().weights());
                for (Update around : List.of(
                        cycles(inner, 2),
                        EqualisedDescent.of(inner),
                        Rescheduled.equalised(inner, 2),
                        Rescheduled.pathConditioned(inner, 2))) {
                    TrainingState reached = Runs.after(around, model, 5, 0.01);
                    assertThat(Runs.deviation(
                                    alone,
                                    Runs.outputs(
                                            model.network(), reached.model().weights())))
                            .as(around.name() + " around " + inner.name())
                            .isLessThan(1e-9);
                }
            }
        }
    }

    @Test
    void theMomentumOfDifferentialsScalesAgainstTheWeights() {
        // A step of length 0 from momentum m: m' = μ·m/χ + g/χ, with χ = 0.2 for w and 5 for u.
        Update update = cycles(Updates.momentum(0.5), 1);
        var training = Runs.training(update, Runs.UNIT);
        Weights weights = Runs.unit(3, 4, 0.2);
        TrainingState from =
                new TrainingState(new Model(Runs.UNIT, weights), update.init(training.problem(), weights), 0);
        // f = 0.6, so ∂w = f·u·x = (0.12, 0) and ∂u = f·w·x = 1.8.
        TrainingState first = training.step(from, Runs.sample(1, 0, 0), 0).next();
        assertThat(slot(first, "fc1.weight").get(0)).isCloseTo(0.12 / 0.2, within(1e-12));
        assertThat(slot(first, "fc2.weight").get(0)).isCloseTo(1.8 / 5, within(1e-12));
        // The same memory put beside the weights it does not belong to is carried along by 1/χ.
        TrainingState back = new TrainingState(new Model(Runs.UNIT, weights), first.optimizer(), 1);
        TrainingState second = training.step(back, Runs.sample(1, 0, 0), 0).next();
        assertThat(slot(second, "fc1.weight").get(0)).isCloseTo((0.5 * 0.6 + 0.12) / 0.2, within(1e-12));
        assertThat(slot(second, "fc2.weight").get(0)).isCloseTo((0.5 * 0.36 + 1.8) / 5, within(1e-12));
    }

    private static Tensor slot(TrainingState state, String name) {
        return java.util.Objects.requireNonNull(
                state.optimizer().slots().values().iterator().next().values().get(name));
    }

    @Test
    void asymmetricNormsHaveTheirRatioAtTheFixedPoint() {
        double c = 1.2;
        Model model = BuiltIns.model("mlp:3-5-4-2", 1);
        Weights start = new EqualisedDescent(Updates.sgd(), 1, 2, c, true)
                .start(Runs.training(Updates.sgd(), model.network()).problem(), model.weights());
        Weights cycled = Runs.after(new EqualisedDescent(Updates.sgd(), 4, 2, c, false), model, 20, 0)
                .model()
                .weights();
        for (Weights weights : List.of(start, cycled)) {
            for (int v = 0; v < 5; v++) {
                double in = Runs.squares(weights.get("fc1.weight"), 3 * v, 3 * v + 3)
                        + Runs.squares(weights.get("fc1.bias"), v, v + 1);
                double out = 0;
                for (int o = 0; o < 4; o++) {
                    out += Runs.squares(weights.get("fc2.weight"), 5 * o + v, 5 * o + v + 1);
                }
                assertThat(Math.sqrt(out)).isCloseTo(c * Math.sqrt(in), within(1e-6));
            }
        }
        assertThatThrownBy(() -> Runs.after(
                        new EqualisedDescent(Updates.sgd(), 1, 2, c, true), Samples.residualConvolution(), 1, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in layers");
    }

    @Test
    void unitsWithoutWeightsKeepTheirScaleButForTheCanonicalStart() {
        Model model = Runs.withZeroRow(BuiltIns.model("mlp:3-4-2,bias=false", 5), "fc1.weight", 2);
        Weights cycled =
                Runs.after(cycles(Updates.sgd(), 3), model, 1, 0).model().weights();
        assertThat(cycled.get("fc2.weight").get(2))
                .isEqualTo(model.weights().get("fc2.weight").get(2));
        assertThat(cost(cycled, 2)).isFinite();
        Tensor leaving = EqualisedDescent.of(Updates.sgd())
                .start(Runs.training(Updates.sgd(), model.network()).problem(), model.weights())
                .get("fc2.weight");
        assertThat(Math.hypot(leaving.get(2), leaving.get(4 + 2))).isCloseTo(1, within(1e-12));
    }

    @Test
    void unitsThatOnlyZerosEnterDoNotBreakTheLaw() {
        for (Model model : List.of(
                Runs.withZeroRow(BuiltIns.model("mlp:3-4-3-2,bias=false", 5), "fc1.weight", 0),
                Runs.withZeroRow(BuiltIns.model("mlp:3-4-3-2", 6), "fc1.weight", 0),
                Runs.withZeroRow(BuiltIns.model("mlp:3-4-3-2,activation=leaky:0.1", 7), "fc2.weight", 1))) {
            for (String optimizer :
                    List.of("enorm-sgd:mu=0.9", "ec-sgd", "g-sgd:init=unit", "pathcond(normalised=unit)+sgd")) {
                assertThat(Runs.invariance(Optimizers.of(optimizer), model).law())
                        .as("%s on %s", optimizer, model.network().name())
                        .containsExactly(Subgroup.FULL);
            }
        }
    }

    @Test
    void beginningAtTheMinimumMakesDescentInvariantAndBeginningAnywhereDoesNot() {
        for (Model model : List.of(Samples.edges().getFirst(), Samples.residualConvolution())) {
            var canonical = Runs.under(Subgroup.FULL, Optimizers.of("enorm-sgd:mu=0.9,decay=0.01"), model);
            assertThat(canonical.survives()).isTrue();
            assertThat(canonical.bitwise()).isTrue();
            assertThat(Runs.under(Subgroup.FULL, Optimizers.of("enorm-sgd:start=none"), model)
                            .survives())
                    .isFalse();
            // To the minimum after every step (I13).
            assertThat(Runs.under(Subgroup.FULL, Rescheduled.equalised(Updates.momentum(0.9), 1), model)
                            .survives())
                    .isTrue();
        }
    }

    @Test
    void whatANormalisationReadsIsLeftAlone() {
        Model model = Runs.gained();
        Weights weights =
                Runs.after(cycles(Updates.sgd(), 5), model, 3, 0).model().weights();
        assertThat(weights.get("in.weight").sameBits(model.weights().get("in.weight")))
                .isTrue();
        double in = Runs.squares(weights.get("gamma"), 0, 1) + Runs.squares(weights.get("beta"), 0, 1);
        double out = Runs.squares(weights.get("out.weight"), 0, 1) + Runs.squares(weights.get("out.weight"), 4, 5);
        assertThat(in).isCloseTo(out, within(1e-12));
        assertThat(Runs.deviation(
                        Runs.outputs(model.network(), model.weights()), Runs.outputs(model.network(), weights)))
                .isLessThan(1e-13);
    }
}
