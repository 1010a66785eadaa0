package org.quotient.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/** The group acts without changing the function, and finds symmetries that are not one per channel. */
class RescalingGroupTest {
    private static Expr parameter(String name, int... sizes) {
        return Expr.parameter(name, DType.F64, Shape.of(sizes));
    }

    private static Network network(Expr input, Expr output, Expr... parameters) {
        return new Network("test", List.of(input), List.of(parameters), List.of(), List.of(output));
    }

    @Test
    void onePixelPaddedByTwoHasOneSymmetryPerPosition() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 1, 1, 1));
        Expr k = parameter("k", 1, 1, 1, 3);
        Expr w = parameter("w", 1, 3);
        Expr h = Ops.conv2d(x, k, new Window(1, 3, 1, 1, 0, 2, 0, 2, 1, 1), 1).relu();
        Expr y = Ops.einsum("ni,oi->no", Ops.flatten(h), w);
        RescalingGroup group = RescalingGroup.of(network(x, y, k, w));
        assertThat(group.liveness().liveCount()).isEqualTo(6);
        assertThat(group.rank()).isEqualTo(3);
    }

    @Test
    void onePixelInTwoDimensionsHasNine() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 1, 1, 1));
        Expr k = parameter("k", 1, 1, 3, 3);
        Expr w = parameter("w", 1, 9);
        Expr h = Ops.conv2d(x, k, Window.square(3, 1, 2), 1).relu();
        Expr y = Ops.einsum("ni,oi->no", Ops.flatten(h), w);
        RescalingGroup group = RescalingGroup.of(network(x, y, k, w));
        assertThat(group.liveness().liveCount()).isEqualTo(18);
        assertThat(group.rank()).isEqualTo(9);
        assertThat(Generators.of(group)).allSatisfy(g -> assertThat(g.kind()).isEqualTo("position"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp:3-4-4-2",
                "lenet-5",
                "cifar-nv,width=0.05",
                "resnet-18,width=0.05",
                "preresnet-18,width=0.05",
                "densenet-tiny",
                "segnet-tiny",
                "rnn:2-3-2,steps=4",
                "rnn:2-3-2,steps=4,inputs=first",
                "tied-autoencoder:4-3-4",
                "transformer-tiny",
                "mlp:3-5-2,activation=leaky:0.1"
            })
    void powersOfTwoLeaveTheFunctionUnchangedBitForBit(String spec) {
        Model model = BuiltIns.model(spec, 1);
        RescalingGroup group = RescalingGroup.of(model.network());
        CounterRandom random = CounterRandom.seeded(7);
        int[] exponents = new int[group.rank()];
        Arrays.setAll(
                exponents,
                i -> random.below(2L * i, 2) == 0 ? 1 + random.below(2L * i + 1, 3) : -1 - random.below(2L * i + 1, 3));
        Weights moved = group.actByPowersOfTwo(model.weights(), exponents);
        List<Tensor> inputs = model.network().inputs().stream()
                .map(x -> Tensor.fill(x.shape().bind(2), x.dtype(), random::normal))
                .toList();
        Tensor before = model.evaluate(inputs).get(0);
        Tensor after = model.at(moved).evaluate(inputs).get(0);
        assertThat(before.maxAbs()).isPositive();
        assertThat(after.sameBits(before)).isTrue();
        OrbitEquivalence same = OrbitEquivalence.of(group, model.weights(), moved, 1e-9);
        assertThat(same.equivalent()).as(same.reason()).isTrue();
        for (int k = 0; k < exponents.length; k++) {
            assertThat(same.logScales()[k])
                    .isCloseTo(exponents[k] * Math.log(2), org.assertj.core.api.Assertions.within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp:3-4-4-2",
                "lenet-5,input=1x12x12,width=0.2",
                "rnn:2-3-2,steps=4,inputs=first",
                "transformer-tiny",
                "densenet-tiny,width=0.5",
                "resnet-18,width=0.04,input=3x8x8",
                "segnet-tiny,width=0.1,input=3x8x8"
            })
    void elementsAndChannelsAgree(String spec) {
        Network network = BuiltIns.model(spec, 1).network();
        Liveness liveness = Liveness.of(network);
        assertThat(RescalingGroup.byElements(network, liveness).rank())
                .isEqualTo(RescalingGroup.of(network).rank());
    }
}
