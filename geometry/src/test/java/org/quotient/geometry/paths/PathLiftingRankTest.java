package org.quotient.geometry.paths;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.TestNetworks;

/** Items 9 and 10: the rank of ∂Φ where parameters vanish, and how many sign patterns share their path values. */
class PathLiftingRankTest {

    private static BitSet zeros(int... elements) {
        BitSet zeros = new BitSet();
        IntStream.of(elements).forEach(zeros::set);
        return zeros;
    }

    private static int rank(Network network, int... elements) {
        return PathLiftingRank.rankOfPathLifting(network, zeros(elements));
    }

    // Weights are [in, out], row-major, one layer after the other.

    @Test
    void twoTwoTwo() {
        Network net = TestNetworks.mlp(2, 2, 2);
        assertThat(rank(net)).isEqualTo(6);
        for (int i = 0; i < 8; i++) {
            assertThat(rank(net, i)).as("one zero, %d", i).isEqualTo(6);
        }
        assertThat(rank(net, 0, 2)).as("fan-in of unit 0").isEqualTo(5);
        assertThat(rank(net, 4, 5)).as("fan-out of unit 0").isEqualTo(5);
        assertThat(rank(net, 0, 2, 4, 5)).as("both").isEqualTo(3);
        assertThat(rank(net, 0, 4)).as("one in, one out").isEqualTo(6);
        assertThat(rank(net, 0, 1, 2, 3, 4, 5, 6, 7)).as("all").isEqualTo(0);
    }

    @Test
    void twoTwoOne() {
        Network net = TestNetworks.mlp(2, 2, 1);
        assertThat(List.of(rank(net), rank(net, 0, 2), rank(net, 4), rank(net, 0, 2, 4)))
                .isEqualTo(List.of(4, 4, 3, 2));
    }

    @Test
    void threeTwoTwo() {
        Network net = TestNetworks.mlp(3, 2, 2);
        assertThat(List.of(rank(net), rank(net, 0, 2, 4), rank(net, 6, 7), rank(net, 0, 2, 4, 6, 7)))
                .isEqualTo(List.of(8, 7, 6, 4));
    }

    @Test
    void oneZeroOfTheScalarNetworkKeepsTheRank() {
        assertThat(rank(TestNetworks.mlp(1, 1, 1), 0)).isEqualTo(1);
        assertThat(rank(TestNetworks.mlp(1, 1, 1), 0, 1)).isEqualTo(0);
    }

    @Test
    void aZeroSlopeIsStillACoordinate() {
        Network net = TestNetworks.preluMlp(1, 1, 1);
        assertThat(rank(net)).isEqualTo(2);
        assertThat(rank(net, 1)).isEqualTo(2);
        assertThat(PathLiftingRank.of(PathGraph.of(net, zeros()), zeros(1))).isEqualTo(new PathLiftingRank(1, 1, true));
    }

    /** The map of query and key products stays a coordinate of Φ where the output map is zero. */
    @Test
    void aZeroBehindACutDoesNotSilenceIt() {
        Network net = TestNetworks.attention(2, 1, 1, 1);
        assertThat(rank(net, 3)).isEqualTo(2);
        assertThat(EliminatedRank.of(PathGraph.of(net, zeros(3))).rank()).isEqualTo(0);
    }

    static Stream<Arguments> networks() {
        return Stream.concat(
                PathRankTest.all().map(a -> Arguments.of(a.get()[0])),
                Stream.of(
                        Arguments.of(TestNetworks.gatedMlp(2, 2, 1)),
                        Arguments.of(TestNetworks.attention(2, 1, 1, 1)),
                        Arguments.of(TestNetworks.preluMlp(2, 2, 2))));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theRankIsThatOfTheJacobianOfAllPaths(Network network) {
        int m = (int) network.parameterCount();
        CounterRandom random = CounterRandom.seeded(m);
        Monomials monomials = Monomials.of(PathGraph.of(network, new BitSet()), 100_000);
        List<PathVector> rows =
                monomials.stream().map(Monomial::vector).distinct().toList();
        for (int draw = 0; draw < 12; draw++) {
            BitSet zeros = new BitSet();
            for (int i = 0; i < m; i++) {
                zeros.set(i, random.below(1000L * draw + i, 12) < draw);
            }
            assertThat(PathLiftingRank.rankOfPathLifting(network, zeros))
                    .as("zeros at %s", zeros)
                    .isEqualTo(jacobianRank(rows, m, zeros, draw));
        }
    }

    /** The rank of ∂Φ at random residues modulo a prime. */
    static int jacobianRank(List<PathVector> rows, int m, BitSet zeros, int seed) {
        Residues field = new Residues(Residues.SECOND_PRIME);
        long[] theta = new long[m];
        CounterRandom random = CounterRandom.seeded(1000 + seed);
        for (int i = 0; i < m; i++) {
            theta[i] = zeros.get(i) ? 0 : field.of(1 + random.below(i, Residues.SECOND_PRIME - 1));
        }
        Echelon jacobian = new Echelon(field);
        for (PathVector path : rows) {
            long[] gradient = new long[m];
            for (int i = 0; i < path.size(); i++) {
                long value = path.exponent(i);
                for (int j = 0; j < path.size(); j++) {
                    for (int k = i == j ? 1 : 0; k < path.exponent(j); k++) {
                        value = field.of(value * theta[path.element(j)]);
                    }
                }
                gradient[path.element(i)] = value;
            }
            jacobian.add(gradient);
        }
        return jacobian.rank();
    }

    @Test
    void pathValuesHaveTwoToTheHiddenUnitsSignPatterns() {
        assertThat(preimages(TestNetworks.mlp(1, 1, 1))).containsOnly(2L);
        assertThat(preimages(TestNetworks.mlp(2, 2, 1))).containsOnly(4L);
        assertThat(preimages(TestNetworks.mlp(2, 2, 2))).containsOnly(4L);
        assertThat(preimages(TestNetworks.mlp(2, 2, 2, 1))).containsOnly(16L);
    }

    /** For each vector of path values that θ in {−1, 1}^m attains, how many θ attain it. */
    private static List<Long> preimages(Network network) {
        List<PathVector> paths = Monomials.of(PathGraph.of(network, new BitSet()), 1000).stream()
                .map(Monomial::vector)
                .toList();
        Map<BitSet, Long> counts = new HashMap<>();
        for (int signs = 0; signs < 1 << network.parameterCount(); signs++) {
            BitSet negative = new BitSet();
            for (int p = 0; p < paths.size(); p++) {
                int minus = 0;
                for (int i = 0; i < paths.get(p).size(); i++) {
                    minus += paths.get(p).exponent(i) * (signs >> paths.get(p).element(i) & 1);
                }
                negative.set(p, minus % 2 == 1);
            }
            counts.merge(negative, 1L, Long::sum);
        }
        return new ArrayList<>(counts.values());
    }
}
