package org.quotient.optimizers.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Samples;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.TrainingState;

/** Constraints and coordinates of norms (spec invariant-updates 2.3 and 4; worked numbers I9 and I11, identities I10 and I20). */
class UnitNormUpdatesTest {
    private static final Update UN = UnitNormDescent.of();
    private static final Update PBWN = new ProjectionBasedWeightNormalisation(1, true);

    /** u = 1, x = (1, 2), y = 1.2 at w = (0.6, 0.8) gives g = (1, 2). */
    private static double[] worked(Update update, double rate) {
        return Runs.numbers(Runs.step(update, Runs.unit(0.6, 0.8, 1), Runs.sample(1, 2, 1.2), rate)
                .model()
                .weights());
    }

    @Test
    void workedStepsOnTheSphere() {
        double[] un = worked(UN, 0.1);
        assertThat(un[0]).isCloseTo(0.63149501, within(5e-9));
        assertThat(un[1]).isCloseTo(0.77537994, within(5e-9));
        // Exactly: (0.6, 0.8) + 0.1·(0.32, −0.24), of squared norm 1.0016.
        assertThat(un[0]).isCloseTo(0.632 / Math.sqrt(1.0016), within(1e-12));
        assertThat(un[1]).isCloseTo(0.776 / Math.sqrt(1.0016), within(1e-12));
        double[] pbwn = worked(PBWN, 0.1);
        assertThat(pbwn[0]).isCloseTo(0.6401844, within(5e-8));
        assertThat(pbwn[1]).isCloseTo(0.76822128, within(5e-9));
        assertThat(pbwn[0]).isCloseTo(0.5 / Math.sqrt(0.61), within(1e-12));
    }

    @Test
    void projectionAfterwardsIsTheSphereWithAnotherRate() {
        // PBWN(η) = UN(η/(1 − η g·w)), here with g·w = 2.2.
        double[] pbwn = worked(PBWN, 0.1);
        double[] un = worked(UN, 0.1 / 0.78);
        assertThat(pbwn[0]).isCloseTo(un[0], within(1e-12));
        assertThat(pbwn[1]).isCloseTo(un[1], within(1e-12));
    }

    @Test
    void beforeANormalisationTheSphereHasTheDirectionsOfTheScaledMetric() {
        for (boolean deep : new boolean[] {false, true}) {
            Model model = Runs.normalised(deep);
            Weights sphere = Runs.after(UN, model, 20, 0.1).model().weights();
            Weights scaled = Runs.after(SymmetricMetric.published(Direction.chain()), model, 20, 0.1)
                    .model()
                    .weights();
            Tensor w = scaled.get("in.weight");
            for (int i = 0; i < w.size(); i++) {
                int row = 3 * (i / 3);
                double unit = w.get(i) / Math.sqrt(Runs.squares(w, row, row + 3));
                assertThat(sphere.get("in.weight").get(i)).isCloseTo(unit, within(3e-9));
            }
            assertThat(Runs.deviation(Runs.outputs(model.network(), scaled), Runs.outputs(model.network(), sphere)))
                    .isLessThan(3e-9);
        }
    }

    @Test
    void theStartKeepsTheFunctionAndStepsKeepTheNorms() {
        Model model = Samples.residualConvolution();
        Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
        Weights start = UN.start(problem, model.weights());
        assertThat(Runs.deviation(Runs.outputs(model.network(), model.weights()), Runs.outputs(model.network(), start)))
                .isLessThan(1e-14);
        Weights later = Runs.after(UN, model, 5, 0.05).model().weights();
        for (Weights weights : List.of(start, later)) {
            for (int c = 0; c < 3; c++) {
                assertThat(Runs.squares(weights.get("stem.weight"), 18 * c, 18 * c + 18))
                        .isCloseTo(1, within(1e-13));
            }
            for (int c = 0; c < 4; c++) {
                assertThat(Runs.squares(weights.get("a.weight"), 27 * c, 27 * c + 27))
                        .isCloseTo(1, within(1e-13));
            }
        }
        // b writes into the class of the stem, whose weights have the norm already.
        assertThat(Runs.squares(later.get("b.weight"), 0, 36)).isNotCloseTo(1, within(1e-3));
    }

    @Test
    void rescalingsByPowersOfTwoLeadToTheSameBits() {
        for (Model model : Samples.edges()) {
            for (Update update : List.of(UN, PBWN, new UnitNormDescent(Direction.momentum(0.9)))) {
                var measured = Runs.under(Subgroup.FULL, update, model);
                assertThat(measured.survives()).isTrue();
                assertThat(measured.bitwise()).isTrue();
            }
        }
        assertThat(Runs.under(Subgroup.NORMALISED, UN, Runs.normalised(true)).bitwise())
                .isTrue();
        assertThat(Runs.under(Subgroup.FULL, UN, Runs.gained()).bitwise()).isTrue();
    }

    @Test
    void aGainKeepsItsSignAndNothingElse() {
        Weights later = Runs.after(UN, Runs.gained(), 5, 0.05).model().weights();
        Tensor gamma = later.get("gamma");
        for (int i = 0; i < gamma.size(); i++) {
            assertThat(gamma.get(i)).isCloseTo(1, within(1e-15));
        }
        assertThat(later.get("beta").get(0)).isNotCloseTo(1.0 / 3, within(1e-6));
    }

    @Test
    void aClassWithoutANormIsAnErrorThatNamesIt() {
        Model dead = Runs.withZeroRow(Samples.edges().getFirst(), "fc2.weight", 1);
        assertThatThrownBy(() -> Runs.after(UN, dead, 1, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("zeros only in 'fc2.weight'")
                .hasMessageContaining("fc2.weight[1, :]");
    }

    /** Rank of the derivative of the outputs along the directions that keep some norms; rows of groups of the weight's elements. */
    private static int rank(Model model, int perGroup) {
        Network network = model.network();
        Tensor x = Tensor.fill(
                Shape.of(60, 6),
                network.inputs().getFirst().dtype(),
                org.quotient.autodiff.CounterRandom.seeded(5)::normal);
        List<double[]> rows = new ArrayList<>();
        Expr output = network.outputs().getFirst();
        List<Expr> slopes = new ArrayList<>();
        for (int o = 0; o < 2; o++) {
            slopes.addAll(Differentiation.gradient(
                    org.quotient.autodiff.Ops.slice(output, 1, o, o + 1).sum(), network.parameters()));
        }
        for (int n = 0; n < 60; n++) {
            int sample = n;
            Map<String, Tensor> values = model.weights()
                    .with(
                            network.inputs(),
                            List.of(Tensor.fill(Shape.of(1, 6), x.dtype(), i -> x.get(6 * sample + i))));
            List<Tensor> found = Evaluator.evaluate(slopes, values);
            for (int o = 0; o < 2; o++) {
                double[] row = new double[28];
                for (int i = 0; i < 24; i++) {
                    row[i] = found.get(2 * o).get(i);
                }
                for (int i = 0; i < 4; i++) {
                    row[24 + i] = found.get(2 * o + 1).get(i);
                }
                rows.add(row);
            }
        }
        SimpleMatrix jacobian = new SimpleMatrix(rows.toArray(new double[0][]));
        SimpleMatrix tangent = SimpleMatrix.identity(28);
        Tensor w = model.weights().get("in.weight");
        for (int from = 0; perGroup > 0 && from < 24; from += perGroup) {
            SimpleMatrix normal = new SimpleMatrix(28, 1);
            for (int i = from; i < from + perGroup; i++) {
                normal.set(i, 0, w.get(i));
            }
            normal = normal.divide(normal.normF());
            tangent = tangent.minus(normal.mult(normal.transpose()));
        }
        return jacobian.mult(tangent).svd().rank();
    }

    @Test
    void pooledUnitsHaveOneNormTogetherAndLoseNoFunctions() {
        Model model = Runs.pooled();
        Problem problem = Problem.of(model.network(), Loss.halfSquaredError());
        assertThat(problem.group().rank()).isEqualTo(2);
        Model start = model.at(UN.start(problem, model.weights()));
        Tensor w = Runs.after(UN, model, 4, 0.1).model().weights().get("in.weight");
        assertThat(Runs.squares(w, 0, 12)).isCloseTo(1, within(1e-13));
        assertThat(Runs.squares(w, 12, 24)).isCloseTo(1, within(1e-13));
        assertThat(Runs.squares(w, 0, 6)).isNotCloseTo(0.5, within(1e-3));
        assertThat(rank(start, 0)).isEqualTo(26);
        assertThat(rank(start, 12)).isEqualTo(26);
        assertThat(rank(start, 6)).isEqualTo(24);
    }

    @Test
    void projectionMayWaitForSeveralSteps() {
        Model model = Samples.edges().get(1);
        Update late = new ProjectionBasedWeightNormalisation(3, true);
        assertThat(Runs.squares(
                        Runs.after(late, model, 2, 0.05).model().weights().get("fc1.weight"), 0, 3))
                .isNotCloseTo(1, within(1e-6));
        assertThat(Runs.squares(
                        Runs.after(late, model, 3, 0.05).model().weights().get("fc1.weight"), 0, 3))
                .isCloseTo(1, within(1e-13));
        Update bare = new ProjectionBasedWeightNormalisation(1, false);
        assertThat(Runs.deviation(outputs(bare, model, 0.05), outputs(bare, Runs.rescaled(model, 4), 0.05)))
                .isGreaterThan(1e-3);
    }

    private static Tensor outputs(Update update, Model model, double rate) {
        return Runs.outputs(
                model.network(), Runs.after(update, model, 3, rate).model().weights());
    }

    @Test
    void projectionWithoutCompensationKeepsTheFunctionOnlyBeforeANormalisation() {
        // A step of length 0 from weights that are not of unit norm.
        Update bare = new ProjectionBasedWeightNormalisation(1, false);
        Model normalised = Runs.normalised(true);
        assertThat(Runs.deviation(
                        Runs.outputs(normalised.network(), normalised.weights()), outputs(bare, normalised, 0)))
                .isLessThan(1e-13);
        Model plain = Samples.edges().get(1);
        assertThat(Runs.deviation(Runs.outputs(plain.network(), plain.weights()), outputs(bare, plain, 0)))
                .isGreaterThan(1e-2);
    }

    @Test
    void workedStepOfWeightNormalisation() {
        // v = (3, 4), g = 2, ∂w = (1, 2): x = (1, 2) with u = 1 and residual 1, since f = 1.2 + 3.2 = 4.4.
        Update update = new WeightNormalisation(false);
        var training = Runs.training(update, Runs.UNIT);
        Weights weights = Runs.unit(1.2, 1.6, 1);
        State state = update.init(training.problem(), Runs.unit(3, 4, 1));
        double rate = 0.5;
        TrainingState next = training.step(
                        new TrainingState(new Model(Runs.UNIT, weights), state, 0), Runs.sample(1, 2, 3.4), rate)
                .next();
        Tensor v = java.util.Objects.requireNonNull(
                next.optimizer().get("direction of rows").values().get("fc1.weight"));
        assertThat(v.get(0)).isCloseTo(3 + rate * 0.128, within(1e-12));
        assertThat(v.get(1)).isCloseTo(4 - rate * 0.096, within(1e-12));
        assertThat(Runs.squares(v, 0, 2)).isCloseTo(25 + 0.0256 * rate * rate, within(1e-12));
        double gain = 2 - rate * 2.2;
        assertThat(next.model().weights().get("fc1.weight").get(0))
                .isCloseTo(gain * v.get(0) / Math.sqrt(25 + 0.0256 * rate * rate), within(1e-12));
    }

    @Test
    void weightNormalisationCarriesAGainThroughZeroAndRefusesARowOfZeros() {
        // A gain that changes its sign: g = 2 − 3·2.2 with ∂w = (1, 2).
        Update update = new WeightNormalisation(true);
        var training = Runs.training(update, Runs.UNIT);
        Weights weights = Runs.unit(1.2, 1.6, 1);
        TrainingState from = training.start(weights);
        TrainingState next = training.step(from, Runs.sample(1, 2, 3.4), 3).next();
        Tensor v = java.util.Objects.requireNonNull(
                next.optimizer().get("direction of rows").values().get("fc1.weight"));
        Tensor w = next.model().weights().get("fc1.weight");
        assertThat(w.get(0) * v.get(0) + w.get(1) * v.get(1)).isNegative();
        assertThat(Math.sqrt(Runs.squares(w, 0, 2))).isCloseTo(4.6, within(1e-12));
        Model dead = Runs.withZeroRow(Samples.edges().getFirst(), "fc1.weight", 2);
        assertThatThrownBy(() -> Runs.after(update, dead, 1, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 2 of 'fc1.weight'");
    }

    @Test
    void beforeABatchNormalisationOnlyTheUnitStartOfDirectionsForgetsScales() {
        Model model = Runs.normalised(true);
        assertThat(Runs.under(Subgroup.NORMALISED, new WeightNormalisation(true), model)
                        .survives())
                .isTrue();
        assertThat(Runs.under(Subgroup.NORMALISED, new WeightNormalisation(false), model)
                        .survives())
                .isFalse();
    }
}
