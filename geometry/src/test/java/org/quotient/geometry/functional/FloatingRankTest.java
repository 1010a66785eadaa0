package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.functional.floating.FloatingDimension;
import org.quotient.geometry.functional.floating.FloatingRank;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;

/** Ranks from singular values: what representatives, tolerances and number types do to them. */
class FloatingRankTest {
    private static final Network NETWORK = ReluNetworks.network(true, 4, 6, 5, 3);

    private static Tensor normal(DType dtype, int seed, int... sizes) {
        return Tensor.fill(Shape.of(sizes), dtype, CounterRandom.seeded(seed)::normal);
    }

    private static Points points(int count) {
        return Points.of(NETWORK, List.of(normal(DType.F64, 99, count, 4)));
    }

    private static final Model ONE_HIDDEN = search();

    private static Model oneHidden() {
        return ONE_HIDDEN;
    }

    /** A network of whose 72 dimensions one is hidden on the points. */
    private static Model search() {
        for (int seed = 0; ; seed++) {
            Model model = ReluNetworks.random(NETWORK, seed);
            if (FunctionalDimension.of(model).batch(points(400)).rank() == 71) {
                return model;
            }
        }
    }

    private static Model moved(Model model, double exponent, boolean powersOfTwo) {
        RescalingGroup group = RescalingGroup.of(NETWORK);
        CounterRandom random = CounterRandom.seeded(5);
        if (powersOfTwo) {
            int[] exponents = new int[group.rank()];
            for (int i = 0; i < exponents.length; i++) {
                exponents[i] = (int) Math.rint(exponent / Math.log10(2) * random.uniform(i));
            }
            return model.at(group.actByPowersOfTwo(model.weights(), exponents));
        }
        double[] z = new double[group.rank()];
        for (int i = 0; i < z.length; i++) {
            z[i] = exponent * Math.log(10) * random.uniform(i);
        }
        return model.at(Rescaling.of(group, z).weights(model.weights()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, -2, 4, -4, 6, -6, 8, -8})
    void theRankIsTheSameOnTheWholeOrbit(int exponent) {
        Model model = oneHidden();
        FloatingRank here = FunctionalDimension.of(model).floating(points(400));
        assertThat(here.rank()).isEqualTo(71);
        assertThat(here.bound()).isEqualTo(72);
        assertThat(here.gap()).isGreaterThan(1e8);
        assertThat(here.flagged()).isFalse();
        Model byTwos = moved(model, exponent, true);
        assertThat(FunctionalDimension.of(byTwos).floating(points(400)))
                .as("bit for bit")
                .isEqualTo(here);
        Model byTens = moved(model, exponent, false);
        assertThat(FunctionalDimension.of(byTens).floating(points(400)).rank()).isEqualTo(71);
        assertThat(FunctionalDimension.of(byTwos).batch(points(400)))
                .as("exactly")
                .isEqualTo(FunctionalDimension.of(model).batch(points(400)));
        Sampling sampling = Sampling.seeded(4).withPatience(1).withLines(2);
        assertThat(FunctionalDimension.of(byTwos).sampled(sampling))
                .as("points are chosen by the function")
                .isEqualTo(FunctionalDimension.of(model).sampled(sampling));
        // A scale that is no power of two rounds θ, which is then another function; its rank is the same where ranks
        // are stable.
        assertThat(FunctionalDimension.of(byTens).batch(points(400)).rank()).isGreaterThanOrEqualTo(71);
    }

    private static Model single(Model model) {
        List<Expr> parameters = new ArrayList<>();
        Map<String, Tensor> values = new LinkedHashMap<>();
        Expr x = Expr.input("x", DType.F32, Shape.of(Shape.N, 4));
        Expr h = x;
        for (int l = 1; l <= 3; l++) {
            Expr w = Expr.parameter(
                    "W" + l, DType.F32, model.weights().get("W" + l).shape());
            Expr b = Expr.parameter(
                    "b" + l, DType.F32, model.weights().get("b" + l).shape());
            parameters.add(w);
            parameters.add(b);
            values.put("W" + l, model.weights().get("W" + l).cast(DType.F32));
            values.put("b" + l, model.weights().get("b" + l).cast(DType.F32));
            h = (l == 1 ? h : h.relu()).matmul(w.transpose()).plus(b);
        }
        return new Model(new Network("single", List.of(x), parameters, List.of(), List.of(h)), Weights.of(values));
    }

    @Test
    void singlePrecisionEntriesWithTheDoubleToleranceGiveAnImpossibleRank() {
        Model model = single(oneHidden());
        Tensor inputs = normal(DType.F32, 99, 400, 4);
        assertThatThrownBy(() -> FloatingDimension.whole(model, List.of(inputs), 72, DType.F64))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("above the bound 72")
                .hasMessageContaining("impossible");
        FloatingRank rank = FloatingDimension.whole(model, List.of(inputs), 72, DType.F32);
        assertThat(rank.rank()).isEqualTo(71);
        assertThat(rank.gap()).isBetween(1e4, 1e7);
    }

    @Test
    void aSmallGapIsFlagged() {
        FloatingRank rank = FloatingRank.of(new double[] {1, 1e-12, 1e-15}, 3, 10, 3, DType.F64);
        assertThat(rank.rank()).isEqualTo(2);
        assertThat(rank.flagged()).isTrue();
        assertThat(FloatingRank.of(new double[] {1, 0.5, 1e-16}, 3, 10, 3, DType.F64)
                        .flagged())
                .isFalse();
    }

    @Test
    void numbersThatUnderflowAreFlaggedThoughNothingFollowsThem() {
        Model model = ReluNetworks.random(ReluNetworks.network(true, 2, 3, 1), 1);
        double[] theta = new double[13];
        CounterRandom random = CounterRandom.seeded(1);
        for (int i = 0; i < theta.length; i++) {
            theta[i] = 1e-300 * random.normal(i);
        }
        FunctionalDimension tiny = FunctionalDimension.of(ReluNetworks.at(model.network(), theta));
        assertThat(tiny.sampled(Sampling.seeded(1)).rank()).as("exactly").isEqualTo(10);
        FloatingRank floating = tiny.floating(Sampling.seeded(1));
        assertThat(floating.rank()).isLessThan(10);
        assertThat(floating.gap()).isInfinite();
        assertThat(floating.underflows()).isTrue();
        assertThat(floating.flagged()).isTrue();
        assertThat(FunctionalDimension.of(model).floating(Sampling.seeded(1)).underflows())
                .isFalse();
    }

    @Test
    void bothWaysAgreeWithTheExactRank() {
        for (int seed = 0; seed < 5; seed++) {
            Model model = ReluNetworks.random(NETWORK, seed);
            Points points = points(60);
            FunctionalDimension dimension = FunctionalDimension.of(model);
            int exact = dimension.batch(points).rank();
            assertThat(dimension.floating(points).rank()).isEqualTo(exact);
            assertThat(FloatingDimension.whole(model, points.doubles(), 72, DType.F64)
                            .rank())
                    .isEqualTo(exact);
        }
    }

    @Test
    void weightsThatAreZeroHaveColumnsToo() {
        Model model = ReluNetworks.random(NETWORK, 0);
        Map<String, Tensor> values = new LinkedHashMap<>(model.weights().asMap());
        values.put("b1", Tensor.of(Shape.of(6), new double[6]));
        Model sparse = model.at(Weights.of(values));
        FunctionalDimension dimension = FunctionalDimension.of(sparse);
        assertThat(dimension.floating(points(300)).rank())
                .isEqualTo(dimension.batch(points(300)).rank());
    }

    // ---- Networks that are not piecewise polynomial

    private static Model random(Network network) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (Expr p : network.parameters()) {
            CounterRandom stream = CounterRandom.seeded(3).split(Network.nameOf(p));
            values.put(Network.nameOf(p), Tensor.fill(p.shape(), DType.F64, stream::normal));
        }
        return new Model(network, Weights.of(values));
    }

    @Test
    void weightNormalisationHasOneMoreScalePerUnit() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 2));
        Expr v = Expr.parameter("v", DType.F64, Shape.of(2, 3));
        Expr g = Expr.parameter("g", DType.F64, Shape.of(3));
        Expr b = Expr.parameter("b", DType.F64, Shape.of(3));
        Expr u = Expr.parameter("u", DType.F64, Shape.of(3, 1));
        Expr c = Expr.parameter("c", DType.F64, Shape.of(1));
        Expr norm = Ops.sqrt(v.times(v).sum(0));
        Expr w = v.times(Ops.broadcastTo(g.over(norm), v.shape()));
        Expr y = x.matmul(w).plus(b).relu().matmul(u).plus(c);
        Model model =
                random(new Network("weight normalised", List.of(x), List.of(v, g, b, u, c), List.of(), List.of(y)));
        FloatingRank rank = FloatingDimension.whole(model, List.of(normal(DType.F64, 1, 200, 2)), 16, DType.F64);
        assertThat(model.network().parameterCount()).isEqualTo(16);
        assertThat(rank.rank()).isEqualTo(10);
        assertThat(rank.gap()).isGreaterThan(1e8);
    }

    @Test
    void batchStatisticsRemoveScalesAndShifts() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 2));
        Expr w = Expr.parameter("w", DType.F64, Shape.of(2, 3));
        Expr b = Expr.parameter("b", DType.F64, Shape.of(3));
        Expr u = Expr.parameter("u", DType.F64, Shape.of(3, 1));
        Expr h = Expr.of(new Op.Standardise(List.of(0), 0.0), x.matmul(w).plus(b));
        Model model = random(new Network(
                "standardised",
                List.of(x),
                List.of(w, b, u),
                List.of(),
                List.of(h.relu().matmul(u))));
        FloatingRank rank = FloatingDimension.whole(model, List.of(normal(DType.F64, 1, 100, 2)), 12, DType.F64);
        assertThat(model.network().parameterCount()).isEqualTo(12);
        assertThat(rank.live()).as("without the biases, which are idle").isEqualTo(9);
        assertThat(rank.rank()).isEqualTo(6);
    }
}
