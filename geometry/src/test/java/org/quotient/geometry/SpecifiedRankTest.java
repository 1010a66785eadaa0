package org.quotient.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.paths.EnumeratedRank;
import org.quotient.geometry.paths.PathGraph;

/** The ranks of the specification come out twice: from the inferred group, and from enumerated paths. */
class SpecifiedRankTest {
    static List<Arguments> networks() {
        return List.of(
                row("1-1-1", TestNetworks.mlp(1, 1, 1), 2, 1),
                row("2-2-1", TestNetworks.mlp(2, 2, 1), 6, 4),
                row("2-2-2", TestNetworks.mlp(2, 2, 2), 8, 6),
                row("1-2-2-1", TestNetworks.mlp(1, 2, 2, 1), 8, 4),
                row("2-2-2-1", TestNetworks.mlp(2, 2, 2, 1), 10, 6),
                row("3-4-4-2", TestNetworks.mlp(3, 4, 4, 2), 36, 28),
                row("4-3-4-3-2", TestNetworks.mlp(4, 3, 4, 3, 2), 42, 32),
                row("3-5-3-6-2", TestNetworks.mlp(3, 5, 3, 6, 2), 60, 46),
                row("3-3-3-3", TestNetworks.mlp(3, 3, 3, 3), 27, 21),
                row("2-3-2-3-2", TestNetworks.mlp(2, 3, 2, 3, 2), 24, 16),
                row("1-1-1 with biases", TestNetworks.mlpWithBiases(1, 1, 1), 4, 3),
                row("2-2-1 with biases", TestNetworks.mlpWithBiases(2, 2, 1), 9, 7),
                row("3-4-4-2 with biases", TestNetworks.mlpWithBiases(3, 4, 4, 2), 46, 38),
                row("4-3-4-3-2 with biases", TestNetworks.mlpWithBiases(4, 3, 4, 3, 2), 54, 44),
                row("conv, pool, dense", TestNetworks.convPoolDense(), 24, 22),
                row("conv, flatten, dense", TestNetworks.convFlattenDense(false), 24, 22),
                row("conv with bias, flatten, dense", TestNetworks.convFlattenDense(true), 26, 24),
                row("conv, conv, pool, dense", TestNetworks.convConvPoolDense(), 28, 24),
                row("padded convs, global pool", TestNetworks.paddedConvsGlobalPool(), 96, 91),
                row("dead taps", TestNetworks.deadTaps(), 6, 4),
                row("four convs on 2x2", TestNetworks.fourConvsOnTwoByTwo(), 37, 33),
                row("residual block", TestNetworks.residualBlock(true), 12, 8),
                row("the same without its skip", TestNetworks.residualBlock(false), 12, 6),
                row("two residual blocks", TestNetworks.twoResidualBlocks(), 26, 19),
                row("projection", TestNetworks.projectionBlock(), 24, 17),
                row("identity from the input", TestNetworks.identityFromInput(), 12, 10),
                row("identity into the output", TestNetworks.identityIntoOutput(), 12, 10),
                row("cyclic ties", TestNetworks.cyclicTies(), 22, 16),
                row("dense concat", TestNetworks.denseConcat(), 14, 10),
                row("residual CNN", TestNetworks.residualCnn(), 62, 58),
                row("RNN, inputs at every step", TestNetworks.rnn(true), 8, 6),
                row("RNN, first input, last output", TestNetworks.rnn(false), 8, 5),
                row("tied autoencoder", TestNetworks.tiedAutoencoder(), 4, 4),
                row("one pixel, pad 2", TestNetworks.pixelConvFlattenDense(), 6, 3),
                row("one pixel, pad 2, two dimensions", TestNetworks.pixelConvFlattenDense2d(), 18, 9));
    }

    private static Arguments row(String name, Network network, int live, int rank) {
        return Arguments.of(name, network, live, rank);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void theRankFollowsFromTheGroupAndFromThePaths(String name, Network network, int live, int rank) {
        RescalingGroup group = RescalingGroup.of(network);
        assertThat(group.liveness().liveCount()).as("live").isEqualTo(live);
        assertThat(live - group.rank()).as("from the group").isEqualTo(rank);
        PathGraph paths = PathGraph.of(network, group.liveness().idle());
        assertThat(EnumeratedRank.of(paths).rank()).as("from the paths").isEqualTo(rank);
        DimensionCount count = DimensionCount.of(network);
        assertThat(count.certificate().proved()).as(count.toString()).isTrue();
        assertThat(count.dimension()).isEqualTo(rank);
    }

    /** Jacobian ranks of the path lifting at points with zeros (specification 7, item 10), and the orbit's dimension there. */
    @ParameterizedTest
    @CsvSource({
        "generic, 6, 2",
        "one zero, 6, 2",
        "fan-in of a unit, 5, 2",
        "fan-out of a unit, 5, 2",
        "both of a unit, 3, 1",
        "one in and one out, 6, 2",
        "all, 0, 0",
    })
    void zerosLowerTheRankOfThePathLifting(String where, long rank, int orbit) {
        Network network = TestNetworks.mlp(2, 2, 2);
        double[] first = {1, 2, 3, -1};
        double[] second = {2, -1, 1, 3};
        switch (where) {
            case "one zero" -> first[0] = 0;
            case "fan-in of a unit" -> zeroFan(network, first, 0, true);
            case "fan-out of a unit" -> zeroFan(network, second, 1, false);
            case "both of a unit" -> {
                zeroFan(network, first, 0, true);
                zeroFan(network, second, 1, false);
            }
            case "one in and one out" -> {
                first[0] = 0;
                second[0] = 0;
            }
            case "all" -> {
                java.util.Arrays.fill(first, 0);
                java.util.Arrays.fill(second, 0);
            }
            default -> {}
        }
        PointCount count = PointCount.of(RescalingGroup.of(network), at(network, first, second));
        assertThat(count.rankPathLifting()).isEqualTo(rank);
        assertThat(count.orbitDimension()).isEqualTo(orbit);
    }

    /** Zeroes hidden unit 0's row or column of a weight, whichever way round the weight is stored. */
    private static void zeroFan(Network network, double[] weight, int layer, boolean incoming) {
        RescalingGroup group = RescalingGroup.of(network);
        int offset = layer * 4;
        int unit = group.row(0).keySet().iterator().next();
        for (int i = 0; i < 4; i++) {
            Long entry = group.row(offset + i).get(unit);
            if (entry != null && entry == (incoming ? 1 : -1)) {
                weight[i] = 0;
            }
        }
    }

    private static Model at(Network network, double[]... values) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            Expr parameter = network.parameters().get(i);
            weights.put(Network.nameOf(parameter), Tensor.of(parameter.shape(), values[i]));
        }
        return new Model(network, Weights.of(weights));
    }

    @Test
    void theRowsOfBSumToZeroAlongEveryPath() {
        Network network = TestNetworks.rnn(false);
        RescalingGroup group = RescalingGroup.of(network);
        PathGraph paths = PathGraph.of(network, group.liveness().idle());
        org.quotient.geometry.paths.Monomials.of(paths, 1000).stream().forEach(monomial -> {
            long[] sum = new long[group.rank()];
            var vector = monomial.vector();
            for (int i = 0; i < vector.size(); i++) {
                int exponent = vector.exponent(i);
                group.row(vector.element(i)).forEach((k, b) -> sum[k] += exponent * b);
            }
            assertThat(sum).containsOnly(0);
        });
    }
}
