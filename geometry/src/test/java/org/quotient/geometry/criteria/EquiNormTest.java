package org.quotient.geometry.criteria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.quotient.geometry.criteria.SmallNetworks.dense;
import static org.quotient.geometry.criteria.SmallNetworks.flat;
import static org.quotient.geometry.criteria.SmallNetworks.model;
import static org.quotient.geometry.criteria.SmallNetworks.moved;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;

/** Equi-normalisation, teleportation and unit norm: sections 3 to 5 of the specification of invariant updates. */
class EquiNormTest {
    private static final double EXACT = 1e-12;

    @Test
    @DisplayName("w = (3, 4), u = 0.2: d = 0.2, (0.6, 0.8 | 1), and the cost falls from 25.04 to 2 = 2‖w‖|u|")
    void worked() {
        Model model = model(dense(false, false, 2, 1, 1), 3, 4, 0.2);
        OrbitCriterion criterion = OrbitCriterion.balanced(RescalingGroup.of(model.network()), model);
        Minimum minimum = criterion.minimise();
        assertThat(minimum.before()).isCloseTo(25.04, within(EXACT));
        assertThat(minimum.after()).isCloseTo(2, within(EXACT));
        assertThat(minimum.z()).containsExactly(new double[] {Math.log(0.2)}, within(EXACT));
        assertThat(moved(model, minimum)).containsExactly(new double[] {0.6, 0.8, 1}, within(EXACT));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3.5})
    @DisplayName("For any p and weights c, the weighted energies that enter and leave a unit agree: C = cR")
    void anyNorm(double p) {
        Model model = BuiltIns.model("mlp:3-4-5-2,dtype=f64", 1);
        Network network = model.network();
        RescalingGroup group = RescalingGroup.of(network);
        Map<String, Double> weights = Map.of("fc1.weight", 2.0, "fc1.bias", 2.0, "fc2.weight", 0.5);
        assertThat(network.parameters().stream().map(Network::nameOf)).containsAll(weights.keySet());
        Minimum minimum = OrbitCriterion.enorm(group, model, p, weights).minimise();
        Map<String, Tensor> there = minimum.rescaling().weights(model.weights()).asMap();
        double[] flow = new double[group.rank()];
        int element = 0;
        for (var parameter : network.parameters()) {
            Tensor t = there.get(Network.nameOf(parameter));
            for (int i = 0; i < t.size(); i++, element++) {
                double energy = weights.getOrDefault(Network.nameOf(parameter), 1.0) * Math.pow(Math.abs(t.get(i)), p);
                group.row(element).forEach((g, c) -> flow[g] += c * energy);
            }
        }
        assertThat(flow).containsOnly(new double[flow.length], within(1e-10));
    }

    @Test
    @DisplayName("I21: on sparse layered networks the scales that move are those of units on nonzero paths")
    void existence() {
        Random random = new Random(21);
        int dead = 0;
        for (int draw = 0; draw < 400; draw++) {
            int[] widths = {2, 1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(3), 2};
            Network network = dense(true, false, widths);
            int size = (int) network.parameterCount();
            double[] theta = new double[size];
            for (int i = 0; i < size; i++) {
                theta[i] = random.nextInt(3) == 0 ? 0 : random.nextGaussian();
            }
            Model model = model(network, theta);
            RescalingGroup group = RescalingGroup.of(network);
            OrbitCriterion criterion = OrbitCriterion.balanced(group, model);
            BitSet frozen = new BitSet();
            criterion.frozen().forEach(f -> frozen.set(f.generator()));
            BitSet expected = deadUnits(widths, theta);
            assertThat(frozen).isEqualTo(expected);
            dead += expected.isEmpty() ? 0 : 1;
            Minimum minimum = criterion.minimise();
            assertThat(minimum.gap()).isLessThan(1e-9);
            assertThat(minimum.residual()).isLessThan(1e-12);
        }
        assertThat(dead).isBetween(50, 350);
    }

    /** Units without a path of nonzero parameters from an input or bias to an output, layer by layer. */
    private static BitSet deadUnits(int[] widths, double[] theta) {
        int layers = widths.length - 1;
        boolean[][] forward = new boolean[layers + 1][];
        boolean[][] backward = new boolean[layers + 1][];
        int[] start = new int[layers + 1];
        for (int l = 0; l <= layers; l++) {
            forward[l] = new boolean[widths[l]];
            backward[l] = new boolean[widths[l]];
            Arrays.fill(forward[l], l == 0);
            Arrays.fill(backward[l], l == layers);
            if (l > 0) {
                start[l] = l == 1 ? 0 : start[l - 1] + widths[l - 1] * (widths[l - 2] + 1);
            }
        }
        for (int l = 1; l <= layers; l++) {
            for (int v = 0; v < widths[l]; v++) {
                forward[l][v] = l < layers && theta[start[l] + widths[l] * widths[l - 1] + v] != 0;
                for (int u = 0; u < widths[l - 1]; u++) {
                    forward[l][v] |= forward[l - 1][u] && theta[start[l] + v * widths[l - 1] + u] != 0;
                }
            }
        }
        for (int l = layers; l > 0; l--) {
            for (int u = 0; u < widths[l - 1]; u++) {
                for (int v = 0; v < widths[l]; v++) {
                    backward[l - 1][u] |= backward[l][v] && theta[start[l] + v * widths[l - 1] + u] != 0;
                }
            }
        }
        BitSet dead = new BitSet();
        int unit = 0;
        for (int l = 1; l < layers; l++) {
            for (int v = 0; v < widths[l]; v++) {
                dead.set(unit++, !(forward[l][v] && backward[l][v]));
            }
        }
        return dead;
    }

    @Test
    @DisplayName(
            "I8: gradients (12, 0 | 18): λ = 0.8165, the least ‖∇L‖² is 432; the largest is at a corner of the region")
    void teleport() {
        Model model = model(dense(false, false, 2, 1, 1), 3, 4, 2);
        RescalingGroup group = RescalingGroup.of(model.network());
        Map<String, Tensor> gradient =
                Map.of("l1.weight", Tensor.of(Shape.of(1, 2), 12, 0), "l2.weight", Tensor.of(Shape.of(1, 1), 18));
        OrbitCriterion criterion = OrbitCriterion.gradientBalanced(group, gradient);
        Minimum minimum = criterion.minimise();
        assertThat(minimum.before()).isCloseTo(144 + 324, within(1e-9));
        assertThat(minimum.after()).isCloseTo(432, within(1e-9));
        assertThat(Math.exp(minimum.z()[0])).isCloseTo(Math.pow(144.0 / 324, 0.25), within(EXACT));
        assertThat(Math.exp(minimum.z()[0])).isCloseTo(0.8165, within(1e-4));
        Teleport far = Teleport.within(criterion, Math.log(2), 0);
        assertThat(far.exact()).isTrue();
        assertThat(far.z()).containsExactly(Math.log(2));
        assertThat(far.after()).isCloseTo(144 / 4.0 + 324 * 4, within(1e-9));
        assertThat(far.bound()).isCloseTo(144 * 4 + 324 * 4, within(1e-9));
    }

    @Test
    @DisplayName(
            "The search for a large gradient ends where no change of a sign helps, and finds the best corner of small ones")
    void teleportSearch() {
        Random random = new Random(5);
        Network network = BuiltIns.model("mlp:3-9-9-2,dtype=f64", 0).network();
        RescalingGroup group = RescalingGroup.of(network);
        Map<String, Tensor> gradient = new java.util.HashMap<>();
        network.parameters()
                .forEach(p -> gradient.put(
                        Network.nameOf(p), Tensor.fill(p.shape(), p.dtype(), i -> Math.exp(random.nextGaussian()))));
        OrbitCriterion criterion = OrbitCriterion.gradientBalanced(group, gradient);
        Teleport far = Teleport.within(criterion, 0.5, 3);
        assertThat(far.exact()).isFalse();
        assertThat(far.after()).isGreaterThan(far.before()).isLessThanOrEqualTo(far.bound());
        for (int h = 0; h < group.rank(); h++) {
            assertThat(Math.abs(far.z()[h])).isEqualTo(0.5);
            double[] other = far.z().clone();
            other[h] = -other[h];
            assertThat(criterion.value(other)).isLessThanOrEqualTo(far.after() * (1 + EXACT));
        }
    }

    @Test
    @DisplayName("Unit norm: every row of a layered network has norm 1 and the function is the same")
    void unitNorm() {
        Model model = BuiltIns.model("mlp:3-4-5-2,dtype=f64", 1);
        RescalingGroup group = RescalingGroup.of(model.network());
        UnitNorm section = UnitNorm.of(group, model);
        assertThat(section.unsolved()).isEmpty();
        assertThat(section.frozen()).isEmpty();
        Model there = model.at(section.rescaling().weights(model.weights()));
        for (String name : new String[] {"fc1.weight", "fc2.weight"}) {
            Tensor w = there.weights().get(name);
            int in = w.shape().sizes()[1];
            for (int row = 0; row < w.shape().sizes()[0]; row++) {
                double sum = 0;
                for (int i = 0; i < in; i++) {
                    sum += Math.pow(w.get(row * in + i), 2);
                }
                assertThat(sum).isCloseTo(1, within(EXACT));
            }
        }
        Tensor x = Tensor.of(Shape.of(2, 3), 1, -2, 3, 0.5, 0.1, -1);
        assertThat(there.evaluate(java.util.List.of(x)).getFirst().data())
                .containsExactly(model.evaluate(java.util.List.of(x)).getFirst().data(), within(1e-12));
    }

    @Test
    @DisplayName("On a residual stream only the first writer can have unit norm; the others are named")
    void unitNormOfStreams() {
        NetworkBuilder net = NetworkBuilder.named("stream");
        Flow stream = net.input("x", 2).dense("first", 1, false).relu();
        Flow block = stream.dense("in", 1, false).relu().dense("second", 1, false);
        Model model =
                model(net.build(stream.add(block).relu().dense("out", 1, false)).network(), 3, 4, 2, 7, 1);
        UnitNorm section = UnitNorm.of(RescalingGroup.of(model.network()), model);
        double[] theta = flat(
                model.network(), section.rescaling().weights(model.weights()).asMap());
        assertThat(theta).containsExactly(new double[] {0.6, 0.8, 1, 14, 5}, within(EXACT));
        assertThat(section.unsolved()).hasSize(1);
        assertThat(section.unsolved().getFirst().parameter()).isEqualTo("second.weight");
        assertThat(section.unsolved().getFirst().norm()).isCloseTo(14, within(EXACT));
        assertThat(section.residual()).isCloseTo(Math.log(14), within(EXACT));
    }

    @Test
    @DisplayName("State follows: displacements like θ, gradients against it, second moments against its square")
    void state() {
        Model model = model(dense(true, false, 1, 1, 1), 2, 8, 3);
        RescalingGroup group = RescalingGroup.of(model.network());
        Rescaling doubled = Rescaling.of(group, new double[] {Math.log(2)});
        Map<String, Tensor> ones = Map.of(
                "l1.weight", Tensor.of(Shape.of(1, 1), 1),
                "l1.bias", Tensor.of(Shape.of(1), 1),
                "l2.weight", Tensor.of(Shape.of(1, 1), 1));
        assertThat(flat(model.network(), doubled.vectors(ones)))
                .containsExactly(new double[] {2, 2, .5}, within(EXACT));
        assertThat(flat(model.network(), doubled.covectors(ones)))
                .containsExactly(new double[] {.5, .5, 2}, within(EXACT));
        assertThat(flat(model.network(), doubled.secondMoments(ones)))
                .containsExactly(new double[] {.25, .25, 4}, within(EXACT));
        assertThat(flat(model.network(), doubled.inverse().vectors(doubled.vectors(ones))))
                .containsExactly(new double[] {1, 1, 1}, within(EXACT));
        assertThatThrownBy(() -> Rescaling.of(group, new double[2])).hasMessageContaining("1 generators; given 2");
        assertThatThrownBy(() -> Rescaling.of(group, new double[] {Double.NaN})).hasMessageContaining("NaN");
        assertThatThrownBy(() -> doubled.vectors(Map.of("l1.bias", Tensor.of(Shape.of(2), 1, 1))))
                .hasMessageContaining("l1.bias");
    }

    @Test
    @DisplayName("Bad input is named: weights that are not finite, a norm without exponent, an unknown parameter")
    void errors() {
        Model model = model(dense(true, false, 1, 1, 1), 2, Double.NaN, 3);
        RescalingGroup group = RescalingGroup.of(model.network());
        assertThatThrownBy(() -> OrbitCriterion.balanced(group, model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("l1.bias")
                .hasMessageContaining("NaN");
        Model fine = model(dense(true, false, 1, 1, 1), 2, 1, 3);
        assertThatThrownBy(() -> OrbitCriterion.enorm(group, fine, 0, Map.of())).hasMessageContaining("positive");
        assertThatThrownBy(() -> OrbitCriterion.enorm(group, fine, 2, Map.of("other", 1.0)))
                .hasMessageContaining("'other'");
        assertThatThrownBy(() -> Minimiser.exact().cap(-1)).hasMessageContaining("positive");
        assertThatThrownBy(() -> Minimiser.sweeps(0)).hasMessageContaining("at least one sweep");
    }
}
