package org.quotient.geometry.criteria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.quotient.geometry.criteria.SmallNetworks.dense;
import static org.quotient.geometry.criteria.SmallNetworks.diagonal;
import static org.quotient.geometry.criteria.SmallNetworks.model;
import static org.quotient.geometry.criteria.SmallNetworks.moved;
import static org.quotient.geometry.criteria.SmallNetworks.pathCond;
import static org.quotient.geometry.criteria.SmallNetworks.sumLog;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.geometry.RescalingGroup;

/**
 * The worked numbers O1 to O12 of the path conditioning specification. Its z is twice ours: λ = e^{z/2} there and e^z here.
 */
class PathCondOraclesTest {
    private static final double EXACT = 1e-9;

    private static void close(double[] actual, double... expected) {
        assertThat(actual).containsExactly(expected, within(EXACT));
    }

    /** z in the specification's convention, by sweeps and by the exact method, which agree. */
    private static double[] z(Model model) {
        Minimum exact = pathCond(model).minimise();
        assertThat(exact.gap()).isLessThan(EXACT);
        Minimum swept = Minimiser.sweeps(100_000, 1e-14).minimise(pathCond(model));
        assertThat(swept.z()).containsExactly(exact.z(), within(1e-9));
        return Arrays.stream(exact.z()).map(v -> 2 * v).toArray();
    }

    @Test
    @DisplayName("O1: (2, 8) becomes (4, 4); the divergence falls from 1.5075 to 0; α* = 1/16")
    void oneUnit() {
        Model model = model(dense(false, false, 1, 1, 1), 2, 8);
        Minimum minimum = pathCond(model).minimise();
        close(z(model), Math.log(4));
        close(moved(model, minimum), 4, 4);
        close(diagonal(model, minimum), 16, 16);
        assertThat(minimum.before()).isCloseTo(1.50754360475, within(EXACT));
        assertThat(minimum.after()).isCloseTo(0, within(EXACT));
        assertThat(minimum.after() + sumLog(model)).isCloseTo(5.54517744448, within(EXACT));
        assertThat(2 / pathCond(model).trace(minimum.z())).isCloseTo(1.0 / 16, within(EXACT));
    }

    @Test
    @DisplayName("O2: with a bias")
    void bias() {
        Network network = dense(true, false, 1, 1, 1);
        Model model = model(network, 4, 3, 1);
        Minimum minimum = pathCond(model).minimise();
        close(z(model), -1.60943791243);
        close(moved(model, minimum), 1.788854382, 1.3416407865, 2.2360679775);
        close(diagonal(model, minimum), 5, 5, 5);
        assertThat(minimum.before()).isCloseTo(3.37279790714, within(EXACT));
        assertThat(minimum.after()).isCloseTo(0, within(EXACT));
        Model second = model(network, 2, 4, 1);
        close(moved(second, pathCond(second).minimise()), 0.945741609003, 1.89148321801, 2.11474252688);
        Model third = model(network, 4, -2, 1);
        close(moved(third, pathCond(third).minimise()), 1.89148321801, -0.945741609003, 2.11474252688);
    }

    @Test
    @DisplayName("O2c: an output bias counts in p, though nothing moves it")
    void outputBias() {
        Model model = model(dense(true, true, 1, 1, 1), 4, 3, 1, 7);
        Minimum minimum = pathCond(model).minimise();
        close(z(model), Math.log((-1 + Math.sqrt(3001)) / 250));
        close(moved(model, minimum), 1.85526509069, 1.39144881802, 2.15602612266, 7);
        assertThat(minimum.after()).isCloseTo(0.707690636332, within(EXACT));
    }

    @Test
    @DisplayName("O3: 2-2-1 with a bias that is zero, sweep by sweep and at the minimum")
    void zeroBias() {
        Model model = model(dense(true, false, 2, 2, 1), 1, 2, 3, -1, 1, 0, 2, -1);
        OrbitCriterion criterion = pathCond(model);
        double sumLog = sumLog(model);
        Minimum first = Minimiser.sweeps(1).minimise(criterion);
        close(Arrays.stream(first.z()).map(v -> Math.exp(2 * v)).toArray(), 0.9, 0.276448703595);
        assertThat(first.before() + sumLog).isCloseTo(10.8363653024, within(EXACT));
        assertThat(first.after() + sumLog).isCloseTo(8.39513530752, within(EXACT));
        double[] half = {Math.log(0.9) / 2, 0};
        assertThat(criterion.value(half) + sumLog).isCloseTo(10.8126878603, within(EXACT));
        Minimum second = Minimiser.sweeps(2).minimise(criterion);
        close(Arrays.stream(second.z()).map(v -> Math.exp(2 * v)).toArray(), 0.891765265072, 0.276009801879);
        Minimum minimum = criterion.minimise();
        close(z(model), -0.114748166253, -1.28735311196);
        close(
                moved(model, minimum),
                0.944240778748,
                1.8884815575,
                1.57607208987,
                -0.525357363289,
                0.944240778748,
                0,
                2.11810381951,
                -1.90346623057);
        close(
                diagonal(model, minimum),
                4.48636379021,
                4.48636379021,
                3.62318369091,
                3.62318369091,
                4.48636379021,
                3.62318369091,
                5.3495438895,
                2.76000359162);
        assertThat(minimum.after() + sumLog).isCloseTo(8.39495655053, within(EXACT));
        assertThat(8 / criterion.trace(minimum.z())).isCloseTo(0.246622885513, within(EXACT));
        assertThat(minimum.frozen()).isEmpty();
    }

    @Test
    @DisplayName("O3b and O3c: 2-2-1 and 2-2-2 with an output bias")
    void layered() {
        Model one = model(dense(true, false, 2, 2, 1), 1, 2, 3, -1, 1, .5, 2, -1);
        close(z(one), -0.1167050214, -1.29506060694);
        Minimum minimum = pathCond(one).minimise();
        assertThat(minimum.before()).isCloseTo(2.62270241785, within(EXACT));
        assertThat(minimum.after()).isCloseTo(0.133949302404, within(EXACT));
        assertThat(minimum.after() + sumLog(one)).isCloseTo(8.41186956058, within(EXACT));
        Model two = model(dense(true, true, 2, 2, 2), 1, 2, 3, -1, 1, .5, 2, -1, -3, 1, .25, -2);
        close(z(two), 0.457683906409, -0.869095482201);
        assertThat(pathCond(two).minimise().after()).isCloseTo(2.48755562664, within(EXACT));
        assertThat(pathCond(two).minimise().after() + sumLog(two)).isCloseTo(20.4999195903, within(EXACT));
    }

    @Test
    @DisplayName("O4: a chain, where sweeps are slow: 2, 2√2, then 3.36358566101, 3.66801617282, ... towards 4, 4")
    void chain() {
        Model model = model(dense(false, false, 1, 1, 1, 1), 1, 2, 4);
        OrbitCriterion criterion = pathCond(model);
        double[] roots = {2, 2 * Math.sqrt(2), 3.36358566101, 3.66801617282, 3.83041312279, 3.91428824835};
        for (int k = 0; k < 3; k++) {
            double[] z = Minimiser.sweeps(k + 1, 0).minimise(criterion).z();
            close(Arrays.stream(z).map(v -> Math.exp(2 * v)).toArray(), roots[2 * k], roots[2 * k + 1]);
        }
        Minimum minimum = criterion.minimise();
        close(z(model), 2 * Math.log(2), 2 * Math.log(2));
        close(moved(model, minimum), 2, 2, 2);
        close(diagonal(model, minimum), 16, 16, 16);
        assertThat(minimum.after()).isCloseTo(0, within(EXACT));
        int sweeps = Minimiser.sweeps(1000, 1e-14).minimise(criterion).sweeps();
        assertThat(sweeps).isBetween(20, 60);
    }

    @Test
    @DisplayName("O5: skip connections, learned and identity")
    void skips() {
        NetworkBuilder net = NetworkBuilder.named("skip");
        Flow first = net.input("x", 1).dense("a", 1, false).relu();
        Flow second = first.dense("b", 1, false).relu();
        Model model = model(
                net.build(second.dense("c", 1, false).add(first.dense("s", 1, false)))
                        .network(),
                1,
                2,
                1,
                3);
        Minimum minimum = pathCond(model).minimise();
        close(z(model), 1.27071568775, -0.0577893366864);
        close(moved(model, minimum), 1.8876975216, 1.02931616919, 1.02931616919, 1.58923766423);
        assertThat(minimum.after()).isCloseTo(0.0011943941584, within(EXACT));
        assertThat(minimum.after() + sumLog(model)).isCloseTo(3.95243811274, within(EXACT));

        NetworkBuilder identity = NetworkBuilder.named("identity skip");
        Flow x = identity.input("x", 1);
        Model around = model(
                identity.build(x.dense("u", 1, false)
                                .relu()
                                .dense("v", 1, false)
                                .add(x))
                        .network(),
                2,
                8);
        close(moved(around, pathCond(around).minimise()), 4, 4);

        NetworkBuilder learned = NetworkBuilder.named("learned skip");
        Flow y = learned.input("x", 1);
        Model beside = model(
                learned.build(y.dense("u", 1, false).relu().dense("v", 1, false).add(y.dense("s", 1, false)))
                        .network(),
                2,
                8,
                5);
        Minimum best = pathCond(beside).minimise();
        close(moved(beside, best), 4, 4, 5);
        assertThat(best.before()).isCloseTo(3.86130520331, within(EXACT));
        assertThat(best.after()).isCloseTo(1.64850837392, within(EXACT));
    }

    private static Flow convolved(NetworkBuilder net, int width) {
        return net.input("x", 1, 1, width);
    }

    @Test
    @DisplayName("O6: convolutions, every position counts")
    void convolution() {
        NetworkBuilder net = NetworkBuilder.named("conv");
        Window pair = new Window(1, 2, 1, 1, 0, 0, 0, 0, 1, 1);
        Flow x = convolved(net, 3).conv("c1", 1, pair).relu();
        Model model = model(net.build(x.conv("c2", 1, pair, 1, false)).network(), 1, 2, 2, 3, 4);
        Minimum minimum = pathCond(model).minimise();
        close(z(model), 0.510825623766);
        close(moved(model, minimum), 1.29099444874, 2.58198889747, 2.58198889747, 2.32379000772, 3.09838667697);
        close(diagonal(model, minimum), 15, 15, 15, 15, 15);
    }

    @Test
    @DisplayName("O7: maximum pooling counts every entrant; averages count squared")
    void pooling() {
        Window one = Window.square(1, 1, 0);
        Window pair = new Window(1, 2, 1, 2, 0, 0, 0, 0, 1, 1);
        NetworkBuilder net = NetworkBuilder.named("maximum");
        Model maximum = model(
                net.build(convolved(net, 2)
                                .conv("c", 1, one)
                                .relu()
                                .maxPool(pair)
                                .flatten()
                                .dense("d", 1))
                        .network(),
                1,
                2,
                3,
                1);
        close(z(maximum), 0.378250025174);
        assertThat(pathCond(maximum).minimise().after()).isCloseTo(1.53111900942, within(EXACT));
        NetworkBuilder other = NetworkBuilder.named("average");
        Model average = model(
                other.build(convolved(other, 2)
                                .conv("c", 1, one)
                                .relu()
                                .averagePool(pair)
                                .flatten()
                                .dense("d", 1))
                        .network(),
                1,
                2,
                3,
                1);
        close(z(average), 0.357840917099);
    }

    @Test
    @DisplayName("O8: equi-normalisation: the same as path conditioning for one unit, another point for two")
    void equiNormalisation() {
        Model one = model(dense(true, false, 1, 1, 1), 4, 3, 1);
        Minimum balanced =
                OrbitCriterion.balanced(RescalingGroup.of(one.network()), one).minimise();
        close(moved(one, balanced), 1.788854382, 1.3416407865, 2.2360679775);
        Model two = model(dense(true, false, 2, 2, 1), 1, 2, 3, -1, 1, .5, 2, -1);
        OrbitCriterion criterion = OrbitCriterion.balanced(RescalingGroup.of(two.network()), two);
        close(
                moved(two, criterion.minimise()),
                0.90360200361,
                1.80720400722,
                1.67664179657,
                -0.558880598856,
                0.90360200361,
                0.279440299428,
                2.2133638394,
                -1.78929095418);
        assertThat(criterion.value(new double[2])).isEqualTo(1 + 4 + 9 + 1 + 1 + .25 + 4 + 1);
    }

    @Test
    @DisplayName("O9: leaky units have the same minimiser")
    void leaky() {
        NetworkBuilder net = NetworkBuilder.named("leaky");
        Flow x = net.input("x", 2).dense("l1", 2).leakyRelu(0.1);
        Model model = model(net.build(x.dense("l2", 1, false)).network(), 1, 2, 3, -1, 1, .5, 2, -1);
        close(z(model), -0.1167050214, -1.29506060694);
    }

    @Test
    @DisplayName("O11: a unit whose outgoing weight is zero stays; energies of 0 do not count")
    void deadUnit() {
        Model model = model(dense(true, false, 2, 2, 1), 1, 2, 3, -1, 1, .5, 2, 0);
        Minimum minimum = pathCond(model).minimise();
        assertThat(minimum.z()[1]).isZero();
        assertThat(minimum.frozen()).hasSize(1);
        assertThat(minimum.frozen().getFirst().generator()).isEqualTo(1);
        assertThat(minimum.frozen().getFirst().reason()).startsWith("dead");
        // p = 5: g = (4, 4, 4 | 6 | 10.25), A = 3 − 1: 6(5 + 2)x² + 2·10.25x − 12(5 − 2) = 0.
        double root = (-20.5 + Math.sqrt(20.5 * 20.5 + 4 * 42 * 36)) / 84;
        close(Arrays.stream(minimum.z()).map(v -> 2 * v).toArray(), Math.log(root), 0);
        assertThat(Minimiser.sweeps(10).minimise(pathCond(model)).z()[1]).isZero();
    }

    @Test
    @DisplayName("O12: the root of the quadratic without cancellation")
    void root() {
        assertThat(Roots.positive(0.04231291636824608, 1074.84521484375, -0.06107430160045624))
                .isCloseTo(5.68214851965636e-05, within(1e-19));
        assertThat(Roots.positive(1, -2, 0)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-8, 1, 1e8})
    @DisplayName("Path conditioning knows neither the representative nor a common factor of the energies")
    void canonical(double factor) {
        Network network = dense(true, true, 2, 2, 2);
        double f = factor;
        Model model = model(network, 1, 2, 3, -1, 1, .5, 2, -1, -3, 1, .25, -2);
        Model other = model(network, 1 * f, 2 * f, 3 / f, -1 / f, 1 * f, .5 / f, 2 / f, -1 * f, -3 / f, 1 * f, .25, -2);
        assertThat(moved(other, pathCond(other).minimise()))
                .containsExactly(moved(model, pathCond(model).minimise()), within(1e-12));
        Model there = model.at(pathCond(model).minimise().rescaling().weights(model.weights()));
        assertThat(pathCond(there).minimise().z()).containsExactly(new double[2], within(1e-14));
    }
}
