package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;

/** Functional dimensions decided by all linear regions, and the laws that they follow. */
class HiddenSymmetryLawsTest {
    private static final int MOST = 100_000;

    private static FunctionalRank exact(int[] widths, double... theta) {
        return FunctionalDimension.of(ReluNetworks.at(ReluNetworks.network(true, widths), theta))
                .exact(MOST);
    }

    // ---- (n, 1, k, 1)

    /** The law: units of the second layer by the signs of weight and bias. */
    private static int law(int inputs, int units, double[] theta) {
        int a = 0;
        int b = 0;
        int c = 0;
        for (int i = 0; i < units; i++) {
            double w = theta[inputs + 1 + i];
            double bias = theta[inputs + 1 + units + i];
            a += w > 0 && bias < 0 ? 1 : 0;
            b += w < 0 && bias > 0 ? 1 : 0;
            c += w > 0 && bias > 0 ? 1 : 0;
        }
        return 1 + 2 * (a + b) + (c >= 1 ? 1 : 0) + (b + c >= 1 ? 1 : 0) + (inputs - 1) * (a + b + c >= 1 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,2", "1,3", "2,1", "2,2", "3,1"})
    void aSingleFirstUnitLeavesADimensionThatTheSignsTell(int inputs, int units) {
        int[] widths = {inputs, 1, units, 1};
        Network network = ReluNetworks.network(true, widths);
        Model first = ReluNetworks.random(network, 0);
        FunctionalDimension prepared = FunctionalDimension.of(first);
        int bound = inputs + 2 * units + 1;
        assertThat(prepared.bound()).isEqualTo(bound);
        int attained = 0;
        for (int draw = 0; draw < 170; draw++) {
            // Each pattern of signs that the law depends on, and then at random.
            double[] theta = theta(network, draw, inputs, units);
            FunctionalRank rank =
                    prepared.moveTo(ReluNetworks.at(network, theta).weights()).exact(MOST);
            assertThat(rank.rank()).as(Arrays.toString(theta)).isEqualTo(law(inputs, units, theta));
            assertThat(rank.proved()).isTrue();
            attained += rank.attained() ? 1 : 0;
        }
        assertThat(attained).isPositive();
    }

    /** Tenths, as the specification's; positive or negative with equal chance. */
    private static double[] theta(Network network, int draw, int inputs, int units) {
        CounterRandom random = CounterRandom.seeded(draw);
        double[] theta = new double[(int) network.parameterCount()];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = (1 + random.below(2L * i, 40)) / 8.0 * (random.below(2L * i + 1, 2) == 0 ? 1 : -1);
        }
        int patterns = 1 << (2 * units);
        if (draw < patterns) {
            for (int i = 0; i < 2 * units; i++) {
                int at = inputs + 1 + i;
                theta[at] = (draw >> i & 1) == 0 ? Math.abs(theta[at]) : -Math.abs(theta[at]);
            }
        }
        return theta;
    }

    @Test
    void theSignPatternsHaveTheListedProbabilities() {
        assertThat(distribution(1, 1)).isEqualTo(Map.of(1, 1, 3, 2, 4, 1));
        assertThat(distribution(1, 2)).isEqualTo(Map.of(1, 1, 3, 5, 4, 2, 5, 5, 6, 3));
        assertThat(distribution(1, 3)).isEqualTo(Map.of(1, 1, 3, 10, 4, 3, 5, 21, 6, 9, 7, 13, 8, 7));
        assertThat(distribution(2, 2)).isEqualTo(Map.of(1, 1, 4, 5, 5, 2, 6, 5, 7, 3));
        assertThat(distribution(3, 1)).isEqualTo(Map.of(1, 1, 5, 2, 6, 1));
    }

    /** How many of the 4^k sign patterns have each functional dimension, by enumeration of regions. */
    private static Map<Integer, Integer> distribution(int inputs, int units) {
        Network network = ReluNetworks.network(true, inputs, 1, units, 1);
        FunctionalDimension prepared = FunctionalDimension.of(ReluNetworks.random(network, 0));
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int draw = 0; draw < 1 << (2 * units); draw++) {
            double[] theta = theta(network, draw, inputs, units);
            int rank = prepared.moveTo(ReluNetworks.at(network, theta).weights())
                    .exact(MOST)
                    .rank();
            counts.merge(rank, 1, Integer::sum);
        }
        return counts;
    }

    @ParameterizedTest
    @CsvSource({"1,-1,3", "-1,1,4", "1,1,3", "-1,-1,1"})
    void theWorkedChainsHaveTheirDimensions(double w, double b, int dimension) {
        FunctionalRank rank = exact(new int[] {1, 1, 1, 1}, 1, 0, w, b, 2, 3);
        assertThat(rank.bound()).isEqualTo(4);
        assertThat(rank.rank()).isEqualTo(dimension);
    }

    // ---- 2-2-2-1

    @ParameterizedTest
    @CsvSource({
        "1,-1,-1,2,1,1,1,1,8,11",
        "-1,-1,-1,-2,1,3,1,-1,10,11",
        "1,1,1,2,1,3,1,1,4,7",
        "1,1,1,2,1,3,1,-1,4,5",
        "-1,-2,-3,-1,-1,-2,1,1,4,1"
    })
    void theWorkedTwoByTwoNetworksHaveTheirDimensions(
            double a, double b, double c, double d, double e, double f, double g, double h, int cells, int dimension) {
        FunctionalRank rank = exact(new int[] {2, 2, 2, 1}, 1, 0, 0, 1, 0, 0, a, b, c, d, e, f, g, h, 0);
        assertThat(rank.bound()).isEqualTo(11);
        assertThat(rank.rank()).isEqualTo(dimension);
        assertThat(rank.method()).contains("each of " + cells + " linear regions");
    }

    // ---- Never attained

    private static int largest(int draws, int... widths) {
        Network network = ReluNetworks.network(true, widths);
        FunctionalDimension prepared = FunctionalDimension.of(ReluNetworks.random(network, 0));
        return IntStream.range(0, draws)
                .map(seed -> prepared.moveTo(ReluNetworks.random(network, seed).weights())
                        .exact(MOST)
                        .rank())
                .max()
                .orElseThrow();
    }

    @Test
    void chainsOfWidthOneAreClampsAndHaveAtMostFourDimensions() {
        assertThat(largest(60, 1, 1, 1, 1)).isEqualTo(4);
        assertThat(largest(60, 1, 1, 1, 1, 1)).isLessThanOrEqualTo(4);
        assertThat(largest(60, 1, 1, 1, 1, 1, 1)).isLessThanOrEqualTo(4);
        assertThat(largest(60, 1, 1, 1, 1, 1, 1, 1)).isLessThanOrEqualTo(4);
    }

    @Test
    void threeLayersOfWidthOneInARowNeverAttainTheBound() {
        // A clamp of a function with 5 dimensions adds its two levels: 7 of 8.
        assertThat(largest(60, 1, 1, 1, 1, 2, 1)).isLessThanOrEqualTo(7);
        assertThat(largest(60, 1, 2, 1, 1, 1, 1)).isLessThanOrEqualTo(7);
        Model most = ReluNetworks.random(ReluNetworks.network(true, 1, 2, 1, 1, 1, 1), 86);
        FunctionalRank rank = FunctionalDimension.of(most).exact(MOST);
        assertThat(rank.rank()).isEqualTo(7);
        assertThat(rank.bound()).isEqualTo(8);
    }

    @Test
    void twoLayersOfWidthOneInARowDoNotForbidIt() {
        // f = relu of a clamp, and a clamp of a sum of two units.
        FunctionalRank rank = exact(new int[] {1, 1, 1, 2, 1}, 1, 0, -1, 3, 1, -1, -1, 2, 1, 1, 0);
        assertThat(rank.bound()).isEqualTo(7);
        assertThat(rank.attained()).isTrue();
    }
}
