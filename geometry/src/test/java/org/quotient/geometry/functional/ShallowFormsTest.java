package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.pattern.Points;
import org.quotient.geometry.functional.sampling.Sampling;

/** One hidden layer: the closed forms for what coincidences of weights cost. */
class ShallowFormsTest {
    /** Weights of units, row by row, so that single units can be changed (by powers of two, which keep multiples exact). */
    private static final class Units {
        private final int inputs;
        private final int units;
        private final int outputs;
        private final double[] theta;

        Units(int inputs, int units, int outputs) {
            this.inputs = inputs;
            this.units = units;
            this.outputs = outputs;
            Network network = ReluNetworks.network(true, inputs, units, outputs);
            Model model = ReluNetworks.random(network, 31L * inputs + 7L * units + outputs);
            this.theta = new double[(int) network.parameterCount()];
            int at = 0;
            for (var parameter : network.parameters()) {
                for (double value : model.weights().get(parameter).data()) {
                    theta[at++] = value;
                }
            }
        }

        Units incoming(int unit, double factor, double bias) {
            for (int i = 0; i < inputs; i++) {
                theta[unit * inputs + i] *= factor;
            }
            theta[units * inputs + unit] = bias;
            return this;
        }

        /** Unit 1 gets factor times the hyperplane of unit 0. */
        Units twin(double factor) {
            for (int i = 0; i < inputs; i++) {
                theta[inputs + i] = factor * theta[i];
            }
            theta[units * inputs + 1] = factor * theta[units * inputs];
            return this;
        }

        Units outgoing(int unit, double factor, int of) {
            for (int k = 0; k < outputs; k++) {
                int row = units * (inputs + 1) + k * units;
                theta[row + unit] = factor * theta[row + of];
            }
            return this;
        }

        FunctionalRank rank() {
            Model model = ReluNetworks.at(ReluNetworks.network(true, inputs, units, outputs), theta);
            return FunctionalDimension.of(model).sampled(Sampling.seeded(3));
        }
    }

    @ParameterizedTest
    @CsvSource({"2,3,1,10", "2,3,2,14", "3,4,2,22", "1,4,1,9", "1,3,2,11"})
    void genericNetworksAttainParametersMinusUnits(int n, int r, int m, int rank) {
        FunctionalRank found = new Units(n, r, m).rank();
        assertThat(found.rank()).isEqualTo(rank).isEqualTo(n * r + r * m + m);
        assertThat(found.attained()).isTrue();
        assertThat(found.proved()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2,3,1,8", "2,3,2,12", "3,4,2,19", "1,4,1,8", "1,3,2,10"})
    void aUnitWithoutFanOutCostsItsInputs(int n, int r, int m, int rank) {
        assertThat(new Units(n, r, m).outgoing(0, 0, 0).rank().rank()).isEqualTo(rank);
    }

    @ParameterizedTest
    @CsvSource({"2,3,1,7", "2,3,2,10", "3,4,2,17", "1,4,1,7", "1,3,2,8"})
    void aDeadUnitCostsItsInputsAndOutputs(int n, int r, int m, int rank) {
        assertThat(new Units(n, r, m).incoming(0, 0, -1).rank().rank()).isEqualTo(rank);
    }

    @ParameterizedTest
    @CsvSource({"2,3,1,9", "2,3,2,12", "3,4,2,20", "1,4,1,8", "1,3,2,9"})
    void aConstantUnitCostsItsOutputs(int n, int r, int m, int rank) {
        assertThat(new Units(n, r, m).incoming(0, 0, 1).rank().rank()).isEqualTo(rank);
    }

    @ParameterizedTest
    @CsvSource({"2,3,1,7,7", "2,3,2,12,10", "3,4,2,20,17", "1,4,1,7,7", "1,3,2,9,8"})
    void twinsOnTheSameSideCostTheOutputsAndWhenParallelTheInputsToo(int n, int r, int m, int skew, int parallel) {
        assertThat(new Units(n, r, m).twin(2).rank().rank()).isEqualTo(skew);
        assertThat(new Units(n, r, m).twin(2).outgoing(1, -2, 0).rank().rank()).isEqualTo(parallel);
    }

    @ParameterizedTest
    @CsvSource({"2,3,1,9,9", "2,3,2,14,13", "3,4,2,22,21", "1,4,1,8,8", "1,3,2,11,10"})
    void twinsOnOppositeSidesCostOneWhenTheirOutputsAreParallel(int n, int r, int m, int skew, int parallel) {
        assertThat(new Units(n, r, m).twin(-2).rank().rank()).isEqualTo(skew);
        assertThat(new Units(n, r, m).twin(-2).outgoing(1, 2, 0).rank().rank()).isEqualTo(parallel);
    }

    @ParameterizedTest
    @CsvSource({"2,3,1,6", "3,4,2,16", "3,4,3,20"})
    void withoutBiasesGenericNetworksAttainParametersMinusUnits(int n, int r, int m, int rank) {
        Model model = ReluNetworks.random(ReluNetworks.network(false, n, r, m), 5);
        FunctionalRank found = FunctionalDimension.of(model).sampled(Sampling.seeded(3));
        assertThat(found.rank()).isEqualTo(rank).isEqualTo(found.bound());
    }

    @Test
    void withoutBiasesAndWithOneInputOnlyHalfLinesCount() {
        Model four = ReluNetworks.at(ReluNetworks.network(false, 1, 4, 1), 1, -2, 3, -1, 1, 2, -1, 4);
        assertThat(FunctionalDimension.of(four).sampled(Sampling.seeded(3)).rank())
                .isEqualTo(2);
        Model five =
                ReluNetworks.at(ReluNetworks.network(false, 1, 5, 2), 1, -2, 3, -1, 2, 1, 2, -1, 4, 3, 5, -2, 1, 1, -3);
        assertThat(FunctionalDimension.of(five).sampled(Sampling.seeded(3)).rank())
                .isEqualTo(4);
        Model oneSided = ReluNetworks.at(ReluNetworks.network(false, 1, 2, 3), 1, 2, 1, 2, 3, 4, 5, 6);
        assertThat(FunctionalDimension.of(oneSided).sampled(Sampling.seeded(3)).rank())
                .isEqualTo(3);
    }

    // ---- The worked 2-3-1 network

    private static final double[] WORKED = {1, 2, -3, 1, 2, -1, 1, 2, -1, 1, -2, 3, 5};
    private static final double[][] TWELVE = {
        {0, 0}, {1, 0}, {0, 1}, {2, 0}, {-1, 1}, {-1, -1}, {-2, 0}, {2, 1}, {1, -2}, {0.5, -0.25}, {0, 2}, {3, 0}
    };

    private static Model worked() {
        return ReluNetworks.at(ReluNetworks.network(true, 2, 3, 1), WORKED);
    }

    private static int workedRank(double[]... points) {
        Model model = worked();
        return FunctionalDimension.of(model)
                .batch(ReluNetworks.points(model.network(), points))
                .rank();
    }

    @Test
    void prefixesOfTheWorkedPointsHaveRanksUpToTen() {
        int[] ranks = new int[12];
        for (int n = 1; n <= 12; n++) {
            ranks[n - 1] = workedRank(Arrays.copyOf(TWELVE, n));
        }
        assertThat(ranks).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10);
    }

    private static double[][] grid(int half) {
        double[][] points = new double[(2 * half + 1) * (2 * half + 1)][];
        for (int i = 0; i < points.length; i++) {
            points[i] = new double[] {i / (2 * half + 1) - half, i % (2 * half + 1) - half};
        }
        return points;
    }

    @Test
    void aSmallGridMissesAThinCellAndALargeOneMeetsIt() {
        Model model = worked();
        FunctionalDimension dimension = FunctionalDimension.of(model);
        FunctionalRank small = dimension.batch(ReluNetworks.points(model.network(), grid(3)));
        assertThat(small.points()).isEqualTo(40);
        assertThat(small.rejected()).isEqualTo(9);
        assertThat(small.rank()).isEqualTo(9);
        assertThat(dimension
                        .batch(ReluNetworks.points(model.network(), grid(10)))
                        .rank())
                .isEqualTo(10);
    }

    @Test
    void aUnitThatIsOffOnTheBatchCostsLikeADeadOne() {
        double[][] off =
                Arrays.stream(grid(20)).filter(p -> p[0] + 2 * p[1] + 1 < 0).toArray(double[][]::new);
        assertThat(workedRank(off)).isEqualTo(7);
    }

    @Test
    void pointsOfOneRegionGiveOneMoreThanTheInputs() {
        double[][] corners = {{1, 1}, {0.2, -0.6}, {3 / 7.0, -5 / 7.0}};
        double[][] inside = new double[30][];
        for (int i = 0; i < inside.length; i++) {
            double a = (1 + i % 7) / 9.0;
            double b = (1 - a) * (1 + i % 5) / 7.0;
            inside[i] = new double[] {
                a * corners[0][0] + b * corners[1][0] + (1 - a - b) * corners[2][0],
                a * corners[0][1] + b * corners[1][1] + (1 - a - b) * corners[2][1]
            };
        }
        assertThat(workedRank(inside)).isEqualTo(3);
    }

    @Test
    void pointsOnAKinkAreLeftOutAndCounted() {
        // x + 2y + 1 = 0 at (1, −1) and 2x − y − 1 = 0 at (1, 1).
        Model model = worked();
        FunctionalRank rank = FunctionalDimension.of(model)
                .batch(ReluNetworks.points(model.network(), new double[] {1, -1}, new double[] {1, 1}, TWELVE[0]));
        assertThat(rank.rejected()).isEqualTo(2);
        assertThat(rank.points()).isEqualTo(1);
        assertThat(rank.exactly()).isEqualTo(2);
    }

    @Test
    void tooFewPointsAreRefusedWithTheNumberNeeded() {
        Model model = worked();
        Points three = ReluNetworks.points(model.network(), Arrays.copyOf(TWELVE, 3));
        FunctionalDimension dimension = FunctionalDimension.of(model);
        assertThatThrownBy(() -> dimension.at(three))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 10 points")
                .hasMessageContaining("given 3");
        assertThat(dimension.batch(three).remark()).contains("the bound needs 10");
    }

    @Test
    void weightsThatAreNotFiniteAreRefusedByName() {
        double[] theta = WORKED.clone();
        theta[6] = Double.NaN;
        Model model = ReluNetworks.at(ReluNetworks.network(true, 2, 3, 1), theta);
        assertThatThrownBy(() -> FunctionalDimension.of(model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("element 0 of 'b1' is NaN");
    }
}
