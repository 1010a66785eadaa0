package org.quotient.geometry.basis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.TestNetworks;

/** Basis paths on the networks of the specification, section 7, and where choices and guards matter. */
class BasisPathsTest {
    private static Weights filled(Network network, double... values) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        int next = 0;
        for (Expr parameter : network.parameters()) {
            int size = parameter.shape().elements();
            double[] own = new double[size];
            for (int i = 0; i < size; i++) {
                own[i] = values.length == 0 ? 0.5 + (7 * (next + i) % 11) / 8.0 : values[next + i];
            }
            next += size;
            weights.put(Network.nameOf(parameter), Tensor.of(parameter.shape(), own));
        }
        return Weights.of(weights);
    }

    static List<Arguments> networks() {
        return List.of(
                Arguments.of("2-2-2", TestNetworks.mlp(2, 2, 2), 6, true),
                Arguments.of("3-5-3-6-2", TestNetworks.mlp(3, 5, 3, 6, 2), 46, true),
                Arguments.of("4-3-4-3-2 with biases", TestNetworks.mlpWithBiases(4, 3, 4, 3, 2), 44, true),
                Arguments.of("conv, pool, dense", TestNetworks.convPoolDense(), 22, true),
                Arguments.of("conv with bias, flatten, dense", TestNetworks.convFlattenDense(true), 24, true),
                Arguments.of("padded convs, global pool", TestNetworks.paddedConvsGlobalPool(), 91, true),
                Arguments.of("dead taps", TestNetworks.deadTaps(), 4, true),
                Arguments.of("four convs on 2x2", TestNetworks.fourConvsOnTwoByTwo(), 33, true),
                Arguments.of("residual block", TestNetworks.residualBlock(true), 8, true),
                Arguments.of("two residual blocks", TestNetworks.twoResidualBlocks(), 19, true),
                Arguments.of("projection", TestNetworks.projectionBlock(), 17, true),
                Arguments.of("identity from the input", TestNetworks.identityFromInput(), 10, true),
                Arguments.of("identity into the output", TestNetworks.identityIntoOutput(), 10, true),
                Arguments.of("cyclic ties", TestNetworks.cyclicTies(), 16, true),
                Arguments.of("dense concat", TestNetworks.denseConcat(), 10, true),
                Arguments.of("residual CNN", TestNetworks.residualCnn(), 58, true),
                Arguments.of("RNN, inputs at every step", TestNetworks.rnn(true), 6, true),
                Arguments.of("RNN, first input, last output", TestNetworks.rnn(false), 5, false),
                Arguments.of("tied autoencoder", TestNetworks.tiedAutoencoder(), 4, true),
                Arguments.of("one pixel, pad 2", TestNetworks.pixelConvFlattenDense(), 3, true),
                Arguments.of("gated", TestNetworks.gatedMlp(2, 3, 2), 12, true),
                Arguments.of("quotient by a square", TestNetworks.quotient(2, 2, false), 6, false),
                Arguments.of("batch normalisation", TestNetworks.batchNormMlp(2, 3, 2), 12, true),
                Arguments.of("layer normalisation", TestNetworks.layerNormMlp(2, 3, 2), 14, true),
                Arguments.of("attention", TestNetworks.attention(2, 3, 2, 2), 20, true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void thereAreAsManyBasisPathsAsTheDimension(String name, Network network, int dimension, boolean graph) {
        RescalingGroup group = RescalingGroup.of(network);
        for (Skeleton skeleton :
                List.of(Skeleton.byIndex(group, filled(network)), Skeleton.byScore(group, filled(network)))) {
            GSpace space = GSpace.of(group, skeleton);
            assertThat(space.dimension()).isEqualTo(dimension);
            assertThat(space instanceof SkeletonSpace).isEqualTo(graph);
        }
    }

    /**
     * One 3 x 3 kernel per pair of channels has its middle tap, and a flattened channel its middle position, in the
     * skeleton.
     */
    @Test
    void theIndexRuleTakesMiddleTaps() {
        Network network = TestNetworks.residualCnn();
        Skeleton skeleton = Skeleton.byIndex(RescalingGroup.of(network), filled(network));
        // Stem [2, 1, 3, 3], block [2, 2, 3, 3] and [2, 2, 1, 1], dense [2, 2] from element 18, 54 and 58.
        assertThat(skeleton.in()).containsExactly(4, 9 + 4, 18 + 4, 18 + 27 + 4);
        assertThat(skeleton.out()).containsExactly(58, 61, 54, 57);
        Network flat = TestNetworks.convFlattenDense(false);
        Skeleton ends = Skeleton.byIndex(RescalingGroup.of(flat), filled(flat));
        assertThat(ends.in()).containsExactly(3, 7);
        // Positions 0 to 3 of channel 0 are rows 0 to 3: the middle one to output 0; of channel 1 to output 1.
        assertThat(ends.out()).containsExactly(8 + 2 * 2, 8 + 6 * 2 + 1);
    }

    /** Unequal widths wrap around: unit j of 5 comes from j mod 3 and goes to j mod 2. */
    @Test
    void theIndexRuleWrapsAround() {
        Network network = TestNetworks.mlp(3, 5, 2);
        Skeleton skeleton = Skeleton.byIndex(RescalingGroup.of(network), filled(network));
        assertThat(skeleton.in()).containsExactly(0, 6, 12, 3, 9);
        assertThat(skeleton.out()).containsExactly(15, 18, 19, 22, 23);
    }

    /** The rule speaks of units: a layer stored output first and transposed where it is used has the same skeleton. */
    @Test
    void theIndexRuleDoesNotDependOnHowALayerIsStored() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 3));
        Expr w0 = Expr.parameter("w0", DType.F64, Shape.of(5, 3));
        Expr w1 = Expr.parameter("w1", DType.F64, Shape.of(2, 5));
        Expr y = x.matmul(w0.transpose()).relu().matmul(w1.transpose());
        Network network = new Network("output first", List.of(x), List.of(w0, w1), List.of(), List.of(y));
        Skeleton skeleton = Skeleton.byIndex(RescalingGroup.of(network), filled(network));
        assertThat(skeleton.in()).containsExactly(0, 4, 8, 9, 13);
        assertThat(skeleton.out()).containsExactly(15, 21, 17, 23, 19);
    }

    /** The net of the worked step, with its data. */
    private static Map<String, Tensor> worked(double... weights) {
        Map<String, Tensor> point =
                new LinkedHashMap<>(filled(TestNetworks.mlp(2, 2, 2), weights).asMap());
        point.put("x0", Tensor.of(Shape.of(1, 2), 2, 1));
        point.put("target0", Tensor.of(Shape.of(1, 2), 0, 9));
        return point;
    }

    private static final double[] PLAIN = {2, 1, -1, 3, 1, 2, -1, 1};
    private static final double[] RESCALED = {8, 0.5, -4, 1.5, 0.25, 0.5, -2, 2};

    private static Trial trial(Map<String, Tensor> point) {
        return new Trial(
                new Model(TestNetworks.mlp(2, 2, 2), Weights.of(point)),
                List.of(Objects.requireNonNull(point.get("x0"))),
                false);
    }

    private static Map<String, Tensor> after(
            Trial trial, GSpace space, Map<String, Tensor> point, double rate, OptionalDouble guard) {
        Map<String, Expr> step = Trial.times(space.gradient(trial.weights, trial.gradient), -rate);
        GSpace.Allocation allocation = space.allocate(trial.weights, step, GSpace.Gauge.OUT, guard);
        Map<String, Expr> all = new LinkedHashMap<>(allocation.weights());
        all.put("guarded", allocation.guarded());
        Map<String, Tensor> moved = new LinkedHashMap<>(point);
        moved.putAll(Trial.evaluate(all, point, null));
        return moved;
    }

    private static double loss(Trial trial, Map<String, Tensor> point) {
        return Objects.requireNonNull(
                        Trial.evaluate(Map.of("loss", trial.loss), point, null).get("loss"))
                .item();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRepresentativeDoesNotMatterButASkeletonDoes(boolean rescaled) {
        Map<String, Tensor> point = worked(rescaled ? RESCALED : PLAIN);
        Trial trial = trial(point);
        Skeleton diagonal = Skeleton.byIndex(trial.group, Weights.of(point));
        Map<String, Tensor> moved = after(trial, GSpace.of(trial.group, diagonal), point, 0.1, OptionalDouble.of(0.01));
        assertThat(loss(trial, moved)).isEqualTo(2993.0 / 54450, within(1e-12));
        Skeleton crossed = Skeleton.of(new int[] {0, 3}, new int[] {5, 6});
        moved = after(trial, GSpace.of(trial.group, crossed), point, 0.1, OptionalDouble.of(0.01));
        assertThat(loss(trial, moved)).isEqualTo(17283313.0 / 58032810, within(1e-12));
        assertThat(Objects.requireNonNull(moved.get("guarded")).item()).isZero();
    }

    /** The same network with its units swapped takes another step by the same index rule. */
    @Test
    void theIndexRuleDependsOnTheOrderOfUnits() {
        Map<String, Tensor> point = worked(1, 2, 3, -1, -1, 1, 1, 2);
        Trial trial = trial(point);
        Skeleton skeleton = Skeleton.byIndex(trial.group, Weights.of(point));
        Map<String, Tensor> moved = after(trial, GSpace.of(trial.group, skeleton), point, 0.1, OptionalDouble.empty());
        assertThat(loss(trial, moved)).isEqualTo(5.1321, within(1e-5));
    }

    /** R of the second unit is 1 - 2 eta/9: zero at 9/2, where only a guard keeps signs and numbers. */
    @ParameterizedTest
    @CsvSource({"4.4, 0", "4.5, 1", "50, 1"})
    void aGuardKeepsSkeletonPathsFromZero(double rate, int guarded) {
        Map<String, Tensor> point = worked(PLAIN);
        Trial trial = trial(point);
        GSpace space = GSpace.of(trial.group, Skeleton.byIndex(trial.group, Weights.of(point)));
        Map<String, Tensor> moved = after(trial, space, point, rate, OptionalDouble.of(1e-3));
        assertThat(Objects.requireNonNull(moved.get("guarded")).item()).isEqualTo(guarded);
        Map<String, Tensor> v = Trial.evaluate(space.pathValues(trial.weights), moved, null);
        double[] q = Objects.requireNonNull(v.get(GSpace.SKELETON)).data();
        assertThat(q[0]).isEqualTo(2 + 2 * rate, within(1e-12 * rate));
        assertThat(q[1]).isEqualTo(3 * Math.max(1e-3, 1 - 2 * rate / 9), within(1e-12));
        assertThat(Trial.flat(moved)).doesNotContain(Double.NaN);
        // What has a path of its own takes its full step whatever the guard does.
        assertThat(Objects.requireNonNull(v.get("w0")).get(1)).isEqualTo(1 - 8 * rate, within(1e-9));
        Map<String, Tensor> free = after(trial, space, point, rate, OptionalDouble.empty());
        boolean turned = rate > 4.5;
        assertThat(Objects.requireNonNull(free.get("w0")).get(3) < 0).isEqualTo(turned);
    }

    @Test
    void theNormIsTheLargestLogarithm() {
        Map<String, Tensor> point = worked(PLAIN);
        Trial trial = trial(point);
        SkeletonSpace space = (SkeletonSpace) GSpace.of(trial.group, Skeleton.byIndex(trial.group, Weights.of(point)));
        BasisPathNorm norm = new BasisPathNorm(space);
        Map<String, Expr> v = space.pathValues(trial.weights);
        double two = Math.log(2);
        double three = Math.log(3);
        double omega = 0.5 * (two * two + three * three + 4 * two * two + three * three);
        for (double[] weights : List.of(PLAIN, RESCALED)) {
            Map<String, Tensor> at = worked(weights);
            Map<String, Tensor> found =
                    Trial.evaluate(Map.of("norm", norm.norm(v), "omega", norm.regulariser(v)), at, null);
            assertThat(Objects.requireNonNull(found.get("norm")).item()).isEqualTo(Math.log(4), within(1e-12));
            assertThat(Objects.requireNonNull(found.get("omega")).item()).isEqualTo(omega, within(1e-12));
            Map<String, Tensor> slope = Trial.evaluate(norm.gradient(v), at, null);
            assertThat(Trial.flat(slope))
                    .containsExactly(
                            new double[] {0, 0, 0, 0, 0, Math.log(4) / 4, -three / 3, 0, two / 2, three / 3},
                            within(1e-12));
        }
        // A small negative path counts as a large one does.
        Map<String, Tensor> small = worked(2, 1, -1, 0.03125, 1, 2, -1, 1);
        assertThat(Objects.requireNonNull(Trial.evaluate(Map.of("norm", norm.norm(v)), small, null)
                                .get("norm"))
                        .item())
                .isEqualTo(Math.log(32), within(1e-12));
    }

    /** The gradient of the regulariser pulled back to weights is its derivative in weights. */
    @Test
    void theRegulariserIsPulledBack() {
        Map<String, Tensor> point = worked(PLAIN);
        Trial trial = trial(point);
        SkeletonSpace space = (SkeletonSpace) GSpace.of(trial.group, Skeleton.byIndex(trial.group, Weights.of(point)));
        BasisPathNorm norm = new BasisPathNorm(space);
        Map<String, Expr> v = space.pathValues(trial.weights);
        Map<String, Tensor> pulled = Trial.evaluate(space.pullback(trial.weights, norm.gradient(v)), point, null);
        double step = 1e-6;
        for (int e = 0; e < 8; e++) {
            double[] up = PLAIN.clone();
            double[] down = PLAIN.clone();
            up[e] += step;
            down[e] -= step;
            double slope = (omega(norm, v, up) - omega(norm, v, down)) / (2 * step);
            assertThat(Trial.flat(pulled)[e]).isEqualTo(slope, within(1e-6));
        }
    }

    private static double omega(BasisPathNorm norm, Map<String, Expr> v, double[] weights) {
        return Objects.requireNonNull(Trial.evaluate(Map.of("omega", norm.regulariser(v)), worked(weights), null)
                        .get("omega"))
                .item();
    }

    /** Momentum carried from one skeleton to another and back is the same momentum: charts of one space. */
    @Test
    void covectorsAreCarriedFromSkeletonToSkeleton() {
        Map<String, Tensor> point = worked(PLAIN);
        Trial trial = trial(point);
        GSpace one = GSpace.of(trial.group, Skeleton.byIndex(trial.group, Weights.of(point)));
        GSpace other = GSpace.of(trial.group, Skeleton.of(new int[] {2, 1}, new int[] {5, 6}));
        Map<String, Expr> covector = Trial.times(one.pathValues(trial.weights), 3);
        Map<String, Expr> there = other.gradient(trial.weights, one.pullback(trial.weights, covector));
        Map<String, Expr> back = one.gradient(trial.weights, other.pullback(trial.weights, there));
        assertThat(Trial.flat(Trial.evaluate(back, point, null)))
                .containsExactly(Trial.flat(Trial.evaluate(covector, point, null)), within(1e-12));
        assertThat(Trial.flat(Trial.evaluate(there, point, null)))
                .isNotEqualTo(Trial.flat(Trial.evaluate(covector, point, null)));
    }

    // ---- Zeros

    private static Trial one(double first, double second, Map<String, Tensor> point) {
        Network network = TestNetworks.mlp(1, 1, 1);
        point.putAll(filled(network, first, second).asMap());
        point.put("x0", Tensor.of(Shape.of(1, 1), 2));
        point.put("target0", Tensor.of(Shape.of(1, 1), 3));
        return new Trial(new Model(network, Weights.of(point)), List.of(Tensor.of(Shape.of(1, 1), 2)), false);
    }

    /** At weights near (0, 0) the gradient in weights vanishes and the one in path values is -6. */
    @Test
    void aSpuriousCriticalPointOfWeightsIsNoneOfPaths() {
        Map<String, Tensor> point = new LinkedHashMap<>();
        Trial trial = one(0x1p-30, 0x1p-30, point);
        GSpace space = GSpace.of(trial.group, Skeleton.byScore(trial.group, Weights.of(point)));
        assertThat(Trial.flat(Trial.evaluate(trial.gradient, point, null)))
                .containsExactly(new double[] {0, 0}, within(1e-8));
        double[] gradient = Trial.flat(Trial.evaluate(space.gradient(trial.weights, trial.gradient), point, null));
        assertThat(gradient[2]).isEqualTo(-6, within(1e-12));
    }

    @Test
    void classesOfZerosAreFrozenAndEverythingElseMoves() {
        Map<String, Tensor> alone = new LinkedHashMap<>();
        Trial zero = one(0, 0, alone);
        SkeletonSpace frozen = (SkeletonSpace) GSpace.of(zero.group, Skeleton.byScore(zero.group, Weights.of(alone)));
        assertThat(frozen.frozen()).containsExactly(0);
        assertThat(Trial.flat(Trial.evaluate(frozen.gradient(zero.weights, zero.gradient), alone, null)))
                .containsOnly(0);
        // Unit 0 has only zeros, in and out.
        Map<String, Tensor> point = worked(0, 1, 0, 3, 0, 0, -1, 1);
        Trial trial = trial(point);
        for (Skeleton skeleton : List.of(
                Skeleton.byIndex(trial.group, Weights.of(point)), Skeleton.byScore(trial.group, Weights.of(point)))) {
            SkeletonSpace space = (SkeletonSpace) GSpace.of(trial.group, skeleton);
            assertThat(space.frozen()).containsExactly(0);
            assertThat(space.dimension()).isEqualTo(3);
            assertThat(Trial.flat(Trial.evaluate(trial.gradient, point, null)))
                    .satisfies(g -> assertThat(
                                    Arrays.stream(new int[] {0, 2, 4, 5}).mapToDouble(i -> g[i]))
                            .containsOnly(0.0));
            for (GSpace.Gauge gauge : GSpace.Gauge.values()) {
                Map<String, Expr> step = Trial.times(space.gradient(trial.weights, trial.gradient), -0.01);
                Map<String, Tensor> moved = new LinkedHashMap<>(point);
                moved.putAll(Trial.evaluate(
                        space.allocate(trial.weights, step, gauge, OptionalDouble.of(0.1))
                                .weights(),
                        point,
                        null));
                double[] first = Objects.requireNonNull(moved.get("w0")).data();
                assertThat(first[0]).isZero();
                assertThat(first[2]).isZero();
                assertThat(loss(trial, moved)).isLessThan(loss(trial, point)).isFinite();
            }
        }
    }

    /** One zero weight is an ordinary point: its path has value 0 and moves. */
    @Test
    void aSingleZeroMovesWithoutDivision() {
        Map<String, Tensor> point = worked(0, 1, -1, 3, 1, 2, -1, 1);
        Trial trial = trial(point);
        Skeleton skeleton = Skeleton.byIndex(trial.group, Weights.of(point));
        assertThat(skeleton.in()).containsExactly(2, 3);
        Map<String, Tensor> moved = after(trial, GSpace.of(trial.group, skeleton), point, 0.01, OptionalDouble.of(0.1));
        assertThat(Trial.flat(moved)).doesNotContain(Double.NaN);
    }

    // ---- Errors

    @Test
    void skeletonsThatDoNotFitAreRefused() {
        RescalingGroup group = RescalingGroup.of(TestNetworks.mlp(2, 2, 2));
        assertThatThrownBy(() -> GSpace.of(group, Skeleton.of(new int[] {0}, new int[] {4})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 generators");
        assertThatThrownBy(() -> GSpace.of(group, Skeleton.of(new int[] {1, 3}, new int[] {4, 7})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("incoming element of generator 0");
        RescalingGroup residual = RescalingGroup.of(WorkedStep.residual());
        // u from a to h and t from h back to a: a circle.
        assertThatThrownBy(() -> GSpace.of(residual, Skeleton.of(new int[] {2, 1}, new int[] {3, 2})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("circle");
        assertThatThrownBy(() -> Skeleton.of(new int[] {0}, new int[] {})).isInstanceOf(IllegalArgumentException.class);
        Trial trial = trial(worked(PLAIN));
        GSpace space = GSpace.of(group, Skeleton.of(new int[] {0, 3}, new int[] {4, 7}));
        assertThatThrownBy(() -> space.allocate(
                        trial.weights, space.pathValues(trial.weights), GSpace.Gauge.OUT, OptionalDouble.of(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between 0 and 1");
    }

    @Test
    void largeNetworksWithSharedUseAreRefusedByName() {
        Model model = BuiltIns.model("rnn:2-32-3,inputs=first", 1);
        RescalingGroup group = RescalingGroup.of(model.network());
        assertThatThrownBy(() -> Skeleton.byScore(group, model.weights()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("400")
                .hasMessageContaining("rnn.weight_hh");
    }
}
