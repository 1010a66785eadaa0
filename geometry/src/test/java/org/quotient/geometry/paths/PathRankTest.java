package org.quotient.geometry.paths;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.TestNetworks;

/** Section 7 of the G-SGD specification: parameters / live / distinct path vectors / rank. */
class PathRankTest {

    private static Arguments row(Network network, int m, int live, int distinct, int rank) {
        return Arguments.of(network, m, live, distinct, rank);
    }

    static List<Arguments> unshared() {
        return List.of(
                row(TestNetworks.mlp(1, 1, 1), 2, 2, 1, 1),
                row(TestNetworks.mlp(2, 2, 1), 6, 6, 4, 4),
                row(TestNetworks.mlp(2, 2, 2), 8, 8, 8, 6),
                row(TestNetworks.mlp(1, 2, 2, 1), 8, 8, 4, 4),
                row(TestNetworks.mlp(2, 2, 2, 1), 10, 10, 8, 6),
                row(TestNetworks.mlp(3, 4, 4, 2), 36, 36, 96, 28),
                row(TestNetworks.mlp(4, 3, 4, 3, 2), 42, 42, 288, 32),
                row(TestNetworks.mlp(3, 5, 3, 6, 2), 60, 60, 540, 46),
                row(TestNetworks.mlp(3, 3, 3, 3), 27, 27, 81, 21),
                row(TestNetworks.mlp(2, 3, 2, 3, 2), 24, 24, 72, 16),
                row(TestNetworks.mlpWithBiases(1, 1, 1), 4, 4, 3, 3),
                row(TestNetworks.mlpWithBiases(2, 2, 1), 9, 9, 7, 7),
                row(TestNetworks.mlpWithBiases(3, 4, 4, 2), 46, 46, 138, 38),
                row(TestNetworks.mlpWithBiases(4, 3, 4, 3, 2), 54, 54, 392, 44),
                row(TestNetworks.convPoolDense(), 24, 24, 54, 22),
                row(TestNetworks.convFlattenDense(false), 24, 24, 64, 22),
                row(TestNetworks.convFlattenDense(true), 26, 26, 80, 24),
                row(TestNetworks.convConvPoolDense(), 28, 28, 128, 24),
                row(TestNetworks.paddedConvsGlobalPool(), 96, 96, 1944, 91),
                row(TestNetworks.deadTaps(), 22, 6, 4, 4),
                row(TestNetworks.fourConvsOnTwoByTwo(), 37, 37, 961, 33),
                row(TestNetworks.residualBlock(true), 12, 12, 10, 8),
                row(TestNetworks.residualBlock(false), 12, 12, 8, 6),
                row(TestNetworks.twoResidualBlocks(), 26, 26, 140, 19),
                row(TestNetworks.projectionBlock(), 24, 24, 36, 17),
                row(TestNetworks.identityFromInput(), 12, 12, 20, 10),
                row(TestNetworks.identityIntoOutput(), 12, 12, 20, 10),
                row(TestNetworks.cyclicTies(), 22, 22, 100, 16),
                row(TestNetworks.denseConcat(), 14, 14, 12, 10),
                row(TestNetworks.residualCnn(), 62, 62, 1332, 58));
    }

    static List<Arguments> reused() {
        return List.of(
                row(TestNetworks.rnn(true), 8, 8, 14, 6),
                row(TestNetworks.rnn(false), 8, 8, 8, 5),
                row(TestNetworks.tiedAutoencoder(), 4, 4, 6, 4),
                row(TestNetworks.pixelConvFlattenDense(), 6, 6, 3, 3),
                row(TestNetworks.pixelConvFlattenDense2d(), 18, 18, 9, 9));
    }

    static Stream<Arguments> all() {
        return Stream.concat(unshared().stream(), reused().stream());
    }

    private static PathGraph graph(Network network) {
        return PathGraph.of(network, new BitSet());
    }

    @ParameterizedTest
    @MethodSource("all")
    void enumerationGivesTheListedNumbers(Network network, int m, int live, int distinct, int rank) {
        EnumeratedRank found = EnumeratedRank.of(graph(network));
        assertThat(List.of(found.parameters(), found.live(), found.distinct(), found.rank()))
                .isEqualTo(List.of(m, live, distinct, rank));
        assertThat(found.exact()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("all")
    void eliminationGivesTheSameRankWithoutPaths(Network network, int m, int live, int distinct, int rank) {
        EliminatedRank found = EliminatedRank.of(graph(network));
        assertThat(List.of(found.parameters(), found.live(), found.rank())).isEqualTo(List.of(m, live, rank));
        assertThat(found.symmetries()).isEqualTo(live - rank);
        assertThat(found.exact()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("all")
    void pathsAreCountedAsTheyAreEnumerated(Network network, int m, int live, int distinct, int rank) {
        PathGraph graph = graph(network);
        assertThat(graph.pathCount())
                .isEqualTo(BigInteger.valueOf(EnumeratedRank.of(graph).monomials()));
    }

    @ParameterizedTest
    @MethodSource("unshared")
    void withoutReuseTheBinaryRankIsTheRank(Network network, int m, int live, int distinct, int rank) {
        assertThat(EnumeratedRank.of(graph(network)).binaryRank()).isEqualTo(rank);
    }

    @org.junit.jupiter.api.Test
    void theTiedAutoencoderHasBinaryRankTwo() {
        assertThat(EnumeratedRank.of(graph(TestNetworks.tiedAutoencoder())).binaryRank())
                .isEqualTo(2);
    }
}
