package org.quotient.optimizers.conservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Activation;
import org.quotient.autodiff.network.Initialisation;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.TrainingMode;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.RescalingGroup;

/** Spec of invariant updates, 7.2: oracles C2 to C6, and C1 as a test of back-propagation. */
class LedgerTest {
    private static final List<Dynamics> DYNAMICS = List.of(
            Dynamics.sgd(0.01),
            Dynamics.withDecay(0.01, 0.1),
            Dynamics.heavyBall(0.01, 0.9),
            new Dynamics(0.01, 0.9, 0.1));

    @Property(seed = "81", tries = 600, edgeCases = EdgeCasesMode.NONE)
    @Label("⟨θ, g⟩ = 0 for every generator of any network, and a weight's gradient off by 1e-6 is found")
    void identity(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        RandomNetwork draw = RandomNetworks.draw(seed);
        RescalingGroup group = RescalingGroup.of(draw.network());
        GradientIdentity identity = GradientIdentity.of(group, DType.F64);
        Map<String, Tensor> theta = draw.model().weights().asMap();
        Map<String, Tensor> g = new Backprop(draw.network(), draw.inputs(3, seed))
                .at(draw.model().weights());
        BalanceReport report = identity.check(theta, g);
        assertThat(report.holds()).as(() -> report.summary() + draw).isTrue();
        double[] terms = identity.charges().magnitude(theta, g);
        double all = identity.charges().elasticity(theta, g);
        // Now the largest term of each law in turn.
        for (int k = 0; k < group.rank(); k++) {
            // Where all terms cancel there is no gradient to be off.
            if (report.balances().get(k).kind() != LawKind.EXACT || !(terms[k] > 1e-6 * all)) {
                continue;
            }
            BalanceReport wrong = identity.check(theta, perturbed(group, k, theta, g));
            assertThat(wrong.holds()).as(() -> wrong.summary() + draw).isFalse();
        }
    }

    /** The gradient with the entry of the largest |B_ek θ_e g_e| multiplied by 1 + 1e-6. */
    private static Map<String, Tensor> perturbed(
            RescalingGroup group, int k, Map<String, Tensor> theta, Map<String, Tensor> g) {
        String name = "";
        int at = 0;
        double most = -1;
        int element = 0;
        for (Expr p : group.network().parameters()) {
            Tensor x = java.util.Objects.requireNonNull(theta.get(Network.nameOf(p)));
            Tensor v = java.util.Objects.requireNonNull(g.get(Network.nameOf(p)));
            for (int i = 0; i < x.size(); i++, element++) {
                double term = Math.abs(group.row(element).getOrDefault(k, 0L) * x.get(i) * v.get(i));
                if (term > most) {
                    most = term;
                    name = Network.nameOf(p);
                    at = i;
                }
            }
        }
        Map<String, Tensor> out = new LinkedHashMap<>(g);
        Tensor right = java.util.Objects.requireNonNull(g.get(name));
        int place = at;
        out.put(name, Tensor.fill(right.shape(), right.dtype(), i -> right.get(i) * (i == place ? 1 + 1e-6 : 1)));
        return out;
    }

    @Property(seed = "82", tries = 200, edgeCases = EdgeCasesMode.NONE)
    @Label("The charge after each of four steps is what the law says, for descent, decay, heavy ball and both")
    void discrete(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        RandomNetwork draw = RandomNetworks.draw(seed);
        RescalingGroup group = RescalingGroup.of(draw.network());
        Backprop backprop = new Backprop(draw.network(), draw.inputs(3, seed));
        for (Dynamics dynamics : DYNAMICS) {
            Weights theta = draw.model().weights();
            // Small enough that four steps do not run away.
            double steepest = backprop.at(theta).values().stream()
                    .mapToDouble(Tensor::maxAbs)
                    .max()
                    .orElse(0);
            Dynamics d = dynamics.at(dynamics.rate() / (1 + steepest));
            Ledger ledger = Ledger.of(group, d);
            Map<String, Tensor> m = Backprop.zeros(backprop.at(theta));
            for (int i = 0; i < 4; i++) {
                Map<String, Tensor> g = backprop.at(theta);
                m = Backprop.momentum(d, theta.asMap(), m, g);
                Map<String, Tensor> next = Backprop.step(d, theta.asMap(), m);
                Ledger.Entry entry = ledger.record(theta.asMap(), g, next);
                assertThat(entry.report().holds())
                        .as(() -> entry.report().summary() + draw)
                        .isTrue();
                ledger = entry.next();
                theta = Backprop.with(theta, next);
            }
        }
    }

    @Test
    @DisplayName("C6: u·relu(wx) at (1, 2), rate 1/10: charges −3, −72/25, −1111878/390625")
    void worked() {
        NetworkBuilder net = NetworkBuilder.named("u relu(wx)");
        Network network = net.build(
                        net.input("x", 1).dense("w", 1, false).relu().dense("u", 1, false))
                .network();
        Charges charges = Charges.of(RescalingGroup.of(network));
        Dynamics d = Dynamics.sgd(0.1);
        Ledger ledger = Ledger.of(RescalingGroup.of(network), d);
        Backprop backprop = new Backprop(network, List.of(Tensor.of(Shape.of(1, 1), 1)));
        Weights theta =
                Weights.of(Map.of("w.weight", Tensor.of(Shape.of(1, 1), 1), "u.weight", Tensor.of(Shape.of(1, 1), 2)));
        double[][] expected = {{1, 2, -3}, {0.6, 1.8, -72.0 / 25}, {507.0 / 1250, 2169.0 / 1250, -1111878.0 / 390625}};
        for (int i = 0; i < 3; i++) {
            assertThat(theta.get("w.weight").item()).isCloseTo(expected[i][0], within(1e-15));
            assertThat(theta.get("u.weight").item()).isCloseTo(expected[i][1], within(1e-15));
            assertThat(charges.at(theta.asMap())[0]).isCloseTo(expected[i][2], within(1e-14));
            Map<String, Tensor> g = backprop.at(theta);
            Map<String, Tensor> next = Backprop.step(d, theta.asMap(), g);
            Ledger.Entry entry = ledger.record(theta.asMap(), g, next);
            assertThat(entry.report().holds()).isTrue();
            if (i < 2) {
                assertThat(entry.report().balances().get(0).expected()).isCloseTo(expected[i + 1][2], within(1e-14));
            }
            theta = Backprop.with(theta, next);
        }
    }

    @Test
    @DisplayName(
            "Reused weights: in u·relu(w·relu(wx)) w has power 1, u power −2, and the laws hold with these weights")
    void reused() {
        NetworkBuilder net = NetworkBuilder.named("reused");
        Expr w = net.parameter("w", Initialisation.TORCH.weight(1, 1), 1, 1);
        Network network = net.build(net.input("x", 1)
                        .denseWith(w)
                        .relu()
                        .denseWith(w)
                        .relu()
                        .dense("u", 1, false))
                .network();
        RescalingGroup group = RescalingGroup.of(network);
        assertThat(group.rank()).isEqualTo(1);
        long power = group.row(0).getOrDefault(0, 0L);
        assertThat(group.row(1).getOrDefault(0, 0L)).isEqualTo(-2 * power);
        Weights theta =
                Weights.of(Map.of("w", Tensor.of(Shape.of(1, 1), 0.7), "u.weight", Tensor.of(Shape.of(1, 1), 1.3)));
        Backprop backprop = new Backprop(network, List.of(Tensor.of(Shape.of(2, 1), 1, 3)));
        Map<String, Tensor> g = backprop.at(theta);
        assertThat(GradientIdentity.of(group, DType.F64).check(theta.asMap(), g).holds())
                .isTrue();
        Charges charges = Charges.of(group);
        assertThat(charges.at(theta.asMap())[0]).isCloseTo(power * (0.49 - 2 * 1.69), within(1e-14));
        // With ±1 instead of the integers of B the identity would be false.
        double wrong = 0.7 * g.get("w").item() - 1.3 * g.get("u.weight").item();
        assertThat(Math.abs(wrong)).isGreaterThan(0.1);
    }

    @Test
    @DisplayName("Normalisation: with ε = 0.1 the scale before it has no exact law, and is reported apart")
    void normalisation() {
        NetworkBuilder net = NetworkBuilder.named("normalised");
        Expr x = net.input("x", 2).dense("w", 2, false).value();
        Expr gamma = net.parameter("gamma", Initialisation.TORCH.bias(2), 2);
        Expr beta = net.parameter("beta", Initialisation.TORCH.bias(2), 2);
        Network network = net.build(
                        net.flow(Layers.batchNorm(x, gamma, beta, 0.1)).relu().dense("u", 1))
                .network();
        RescalingGroup group = RescalingGroup.of(network);
        Weights theta = Weights.of(Map.of(
                "w.weight", Tensor.of(Shape.of(2, 2), 0.5, -1, 1, 0.25),
                "gamma", Tensor.of(Shape.of(2), 1, 2),
                "beta", Tensor.of(Shape.of(2), 0.5, 0.25),
                "u.weight", Tensor.of(Shape.of(1, 2), 1, -2),
                "u.bias", Tensor.of(Shape.of(1), 0.5)));
        List<Tensor> inputs = List.of(Tensor.of(Shape.of(3, 2), 1, 2, -1, 0.5, 3, -2));
        BalanceReport report =
                GradientIdentity.of(group, DType.F64).check(theta.asMap(), new Backprop(network, inputs).at(theta));
        assertThat(group.rank()).isEqualTo(4);
        assertThat(report.balances().stream().filter(b -> b.kind() == LawKind.EXACT))
                .hasSize(2);
        assertThat(report.holds()).as(report.summary()).isTrue();
        assertThat(report.worst(LawKind.SCALE_REMOVED).orElseThrow().relative()).isGreaterThan(1e-3);
        assertThat(report.summary()).contains("2 more are not judged");
    }

    @Test
    @DisplayName("A wrong rate, a forgotten decay, a gradient off by 1e-6 and a number that is none are all found")
    void mistakes() {
        NetworkBuilder net = NetworkBuilder.named("3-5-4-2");
        Model model = net.build(net.input("x", 3)
                        .dense("a", 5)
                        .relu()
                        .dense("b", 4)
                        .activation(Activation.of("leaky"))
                        .dense("c", 2))
                .model(3);
        RescalingGroup group = RescalingGroup.of(model.network());
        List<Tensor> inputs = List.of(Tensor.of(Shape.of(2, 3), 1, -2, 0.5, 3, 1, -1));
        Map<String, Tensor> theta = model.weights().asMap();
        Map<String, Tensor> g = new Backprop(model.network(), inputs).at(model.weights());
        Dynamics right = new Dynamics(0.1, 0, 0.01);
        Ledger ledger = Ledger.of(group, right);
        Map<String, Tensor> zeros = Backprop.zeros(g);
        Map<String, Tensor> next = Backprop.step(right, theta, Backprop.momentum(right, theta, zeros, g));
        assertThat(ledger.record(theta, g, next).report().holds()).isTrue();
        for (Dynamics wrong : List.of(new Dynamics(0.1001, 0, 0.01), Dynamics.sgd(0.1))) {
            Map<String, Tensor> other = Backprop.step(wrong, theta, Backprop.momentum(wrong, theta, zeros, g));
            assertThat(ledger.record(theta, g, other).report().holds()).isFalse();
        }
        Map<String, Tensor> off = new LinkedHashMap<>(g);
        off.put(
                "a.bias",
                Tensor.fill(Shape.of(5), DType.F64, i -> g.get("a.bias").get(i) * (1 + 1e-6)));
        Map<String, Tensor> astray = Backprop.step(right, theta, Backprop.momentum(right, theta, zeros, off));
        BalanceReport report = ledger.record(theta, off, astray).report();
        assertThat(report.holds()).isFalse();
        assertThat(report.summary()).contains("laws are violated; worst: generator");
        off.put("a.bias", Tensor.fill(Shape.of(5), DType.F64, i -> Double.NaN));
        assertThat(ledger.record(theta, off, next).report().holds()).isFalse();
    }

    @Test
    @DisplayName("In single precision the books balance to single rounding, with the optimizer's own momentum")
    void singlePrecision() {
        NetworkBuilder net = NetworkBuilder.named("f32", DType.F32, Initialisation.TORCH);
        Model model =
                net.build(net.input("x", 3).dense("a", 8).relu().dense("b", 2)).model(4);
        RescalingGroup group = RescalingGroup.of(model.network());
        Backprop backprop =
                new Backprop(model.network(), List.of(Tensor.of(Shape.of(2, 3), DType.F32, 1, -2, 0.5, 3, 1, -1)));
        Dynamics d = new Dynamics(0.05, 0.9, 1e-3);
        Weights theta = model.weights();
        Map<String, Tensor> m = Backprop.zeros(backprop.at(theta));
        Ledger ledger = Ledger.of(group, d);
        for (int i = 0; i < 5; i++) {
            Map<String, Tensor> g = backprop.at(theta);
            Ledger before = ledger.withMomentum(m);
            m = Backprop.momentum(d, theta.asMap(), m, g);
            Map<String, Tensor> next = Backprop.step(d, theta.asMap(), m);
            BalanceReport report = before.record(theta.asMap(), g, next).report();
            assertThat(report.holds()).as(report.summary()).isTrue();
            assertThat(report.worst().orElseThrow().relative()).isLessThan(1e-6);
            theta = Backprop.with(theta, next);
        }
    }

    @Test
    @DisplayName("Running statistics are moved and not trained: no law, but for the network in training mode")
    void buffers() {
        NetworkBuilder net = NetworkBuilder.named("running statistics");
        Network network = net.build(net.input("x", 2)
                        .dense("w", 2, false)
                        .batchNorm("bn")
                        .relu()
                        .dense("u", 1))
                .network();
        Charges running = Charges.of(RescalingGroup.of(network));
        Charges trained = Charges.of(RescalingGroup.of(TrainingMode.of(network)));
        assertThat(kinds(running))
                .containsExactlyInAnyOrder(LawKind.EXACT, LawKind.EXACT, LawKind.MOVES_BUFFERS, LawKind.MOVES_BUFFERS);
        assertThat(kinds(trained))
                .containsExactlyInAnyOrder(LawKind.EXACT, LawKind.EXACT, LawKind.SCALE_REMOVED, LawKind.SCALE_REMOVED);
    }

    private static List<LawKind> kinds(Charges charges) {
        return java.util.stream.IntStream.range(0, charges.count())
                .mapToObj(charges::kind)
                .toList();
    }

    @Test
    @DisplayName(
            "At a minimum the gradient is rounding; told the size of one sample's, the test does not take it for a mistake")
    void noise() {
        NetworkBuilder net = NetworkBuilder.named("u relu(wx)");
        Network network = net.build(
                        net.input("x", 1).dense("w", 1, false).relu().dense("u", 1, false))
                .network();
        GradientIdentity identity = GradientIdentity.of(RescalingGroup.of(network), DType.F64);
        Map<String, Tensor> theta =
                Map.of("w.weight", Tensor.of(Shape.of(1, 1), 1), "u.weight", Tensor.of(Shape.of(1, 1), 2));
        Map<String, Tensor> rounding =
                Map.of("w.weight", Tensor.of(Shape.of(1, 1), 1e-16), "u.weight", Tensor.of(Shape.of(1, 1), -1e-16));
        assertThat(identity.check(theta, rounding).holds()).isFalse();
        GradientIdentity informed = new GradientIdentity(identity.charges(), identity.tolerance(), 10);
        assertThat(informed.check(theta, rounding).holds()).isTrue();
        Map<String, Tensor> off =
                Map.of("w.weight", Tensor.of(Shape.of(1, 1), 4.000004), "u.weight", Tensor.of(Shape.of(1, 1), 2));
        assertThat(informed.check(theta, off).holds()).isFalse();
    }
}
