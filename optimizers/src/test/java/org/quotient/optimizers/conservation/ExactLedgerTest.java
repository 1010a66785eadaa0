package org.quotient.optimizers.conservation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Freeze;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.Feature;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.RescalingGroup;

/** The identities without rounding: frozen networks over the integers modulo a prime. */
class ExactLedgerTest {
    private static final Numbers.PrimeField FIELD = Numbers.PrimeField.largest();

    private static Map<String, Tensor> residues(Map<String, Tensor> values) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        values.forEach((name, x) -> out.put(name, Tensor.fill(x.shape(), x.dtype(), i -> FIELD.residue(x.get(i)))));
        return out;
    }

    /** The gradient over the field, on the linear piece of the point that the masks are taken at. */
    private static Map<String, Tensor> gradient(Network network, Map<String, Tensor> at, Map<String, Tensor> theta) {
        List<Expr> frozen = Freeze.at(new Backprop(network, List.of()).gradients(), at);
        List<Tensor> values = Evaluator.evaluate(frozen, theta, FIELD);
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            out.put(Network.nameOf(network.parameters().get(i)), values.get(i));
        }
        return out;
    }

    /** ⟨a, b⟩_k over the field. */
    private static long[] form(RescalingGroup group, Map<String, Tensor> a, Map<String, Tensor> b) {
        long p = FIELD.p();
        long[] out = new long[group.rank()];
        int element = 0;
        for (Expr parameter : group.network().parameters()) {
            Tensor x = java.util.Objects.requireNonNull(a.get(Network.nameOf(parameter)));
            Tensor y = java.util.Objects.requireNonNull(b.get(Network.nameOf(parameter)));
            for (int i = 0; i < x.size(); i++, element++) {
                long product = (long) x.get(i) * (long) y.get(i) % p;
                group.row(element).forEach((k, c) -> out[k] = Math.floorMod(out[k] + c * product, p));
            }
        }
        return out;
    }

    /** x − r·y over the field. */
    private static Map<String, Tensor> minus(Map<String, Tensor> x, long r, Map<String, Tensor> y) {
        return Backprop.combine(x, y, (a, b) -> Math.floorMod((long) a - r * (long) b % FIELD.p(), (long) FIELD.p()));
    }

    private static long fraction(long numerator, long denominator) {
        return Math.floorMod(numerator, (long) FIELD.p()) * FIELD.inverse(denominator) % FIELD.p();
    }

    @Property(seed = "84", tries = 200, edgeCases = EdgeCasesMode.NONE)
    @Label("⟨θ, g⟩ = 0 exactly, and c⁺ = (1 − ηλ)²c + η²⟨g, g⟩ exactly, for the integers of B")
    void exact(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        RandomNetwork draw = RandomNetworks.draw(seed);
        Assume.that(
                !draw.has(Feature.NORMALISATION) && !draw.has(Feature.ATTENTION) && !draw.has(Feature.NON_HOMOGENEOUS));
        RescalingGroup group = RescalingGroup.of(draw.network());
        Map<String, Tensor> at = draw.model().weights().with(draw.network().inputs(), draw.inputs(2, seed));
        Map<String, Tensor> theta = residues(at);
        Map<String, Tensor> g = gradient(draw.network(), at, theta);
        long[] cross = form(group, theta, g);
        assertThat(cross).as(draw::toString).containsOnly(new long[cross.length]);
        long eta = 12345;
        long lambda = 678;
        theta.keySet().retainAll(g.keySet());
        Map<String, Tensor> decayed = minus(g, FIELD.p() - lambda, theta);
        Map<String, Tensor> next = minus(theta, eta, decayed);
        long[] c = form(group, theta, theta);
        long[] gg = form(group, g, g);
        long[] after = form(group, next, next);
        long shrink = Math.floorMod(1 - eta * lambda, (long) FIELD.p());
        for (int k = 0; k < c.length; k++) {
            long expected = (shrink * shrink % FIELD.p() * c[k] + eta * eta % FIELD.p() * gg[k]) % FIELD.p();
            assertThat(after[k]).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("C6 exactly: (1, 2 | −3) → (3/5, 9/5 | −72/25) → (507/1250, 2169/1250 | −1111878/390625)")
    void worked() {
        NetworkBuilder net = NetworkBuilder.named("u relu(wx)");
        Network network = net.build(
                        net.input("x", 1).dense("w", 1, false).relu().dense("u", 1, false))
                .network();
        RescalingGroup group = RescalingGroup.of(network);
        Map<String, Tensor> at = Weights.of(
                        Map.of("w.weight", Tensor.of(Shape.of(1, 1), 1), "u.weight", Tensor.of(Shape.of(1, 1), 2)))
                .with(network.inputs(), List.of(Tensor.of(Shape.of(1, 1), 1)));
        // Both weights stay positive, so that the masks are those of the start.
        long[][][] fractions = {
            {{1, 1}, {2, 1}, {-3, 1}},
            {{3, 5}, {9, 5}, {-72, 25}},
            {{507, 1250}, {2169, 1250}, {-1111878, 390625}}
        };
        Map<String, Tensor> theta = residues(at);
        long eta = fraction(1, 10);
        for (long[][] expected : fractions) {
            assertThat(theta.get("w.weight").item()).isEqualTo(fraction(expected[0][0], expected[0][1]));
            assertThat(theta.get("u.weight").item()).isEqualTo(fraction(expected[1][0], expected[1][1]));
            assertThat(form(group, theta, theta)).containsExactly(fraction(expected[2][0], expected[2][1]));
            Map<String, Tensor> next = new LinkedHashMap<>(theta);
            next.putAll(minus(theta, eta, gradient(network, at, theta)));
            theta = next;
        }
    }
}
