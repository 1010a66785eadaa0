package org.quotient.optimizers.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Freeze;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Samples;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.Updates;
import org.quotient.optimizers.training.Loss;

/** The scaled metric in its forms (spec invariant-updates 2; worked numbers I1, identities I10 and I19). */
class SymmetricUpdatesTest {
    private static final Update SM = SymmetricMetric.published(Direction.chain());

    @Test
    void theWorkedStepIsTheSameFunctionFromBothRepresentatives() {
        Weights first = Runs.step(SM, Runs.unit(3, 4, 2), Runs.sample(1, 0, 0), 1e-3)
                .model()
                .weights();
        Weights second = Runs.step(SM, Runs.unit(30, 40, 0.2), Runs.sample(1, 0, 0), 1e-3)
                .model()
                .weights();
        assertThat(Runs.numbers(first)).containsExactly(new double[] {2.7, 4, 1.928}, within(1e-12));
        assertThat(Runs.numbers(second)).containsExactly(new double[] {27, 40, 0.1928}, within(1e-12));
        for (Weights weights : List.of(first, second)) {
            assertThat(new Model(Runs.UNIT, weights)
                            .evaluate(List.of(Tensor.of(Shape.of(1, 2), 1, 0)))
                            .getFirst()
                            .item())
                    .isCloseTo(5.2056, within(1e-12));
        }
    }

    @Test
    void overAPrimeFieldTheWorkedStepIsExact() {
        assertThat(exact(Runs.unit(3, 4, 2), List.of(fraction(3, 1), fraction(4, 1)), fraction(2, 1)))
                .containsExactly(fraction(27, 10), fraction(4, 1), fraction(241, 125));
        assertThat(exact(Runs.unit(30, 40, 0.2), List.of(fraction(30, 1), fraction(40, 1)), fraction(1, 5)))
                .containsExactly(fraction(27, 1), fraction(40, 1), fraction(241, 1250));
    }

    private static final Numbers.PrimeField FIELD = Numbers.PrimeField.largest();

    private static double fraction(long numerator, long denominator) {
        BigInteger p = BigInteger.valueOf(FIELD.p());
        return BigInteger.valueOf(numerator)
                .multiply(BigInteger.valueOf(denominator).modInverse(p))
                .mod(p)
                .doubleValue();
    }

    /** The step with η = 1/1000 at x = (1, 0), y = 0 modulo p, on the piece of the network around θ. */
    private static List<Double> exact(Weights near, List<Double> w, double u) {
        Problem problem = Problem.of(Runs.UNIT, Loss.halfSquaredError());
        Point at = Point.of(problem);
        List<Expr> next = new ArrayList<>(SM.step(at, new Memory(Map.of(), SM.init(problem, near), Map.of()))
                .theta()
                .values()
                .values());
        Map<String, Tensor> point = near.with(problem.network().inputs(), List.of(Tensor.of(Shape.of(1, 2), 1, 0)));
        point.put(Network.nameOf(problem.target()), Tensor.of(Shape.of(1, 1), 0));
        point.put(Network.nameOf(at.learningRate()), Tensor.of(Shape.SCALAR, 1e-3));
        Map<String, Tensor> residues = new LinkedHashMap<>(point);
        residues.put("fc1.weight", Tensor.of(Shape.of(1, 2), DType.F64, w.get(0), w.get(1)));
        residues.put("fc2.weight", Tensor.of(Shape.of(1, 1), DType.F64, u));
        residues.put(Network.nameOf(at.learningRate()), Tensor.of(Shape.SCALAR, fraction(1, 1000)));
        List<Tensor> values = Evaluator.evaluate(Freeze.at(next, point), residues, FIELD);
        return List.of(values.get(0).get(0), values.get(0).get(1), values.get(1).get(0));
    }

    @Test
    void theDeepFormIsDescentInTheFrame() {
        Model model = Samples.residualConvolution();
        assertThat(Runs.deviation(
                        Runs.outputs(
                                model.network(),
                                Runs.after(SymmetricMetric.deep(Direction.momentum(0.5)), model, 4, 0.01)
                                        .model()
                                        .weights()),
                        Runs.outputs(
                                model.network(),
                                Runs.after(Updates.frame("frame", Direction.momentum(0.5), 0), model, 4, 0.01)
                                        .model()
                                        .weights())))
                .isZero();
    }

    @Test
    void beforeANormalisationScalesAreNotFelt() {
        for (Update update : List.of(SM, SymmetricMetric.rows(Direction.momentum(0.9)))) {
            assertThat(Runs.under(Subgroup.NORMALISED, update, Runs.normalised(true))
                            .survives())
                    .isTrue();
        }
        assertThat(Runs.under(Subgroup.NORMALISED, Updates.sgd(), Runs.normalised(true))
                        .survives())
                .isFalse();
    }

    @Test
    void gainAndShiftAreARowOfTheirOwn() {
        assertThat(Runs.invariance(SM, Runs.gained()).law()).containsExactly(Subgroup.FULL);
    }

    @Test
    void beforeANormalisationTheSquaredNormGrowsByTheStep() {
        // ‖w⁺‖² = ‖w‖²(1 + η²‖w‖²‖g‖²), since g ⊥ w; without a step of its own where the step is 0.
        Model model = Runs.normalised(false);
        double rate = 0.3;
        var training = Runs.training(SM, model.network());
        var step = training.step(
                training.start(model.weights()),
                Samples.batches(model.network(), 1, 2).getFirst(),
                rate);
        Tensor w = model.weights().get("in.weight");
        Tensor g = java.util.Objects.requireNonNull(step.differential().get("in.weight"));
        Tensor next = step.next().model().weights().get("in.weight");
        for (int i = 0; i < 5; i++) {
            double norm = Runs.squares(w, 3 * i, 3 * i + 3);
            double slope = Runs.squares(g, 3 * i, 3 * i + 3);
            assertThat(Runs.squares(next, 3 * i, 3 * i + 3))
                    .isCloseTo(norm * (1 + rate * rate * norm * slope), within(1e-12));
        }
    }

    @Test
    void oneFactorPerTensorRespectsOneScalePerLayerAlsoWithBiasesOfTheirOwn() {
        Model model = Samples.edges().getFirst();
        assertThat(Runs.under(Subgroup.LAYER_UNIFORM, TensorwiseMetric.of(true, Direction.chain()), model)
                        .bitwise())
                .isTrue();
        assertThat(Runs.under(Subgroup.LAYER_UNIFORM, TensorwiseMetric.of(false, Direction.chain()), model)
                        .survives())
                .isFalse();
    }

    @Test
    void parametersThatAreNoEdgesAreAnErrorThatNamesThem() {
        Model gated = Samples.gated();
        assertThatThrownBy(() -> Runs.after(SM, gated, 1, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs parameters that scale like edges");
        assertThatThrownBy(() -> Optimizers.of("sm:deep,rows"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two different metrics");
    }
}
