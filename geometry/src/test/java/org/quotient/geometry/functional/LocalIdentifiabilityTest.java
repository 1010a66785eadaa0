package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.Echelon;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.LocalIdentifiability.Verdict;
import org.quotient.geometry.functional.pattern.Points;

/** The conditions C_N and C_S. */
class LocalIdentifiabilityTest {
    private static final double[][] TWELVE = {
        {0, 0}, {1, 0}, {0, 1}, {2, 0}, {-1, 1}, {-1, -1}, {-2, 0}, {2, 1}, {1, -2}, {0.5, -0.25}, {0, 2}, {3, 0}
    };

    private static LocalIdentifiability worked(int points) {
        Model model = ReluNetworks.at(ReluNetworks.network(true, 2, 3, 1), 1, 2, -3, 1, 2, -1, 1, 2, -1, 1, -2, 3, 5);
        return LocalIdentifiability.of(
                FunctionalDimension.of(model), ReluNetworks.points(model.network(), Arrays.copyOf(TWELVE, points)));
    }

    @ParameterizedTest
    @CsvSource({"4,4", "8,8", "9,9"})
    void fewPointsDoNotIdentify(int points, int rank) {
        LocalIdentifiability found = worked(points);
        assertThat(found.jacobianRank()).isEqualTo(rank);
        assertThat(found.pathRank()).isEqualTo(rank);
        assertThat(found.necessary()).isFalse();
        assertThat(found.verdict()).isEqualTo(Verdict.NOT_IDENTIFIABLE);
    }

    @Test
    void twelvePointsIdentify() {
        LocalIdentifiability found = worked(12);
        assertThat(found.jacobianRank()).isEqualTo(10);
        assertThat(found.sufficient()).isTrue();
        assertThat(found.necessary()).isTrue();
        assertThat(found.verdict()).isEqualTo(Verdict.IDENTIFIABLE);
    }

    @ParameterizedTest
    @CsvSource({"3,2,1,21", "2,2,2,15", "3,3,2,31"})
    void theRankOfPathsIsThatOfTheListedActivationsForEachOutput(int first, int second, int outputs, int paths) {
        Network network = ReluNetworks.network(true, 2, first, second, outputs);
        int best = 0;
        for (int seed = 0; seed < 12; seed++) {
            Model model = ReluNetworks.random(network, seed);
            Points points = Points.of(
                    network,
                    List.of(Tensor.fill(
                            Shape.of(90, 2),
                            DType.F64,
                            i -> 2 * CounterRandom.seeded(5).normal(i))));
            int listed = activations(model, points.doubles().get(0), first, second, paths);
            LocalIdentifiability found = LocalIdentifiability.of(FunctionalDimension.of(model), points);
            assertThat(found.pathRank()).isEqualTo(outputs * listed);
            best = Math.max(best, listed);
        }
        assertThat(best).isGreaterThan(paths / 2).isLessThanOrEqualTo(paths);
    }

    /** The rank of α: for each path to the last hidden layer whether it is active, times its input, and 1. */
    private static int activations(Model model, Tensor points, int first, int second, int paths) {
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        int n = points.shape().size(0);
        double[] alpha = new double[n * paths];
        for (int i = 0; i < n; i++) {
            double[] x = {points.get(2 * i), points.get(2 * i + 1)};
            double[] one = masked(model, 1, x);
            double[] two = masked(model, 2, one);
            int at = i * paths;
            for (int k = 0; k < second; k++) {
                double outer = two[k] > 0 ? 1 : 0;
                for (int j = 0; j < first; j++) {
                    double both = one[j] > 0 ? outer : 0;
                    alpha[at++] = both * field.residue(x[0]);
                    alpha[at++] = both * field.residue(x[1]);
                    alpha[at++] = both;
                }
                alpha[at++] = outer;
            }
            alpha[at] = 1;
        }
        return Echelon.rank(field, n, paths, alpha);
    }

    private static double[] masked(Model model, int layer, double[] x) {
        Tensor w = model.weights().get("W" + layer);
        double[] out = new double[w.shape().size(0)];
        for (int i = 0; i < out.length; i++) {
            double sum = model.weights().get("b" + layer).get(i);
            for (int j = 0; j < x.length; j++) {
                sum += w.get(i * x.length + j) * x[j];
            }
            out[i] = Math.max(sum, 0);
        }
        return out;
    }

    @Test
    void logitsAreAskedFor() {
        Model logits = ReluNetworks.random(ReluNetworks.network(true, 2, 3, 2), 1);
        Model model = new Model(
                logits.network()
                        .withOutputs(
                                List.of(Ops.softmax(logits.network().outputs().get(0), 1))),
                logits.weights());
        assertThatThrownBy(() -> LocalIdentifiability.of(
                        FunctionalDimension.of(model), ReluNetworks.points(model.network(), TWELVE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("logits");
    }

    @Test
    void moreRowsThanCanBeEliminatedAreRefusedWithTheirNumber() {
        Model model = ReluNetworks.random(ReluNetworks.network(true, 1, 1, 1), 1);
        int count = (1 << 16) + 1;
        Points points = Points.of(
                model.network(), List.of(Tensor.fill(Shape.of(count, 1), DType.F64, CounterRandom.seeded(1)::normal)));
        assertThatThrownBy(() -> LocalIdentifiability.of(FunctionalDimension.of(model), points))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65537 numbers")
                .hasMessageContaining("Give fewer points");
    }
}
