package org.quotient.optimizers.gspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Samples;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;

/**
 * Networks whose hidden layers are equally wide have a closed form of the step, which the code published with G-SGD uses (Meng et
 * al. 2019): skeleton weights are 1 but in one special layer, and that is a choice of representative only.
 */
class EqualWidthFormTest {
    private static final double ETA = 0.01;

    static Stream<Arguments> networks() {
        return Stream.of(
                        new int[] {3, 4, 4, 2}, new int[] {2, 3, 3, 3, 2}, new int[] {2, 3, 3, 5}, new int[] {5, 3, 3, 2
                        })
                .flatMap(widths -> IntStream.range(1, widths.length).mapToObj(s -> Arguments.of(widths, s)));
    }

    private static String name(int layer) {
        return "fc" + layer + ".weight";
    }

    /** Whether the weight of layer l from unit i to unit j is one of the skeleton: units keep their number, modulo the width. */
    private static boolean inSkeleton(int[] widths, int l, int i, int j) {
        return l == widths.length - 1 ? i % widths[l] == j : j % widths[l - 1] == i;
    }

    @ParameterizedTest(name = "{0}, layer {1}")
    @MethodSource("networks")
    @DisplayName("the closed form with any special layer gives the values of all paths that the general step gives")
    void theSamePathValues(int[] widths, int special) {
        int layers = widths.length - 1;
        String spec = "mlp:"
                + String.join(
                        "-", IntStream.of(widths).mapToObj(String::valueOf).toList()) + ",bias=false";
        Network network = BuiltIns.network(spec).network();
        CounterRandom random = CounterRandom.seeded(widths.length + 10L * special);
        Map<String, Tensor> drawn = new LinkedHashMap<>();
        for (int l = 1; l <= layers; l++) {
            CounterRandom stream = random.split(l);
            double[] w = new double[widths[l] * widths[l - 1]];
            for (int j = 0; j < widths[l]; j++) {
                for (int i = 0; i < widths[l - 1]; i++) {
                    int e = j * widths[l - 1] + i;
                    boolean one = l != special && inSkeleton(widths, l, i, j);
                    w[e] = one ? 1 : 0.5 + stream.uniform(e);
                    w[e] *= !one && stream.below(1_000 + e, 3) == 0 ? -1 : 1;
                }
            }
            drawn.put(name(l), Tensor.of(network.parameters().get(l - 1).shape(), w));
        }
        Weights weights = Weights.of(drawn);
        Batch batch = Samples.batches(network, 1, 6).getFirst();
        Weights general = step(network, "g-sgd:skeleton=index", weights, batch, ETA);
        Weights descended = step(network, "sgd", weights, batch, 1);
        Weights closed = closedForm(widths, special, weights, descended);
        List<Double> expected = pathValues(widths, general);
        List<Double> values = pathValues(widths, closed);
        List<Double> before = pathValues(widths, weights);
        double moved = 0;
        for (int p = 0; p < expected.size(); p++) {
            assertThat(values.get(p)).isCloseTo(expected.get(p), within(1e-12 * (1 + Math.abs(expected.get(p)))));
            moved = Math.max(moved, Math.abs(expected.get(p) - before.get(p)));
        }
        assertThat(moved).isGreaterThan(1e-4);
    }

    private static Weights step(Network network, String optimizer, Weights from, Batch batch, double eta) {
        Training training = Training.of(network, Loss.halfSquaredError(), Optimizers.of(optimizer));
        return training.step(training.startWith(from), batch, eta)
                .next()
                .model()
                .weights();
    }

    private static Weights closedForm(int[] widths, int special, Weights w, Weights descended) {
        int layers = widths.length - 1;
        int width = widths[1];
        double[] value = new double[width];
        double[] own = new double[width];
        double[] others = new double[width];
        for (int l = 1; l <= layers; l++) {
            for (int j = 0; j < widths[l]; j++) {
                for (int i = 0; i < widths[l - 1]; i++) {
                    int e = j * widths[l - 1] + i;
                    double x = w.get(name(l)).get(e);
                    double g = x - descended.get(name(l)).get(e);
                    int chain = l > special || l == layers ? i : j;
                    if (inSkeleton(widths, l, i, j)) {
                        if (l == special) {
                            value[chain] = x;
                            own[chain] = x * g;
                        }
                    } else if (l != special) {
                        others[chain] += x * g;
                    }
                }
            }
        }
        double[] ratio = new double[width];
        for (int j = 0; j < width; j++) {
            ratio[j] = 1 - ETA * (own[j] - others[j]) / (value[j] * value[j]);
        }
        Map<String, Tensor> next = new LinkedHashMap<>();
        for (int l = 1; l <= layers; l++) {
            double[] to = new double[widths[l] * widths[l - 1]];
            for (int j = 0; j < widths[l]; j++) {
                for (int i = 0; i < widths[l - 1]; i++) {
                    int e = j * widths[l - 1] + i;
                    double x = w.get(name(l)).get(e);
                    double g = x - descended.get(name(l)).get(e);
                    int chain = l > special || l == layers ? i : j;
                    if (inSkeleton(widths, l, i, j)) {
                        to[e] = l == special ? x * ratio[chain] : x;
                    } else if (l == special) {
                        to[e] = x - ETA * g;
                    } else {
                        to[e] = (x - ETA * g / (value[chain] * value[chain])) / ratio[chain];
                    }
                }
            }
            next.put(name(l), Tensor.of(w.get(name(l)).shape(), to));
        }
        return Weights.of(next);
    }

    private static List<Double> pathValues(int[] widths, Weights w) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < widths[0]; i++) {
            extend(widths, w, 1, i, 1, values);
        }
        return values;
    }

    private static void extend(int[] widths, Weights w, int layer, int from, double value, List<Double> values) {
        if (layer == widths.length) {
            values.add(value);
            return;
        }
        for (int j = 0; j < widths[layer]; j++) {
            extend(widths, w, layer + 1, j, value * w.get(name(layer)).get(j * widths[layer - 1] + from), values);
        }
    }
}
