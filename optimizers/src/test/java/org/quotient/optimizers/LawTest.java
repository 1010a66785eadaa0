package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.geometry.Generator;
import org.quotient.geometry.Generators;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.checks.Equivariance;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;

/**
 * Every update keeps the law that it declares, under random rescalings by powers of two over five steps: bit for bit where the
 * law covers the rescaling, and visibly not where it does not.
 */
class LawTest {
    private static final int STEPS = 5;
    private static final int DRAWS = 6;
    private static final double ETA = 0.02;

    private static List<Model> networks() {
        return List.of(
                BuiltIns.model("mlp:3-5-4-2", 1),
                BuiltIns.model("mlp:3-4-4-2,bias=false,activation=leaky:0.1", 2),
                BuiltIns.model("rnn:2-3-2,steps=3", 3),
                residualConvolution().build(),
                gated().build());
    }

    /** A network under construction, to keep the list above short. */
    private interface Recipe {
        Model build();
    }

    private static Recipe residualConvolution() {
        return () -> {
            NetworkBuilder net = NetworkBuilder.named("residual convolution");
            Flow x = net.input("x", 2, 4, 4)
                    .conv("stem", 3, Window.square(3, 1, 1))
                    .relu();
            Flow branch = x.conv("a", 4, Window.square(3, 1, 1)).relu().conv("b", 3, Window.square(3, 1, 1));
            return net.build(x.add(branch).relu().maxPool(2).flatten().dense("head", 2))
                    .model(4);
        };
    }

    private static Recipe gated() {
        return () -> {
            NetworkBuilder net = NetworkBuilder.named("gated");
            Flow x = net.input("x", 3).dense("in", 4).prelu("slope");
            return net.build(x.dense("up", 5).times(x.dense("gate", 5).relu()).dense("down", 2))
                    .model(5);
        };
    }

    private static List<Batch> batches(Network network) {
        List<Batch> batches = new ArrayList<>();
        for (int t = 0; t < STEPS; t++) {
            CounterRandom random = CounterRandom.seeded(11).split(t);
            List<Tensor> inputs = new ArrayList<>();
            for (Expr input : network.inputs()) {
                CounterRandom stream = random.split(Network.nameOf(input));
                inputs.add(Tensor.fill(input.shape().bind(4), input.dtype(), stream::normal));
            }
            Expr output = network.outputs().get(0);
            batches.add(new Batch(
                    inputs, Tensor.fill(output.shape().bind(4), output.dtype(), random.split("target")::normal)));
        }
        return batches;
    }

    private static int[] exponents(int rank, long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("exponents");
        int[] exponents = new int[rank];
        for (int k = 0; k < rank; k++) {
            exponents[k] = random.below(k, 7) - 3;
        }
        return exponents;
    }

    /** One exponent for all generators that the same operation introduces. */
    private static int[] layerwise(RescalingGroup group, long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("layers");
        Map<String, Integer> byLayer = new HashMap<>();
        int[] exponents = new int[group.rank()];
        for (Generator generator : Generators.of(group)) {
            exponents[generator.id()] = byLayer.computeIfAbsent(
                    generator.incoming().get(0).parameter(),
                    layer -> random.split(layer).below(0, 2) == 0 ? -2 : 3);
        }
        return exponents;
    }

    @TestFactory
    @DisplayName("measured under random powers of two, every update of the catalogue keeps its law, and no more")
    Stream<DynamicTest> catalogue() {
        return networks().stream().flatMap(model -> {
            RescalingGroup group = RescalingGroup.of(model.network());
            return Updates.catalogue(group, ETA).stream()
                    .map(update -> DynamicTest.dynamicTest(
                            update.name() + " on " + model.network().name(), () -> check(update, group, model)));
        });
    }

    private static void check(Update update, RescalingGroup group, Model model) {
        Training training = Training.of(model.network(), Loss.halfSquaredError(), update);
        List<Batch> batches = batches(model.network());
        double worst = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            int[] exponents = exponents(group.rank(), draw);
            boolean covered = update.law()
                    .covers(group.logScales(
                            Arrays.stream(exponents).asDoubleStream().toArray()));
            Equivariance found = Equivariance.measure(training, group, model.weights(), exponents, batches);
            assertThat(found.exact())
                    .as("%s by %s", found, Arrays.toString(exponents))
                    .isEqualTo(covered);
            worst = Math.max(worst, found.lossDeviation());
        }
        if (update.law() instanceof Law.Invariant) {
            assertThat(worst).isZero();
        } else {
            assertThat(worst).isGreaterThan(0.05);
        }
    }

    @Test
    @DisplayName(
            "under one scale per layer the tensorwise metric is exact, the log metric too, gradient descent is not")
    void layerwise() {
        Model model = BuiltIns.model("mlp:3-5-4-2", 1);
        RescalingGroup group = RescalingGroup.of(model.network());
        int[] exponents = layerwise(group, 7);
        Map<String, double[]> scales =
                group.logScales(Arrays.stream(exponents).asDoubleStream().toArray());
        assertThat(Law.UNIFORM_PER_TENSOR.covers(scales)).isTrue();
        assertThat(Law.NONE.covers(scales)).isFalse();
        for (Update update : Updates.catalogue(group, ETA)) {
            Training training = Training.of(model.network(), Loss.halfSquaredError(), update);
            assertThat(Equivariance.measure(training, group, model.weights(), exponents, batches(model.network()))
                            .exact())
                    .as(update.name())
                    .isEqualTo(!(update.law() instanceof Law.None));
        }
    }

    @Test
    @DisplayName("the law of a composition is what all its parts respect")
    void meet() {
        assertThat(Law.INVARIANT.and(Law.NONE)).isEqualTo(Law.NONE);
        assertThat(Law.UNIFORM_PER_TENSOR.and(Law.INVARIANT)).isEqualTo(Law.UNIFORM_PER_TENSOR);
        assertThat(Law.UNIFORM_PER_TENSOR.and(Law.UNIFORM_PER_TENSOR)).isEqualTo(Law.UNIFORM_PER_TENSOR);
        Law first = new Law.Subgroup("first two equal", s -> s.get("w")[0] == s.get("w")[1]);
        Law both = first.and(new Law.Subgroup("last two equal", s -> s.get("w")[1] == s.get("w")[2]));
        assertThat(both.covers(Map.of("w", new double[] {1, 1, 1}))).isTrue();
        assertThat(both.covers(Map.of("w", new double[] {1, 1, 2}))).isFalse();
        assertThat(both.covers(Map.of("w", new double[] {2, 1, 1}))).isFalse();
    }
}
