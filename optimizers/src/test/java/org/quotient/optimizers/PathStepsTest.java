package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Freeze;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.program.Program;
import org.quotient.optimizers.paths.DdpMetric;
import org.quotient.optimizers.paths.PathMetric;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.PathSgd;

/** Path energies and steps of small networks in numbers. */
class PathStepsTest {
    private static final Network SQUARE =
            BuiltIns.network("mlp:2-2-2,bias=false").network();
    private static final Network RECURRENT =
            BuiltIns.network("rnn:1-2-1,steps=3,bias=false").network();

    /** W1 = [[2,1],[−1,3]], W2 = [[1,2],[−1,1]] with a row for each input, as the networks have them: by rows of outputs. */
    private static final Weights WORKED = weights(new double[] {2, -1, 1, 3}, new double[] {1, -1, 2, 1});
    /** The same function, first unit scaled by 4, second by 1/2. */
    private static final Weights RESCALED = weights(new double[] {8, -4, 0.5, 1.5}, new double[] {0.25, -2, 0.5, 2});

    private static final Batch BATCH = Batch.of(Tensor.of(Shape.of(1, 2), 2, 1), Tensor.of(Shape.of(1, 2), 0, 9));

    private static Weights weights(double[] first, double[] second) {
        return Weights.of(Map.of(
                "fc1.weight", Tensor.of(Shape.of(2, 2), DType.F64, first),
                "fc2.weight", Tensor.of(Shape.of(2, 2), DType.F64, second)));
    }

    private static double[] values(Problem problem, ParameterVector vector, Weights weights, Tensor input) {
        Map<String, Tensor> values = weights.with(problem.network().inputs(), List.of(input));
        List<Double> all = new ArrayList<>();
        Evaluator.evaluate(
                        List.copyOf(vector.values().values()),
                        values,
                        input.shape().size(0))
                .forEach(t -> {
                    for (int i = 0; i < t.size(); i++) {
                        all.add(t.get(i));
                    }
                });
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] kappa(PathMetric metric, Network network, Weights weights, Tensor input) {
        Problem problem = Problem.of(network, Loss.halfSquaredError());
        return values(problem, metric.kappa(Point.of(problem)), weights, input);
    }

    @Test
    void energiesAreThoseOfTheInPathsTimesThoseOfTheOutPaths() {
        assertThat(kappa(
                        new PathMetric(2, false), SQUARE, WORKED, BATCH.inputs().getFirst()))
                .containsExactly(5, 5, 2, 2, 5, 10, 5, 10);
    }

    @Test
    void theEnergiesOfAnyExponentAreTheSumsOverPaths() {
        // Paths through W1[0][0] = 2 go on with 1 and 2, through W2[0][0] = 1 they come with 2 and −1.
        double[] one =
                kappa(new PathMetric(1, false), SQUARE, WORKED, BATCH.inputs().getFirst());
        assertThat(one).containsExactly(9, 9, 4, 4, 9, 16, 9, 16);
        double[] three =
                kappa(new PathMetric(3, false), SQUARE, WORKED, BATCH.inputs().getFirst());
        assertThat(three[0]).isCloseTo(Math.pow(1 + 8, 2.0 / 3), within(1e-14));
        assertThat(three[5]).isCloseTo(Math.pow(1 + 27, 2.0 / 3), within(1e-14));
    }

    @Test
    void aStepFromEveryRepresentativeIsTheSame() {
        Training training = Training.of(SQUARE, Loss.halfSquaredError(), PathSgd.of());
        Weights next = training.step(training.start(WORKED), BATCH, 0.01)
                .next()
                .model()
                .weights();
        assertThat(next.get("fc1.weight").data())
                .containsExactly(new double[] {249 / 125.0, -251 / 250.0, 24 / 25.0, 149 / 50.0}, within(1e-15));
        assertThat(next.get("fc2.weight").data())
                .containsExactly(new double[] {253 / 250.0, -99 / 100.0, 497 / 250.0, 99 / 100.0}, within(1e-15));
        assertThat(training.loss(next, BATCH)).isCloseTo(3.2597914576, within(1e-10));
        Weights other = training.step(training.start(RESCALED), BATCH, 0.01)
                .next()
                .model()
                .weights();
        assertThat(other.get("fc1.weight").data())
                .containsExactly(
                        new double[] {249 / 125.0 * 4, -251 / 250.0 * 4, 24 / 50.0, 149 / 100.0}, within(1e-15));
        assertThat(training.loss(other, BATCH)).isCloseTo(3.2597914576, within(1e-10));
    }

    @Test
    void aStepIsExactOverAPrimeField() {
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        Problem problem = Problem.of(SQUARE, Loss.halfSquaredError());
        Point at = Point.of(problem);
        ParameterVector next = PathSgd.of().step(at, Memory.EMPTY).theta();
        Map<String, Tensor> point = RESCALED.with(SQUARE.inputs(), BATCH.inputs());
        point.put(Network.nameOf(problem.target()), BATCH.target());
        point.put(Network.nameOf(at.learningRate()), Tensor.of(Shape.SCALAR, 0.01));
        List<Expr> frozen = Freeze.at(List.copyOf(next.values().values()), point);
        Program.Builder build = Program.builder().over(field);
        frozen.forEach(build::output);
        Map<String, Tensor> residues = new LinkedHashMap<>();
        point.forEach((name, t) -> residues.put(name, residues(field, t)));
        residues.put(Network.nameOf(at.learningRate()), Tensor.of(Shape.SCALAR, (double) field.inverse(100)));
        List<Tensor> got = build.build().evaluate(residues);
        int[][] expected = {
            {249 * 4, 125}, {-251 * 4, 250}, {24, 50}, {149, 100}, {253, 1000}, {-99, 50}, {497, 1000}, {99, 50}
        };
        for (int i = 0; i < 8; i++) {
            long numerator = Math.floorMod(expected[i][0], (long) field.p());
            long fraction = numerator * field.inverse(expected[i][1]) % field.p();
            assertThat(got.get(i / 4).get(i % 4)).as("element %d", i).isEqualTo(fraction);
        }
    }

    private static Tensor residues(Numbers.PrimeField field, Tensor t) {
        double[] out = new double[t.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = field.residue(t.get(i));
        }
        return Tensor.of(t.shape(), out);
    }

    /** w_in = (1, 2), w_rec = (3, −1; 2, 1) with a row for the unit that is left, w_out = (1, −2). */
    private static final Weights STATE = Weights.of(Map.of(
            "rnn.weight_ih", Tensor.of(Shape.of(2, 1), DType.F64, 1, 2),
            "rnn.weight_hh", Tensor.of(Shape.of(2, 2), DType.F64, 3, 2, -1, 1),
            "fc.weight", Tensor.of(Shape.of(1, 2), DType.F64, 1, -2)));

    @Test
    void reusedWeightsHaveTheSumOfTheEnergiesOfTheirPlaces() {
        assertThat(kappa(new PathMetric(2, false), RECURRENT, STATE, Tensor.of(Shape.of(1, 3, 1), 1, 1, 1)))
                .containsExactly(139, 72, 39, 61, 112, 68, 271, 39);
    }

    @Test
    void reusedWeightsHaveHalfTheSecondDerivativeIfAskedFor() {
        Tensor input = Tensor.of(Shape.of(1, 3, 1), 1, 1, 1);
        double[] first = kappa(new PathMetric(2, false), RECURRENT, STATE, input);
        double[] exact = kappa(new PathMetric(2, true), RECURRENT, STATE, input);
        for (int i = 0; i < 8; i++) {
            if (i < 2 || i > 5) {
                assertThat(exact[i]).isEqualTo(first[i]);
                continue;
            }
            // S is a quadratic in e = w²: the second difference of S in e is its second derivative, exactly.
            double w = STATE.get("rnn.weight_hh").get(i - 2);
            double[] s = new double[3];
            for (int k = -1; k <= 1; k++) {
                s[k + 1] = squared(i - 2, w * w + k);
            }
            double slope = (s[2] - s[0]) / 2;
            assertThat(first[i]).isEqualTo(slope);
            assertThat(exact[i]).isEqualTo(slope + 2 * w * w * (s[2] - 2 * s[1] + s[0]));
        }
    }

    /** Σ over paths of the product of squares, with the square of one recurrent weight replaced. */
    private static double squared(int place, double square) {
        double[] e = new double[4];
        for (int i = 0; i < 4; i++) {
            e[i] = i == place ? square : Math.pow(STATE.get("rnn.weight_hh").get(i), 2);
        }
        double a = 0;
        double b = 0;
        for (int t = 0; t < 3; t++) {
            double next = 1 + e[0] * a + e[1] * b;
            b = 4 + e[2] * a + e[3] * b;
            a = next;
        }
        return a + 4 * b;
    }

    @Test
    void unitsWithoutPathsStayWhereTheyAre() {
        Weights dead = weights(new double[] {2, -1, 0, 0}, new double[] {1, 0, 2, 0});
        Training training = Training.of(SQUARE, Loss.halfSquaredError(), PathSgd.of());
        Weights next =
                training.step(training.start(dead), BATCH, 0.01).next().model().weights();
        assertThat(next.get("fc1.weight").get(2)).isZero();
        assertThat(next.get("fc1.weight").get(3)).isZero();
        assertThat(next.get("fc2.weight").get(1)).isZero();
        assertThat(next.get("fc1.weight").get(0)).isFinite().isNotEqualTo(2);
    }

    @Test
    void theDataInterpolateBetweenPathsAndTheGaussNewtonDiagonal() {
        Problem problem = Problem.of(SQUARE, Loss.halfSquaredError());
        Tensor inputs = Tensor.of(Shape.of(3, 2), 2, 1, 1, -1, -1, 2);
        assertThat(values(problem, new DdpMetric(1, 0, 0).kappa(Point.of(problem)), WORKED, inputs))
                .containsExactly(
                        new double[] {25 / 3.0, 10 / 3.0, 10 / 3.0, 10 / 3.0, 6, 50 / 3.0, 6, 50 / 3.0}, within(1e-14));
        assertThat(values(problem, new DdpMetric(0, 0, 0).kappa(Point.of(problem)), WORKED, inputs))
                .containsExactly(10, 10, 4, 4, 10, 20, 10, 20);
    }
}
