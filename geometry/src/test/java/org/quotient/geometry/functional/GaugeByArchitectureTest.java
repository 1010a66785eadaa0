package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;

/** The largest rank by architecture: groups with ties, products of linear maps, normalisation, softmax, constant inputs. */
class GaugeByArchitectureTest {
    private final List<Expr> parameters = new ArrayList<>();
    private Expr input = Ops.scalar(0, DType.F64);

    private Expr parameter(int... sizes) {
        Expr w = Expr.parameter("w" + parameters.size(), DType.F64, Shape.of(sizes));
        parameters.add(w);
        return w;
    }

    private Expr input(int... sizes) {
        int[] all = new int[sizes.length + 1];
        all[0] = Shape.N;
        System.arraycopy(sizes, 0, all, 1, sizes.length);
        input = Expr.input("x", DType.F64, Shape.of(all));
        return input;
    }

    private Expr linear(Expr x, int units) {
        return x.matmul(parameter(x.shape().size(-1), units));
    }

    private Expr affine(Expr x, int units) {
        return linear(x, units).plus(parameter(units));
    }

    private Expr conv(Expr x, int channels, int width, boolean bias) {
        Expr y = Ops.conv2d(
                x, parameter(channels, x.shape().size(1), 1, width), new Window(1, width, 1, 1, 0, 0, 0, 0, 1, 1), 1);
        return bias ? y.plus(Layers.alongAxis(parameter(channels), y, 1)) : y;
    }

    private Model model(Expr output, long seed) {
        Network network = new Network("net", List.of(input), parameters, List.of(), List.of(output));
        double[] theta = new double[(int) network.parameterCount()];
        CounterRandom random = CounterRandom.seeded(seed);
        for (int i = 0; i < theta.length; i++) {
            theta[i] = random.normal(i);
        }
        return ReluNetworks.at(network, theta);
    }

    private FunctionalRank rank(Expr output) {
        return FunctionalDimension.of(model(output, 11)).sampled(Sampling.seeded(1));
    }

    private static void assertProved(FunctionalRank rank, int parameters, int dimension) {
        assertThat(rank.parameters()).isEqualTo(parameters);
        assertThat(rank.bound()).as("bound").isEqualTo(dimension);
        assertThat(rank.rank()).as("rank").isEqualTo(dimension);
        assertThat(rank.attained()).isTrue();
        assertThat(rank.proved()).isTrue();
    }

    @Test
    void channelsOfCircularConvolutionsAreTheUnits() {
        Expr x = input(1, 1, 6);
        Expr first = conv(circular(x), 2, 3, false).relu();
        assertProved(rank(conv(circular(first), 1, 3, false)), 12, 10);
    }

    private static Expr circular(Expr x) {
        return Ops.gather(x, 3, 5, 0, 1, 2, 3, 4, 5, 0);
    }

    @Test
    void maxPoolingKeepsChannels() {
        Expr h = conv(input(1, 1, 8), 2, 3, false).relu();
        Expr pooled = Ops.maxPool2d(h, new Window(1, 2, 1, 2, 0, 0, 0, 0, 1, 1));
        Expr y = Ops.flatten(pooled);
        assertThat(y.shape().size(1)).isEqualTo(6);
        assertProved(rank(linear(y, 2)), 18, 16);
    }

    @Test
    void unitsThatAMaximumComparesShareAScale() {
        Expr h = linear(input(6), 4);
        assertProved(rank(linear(Ops.maxOver(h.reshape(Shape.N, 2, 2), 2), 2)), 28, 26);
    }

    @Test
    void maximaPassCommonShiftsOn() {
        // The biases of two compared units can shift together, and the next layer's biases undo it.
        Expr h = affine(input(6), 4);
        assertProved(rank(affine(Ops.maxOver(h.reshape(Shape.N, 2, 2), 2), 2)), 34, 30);
    }

    @Test
    void residualStreamsHaveOneScaleForEachTiedChannel() {
        Expr h = affine(input(2), 3).relu();
        Expr output = affine(h.plus(affine(h, 3).relu()), 1);
        FunctionalRank best = IntStream.range(0, 6)
                .mapToObj(seed -> FunctionalDimension.of(model(output, seed)).sampled(Sampling.seeded(1)))
                .max(Comparator.comparingInt(FunctionalRank::rank))
                .orElseThrow();
        assertProved(best, 25, 22);
    }

    @Test
    void productsOfAdjacentLinearMapsLoseMoreThanTheGroupKnows() {
        Expr h = affine(input(2), 3).relu();
        Expr branch = linear(affine(h, 2).relu(), 3);
        FunctionalDimension dimension = FunctionalDimension.of(model(affine(h.plus(branch), 1), 11));
        FunctionalRank rank = dimension.sampled(Sampling.seeded(1));
        assertThat(dimension.bound()).as("by rescaling alone").isEqualTo(22);
        assertProved(rank, 27, 18);
        assertThat(rank.error()).isPositive().isLessThan(1e-9);
    }

    @Test
    void twoLinearLayersHaveTheDimensionOfTheirProducts() {
        // Matrices 2×4 of rank 2 through a bottleneck: 2·2 + 2·4 − 2².
        assertProved(rank(linear(linear(input(4), 2), 2)), 12, 8);
    }

    @Test
    void weightNormalisationIsNoPolynomialAndIsNamed() {
        Expr x = input(2);
        Expr v = parameter(2, 3);
        Expr w = v.over(Ops.sqrt(v.times(v).sum(0)));
        assertThatThrownBy(() -> rank(linear(x.matmul(w).relu(), 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sqrt");
    }

    @Test
    void batchNormalisationInEvaluationModeIsAnAffineMap() {
        Expr x = input(2);
        Expr mean = Expr.buffer("mean", DType.F64, Shape.of(3));
        Expr variance = Expr.buffer("variance", DType.F64, Shape.of(3));
        Expr h = affine(x, 3);
        Expr normal = Expr.of(new Op.StandardiseWith(List.of(0), 1e-5), h, mean, variance);
        Expr scaled = normal.times(parameter(3)).plus(parameter(3));
        Expr y = affine(scaled.relu(), 1);
        Network network = new Network("bn", List.of(x), parameters, List.of(mean, variance), List.of(y));
        java.util.Map<String, Tensor> values = new java.util.LinkedHashMap<>();
        CounterRandom random = CounterRandom.seeded(4);
        for (Expr p : parameters) {
            CounterRandom stream = random.split(Network.nameOf(p));
            values.put(Network.nameOf(p), Tensor.fill(p.shape(), DType.F64, stream::normal));
        }
        values.put("mean", Tensor.of(Shape.of(3), 0.3, -0.2, 0.1));
        values.put("variance", Tensor.of(Shape.of(3), 0.7, 1.3, 2));
        FunctionalRank rank =
                FunctionalDimension.of(new Model(network, Weights.of(values))).sampled(Sampling.seeded(1));
        // γ and β repeat what W and b do: 3 + 3 lost beside the 3 units.
        assertProved(rank, 19, 10);
    }

    @Test
    void softmaxLosesTheCommonShiftOfTheLastLayer() {
        Expr h = affine(input(3), 4).relu();
        assertProved(rank(Ops.softmax(affine(h, 2), 1)), 26, 17);
    }

    @Test
    void softmaxLosesTheCommonShiftInDeepNetworksToo() {
        Model logits = ReluNetworks.random(ReluNetworks.network(true, 4, 6, 5, 3), 2);
        Expr z = logits.network().outputs().get(0);
        FunctionalRank softmax = FunctionalDimension.of(
                        new Model(logits.network().withOutputs(List.of(Ops.softmax(z, 1))), logits.weights()))
                .sampled(Sampling.seeded(1));
        FunctionalRank logSoftmax = FunctionalDimension.of(
                        new Model(logits.network().withOutputs(List.of(Ops.logSoftmax(z, 1))), logits.weights()))
                .sampled(Sampling.seeded(1));
        FunctionalRank plain = FunctionalDimension.of(logits).sampled(Sampling.seeded(1));
        assertThat(plain.bound() - softmax.bound()).isEqualTo(6);
        assertThat(plain.rank() - softmax.rank()).isEqualTo(6);
        assertThat(logSoftmax.rank()).isEqualTo(softmax.rank());
        assertThat(logSoftmax.bound()).isEqualTo(softmax.bound());
    }

    @Test
    void inputsThatAreAlwaysZeroLoseTheirWeights() {
        Model model = ReluNetworks.random(ReluNetworks.network(true, 6, 5, 2), 3);
        CounterRandom random = CounterRandom.seeded(8);
        double[][] rows = new double[400][6];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < 4; j++) {
                rows[i][j] = random.normal(4L * i + j);
            }
        }
        FunctionalRank rank = FunctionalDimension.of(model).at(ReluNetworks.points(model.network(), rows));
        assertProved(rank, 47, 32);
        FunctionalRank everywhere = FunctionalDimension.of(model).sampled(Sampling.seeded(1));
        assertProved(everywhere, 47, 42);
    }

    @Test
    void fewPointsLieInASmallAffineSpace() {
        // Four points of R^6 span three dimensions, but 4·2 rows are fewer than any bound.
        Model model = ReluNetworks.random(ReluNetworks.network(true, 6, 2, 2), 3);
        Points points = Points.of(
                model.network(), List.of(Tensor.fill(Shape.of(4, 6), DType.F64, CounterRandom.seeded(1)::normal)));
        FunctionalRank rank = FunctionalDimension.of(model).batch(points);
        assertThat(rank.upper()).isEqualTo(2 * 4 + 2 * 3 - 2);
        assertThat(rank.rank()).isLessThanOrEqualTo(8);
    }
}
