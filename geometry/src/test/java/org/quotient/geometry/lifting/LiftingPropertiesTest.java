package org.quotient.geometry.lifting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.RescalingGroup;

/** On random networks, with everything that networks can hold: what the group says of the lifting. */
class LiftingPropertiesTest {

    private static Model draw(int seed) {
        Model model = RandomNetworks.draw(seed).model();
        try {
            PathLifting.of(model).logNorm(2);
        } catch (IllegalArgumentException e) {
            // Division by activations: no lifting, and it says so.
            Assume.that(!e.getMessage().contains("no path lifting"));
        }
        return model;
    }

    @Property(seed = "81", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("Along the orbit norms stay and G_ii is multiplied by exp(−2(Bz)_i)")
    void orbit(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Model model = draw(seed);
        RescalingGroup group = RescalingGroup.of(model.network());
        PathLifting before = PathLifting.of(model, group.liveness());
        CounterRandom random = CounterRandom.seeded(seed).split("z");
        double[] z = new double[group.rank()];
        for (int k = 0; k < z.length; k++) {
            z[k] = random.normal(k);
        }
        PathLifting after = PathLifting.of(model.at(group.act(model.weights(), z)), group.liveness());
        // What a normalisation reads has a free scale: there paths do change along the orbit.
        Assume.that(
                Graph.topological(model.network().outputs()).stream().noneMatch(e -> e.op() instanceof Op.Normalise));
        assertThat(after.logNorm(1)).isCloseTo(before.logNorm(1), within(1e-9));
        assertThat(after.logNorm(2)).isCloseTo(before.logNorm(2), within(1e-9));
        Map<String, Tensor> g = before.logDiagonal();
        Map<String, double[]> scales = group.logScales(z);
        after.logDiagonal().forEach((name, logs) -> {
            Tensor old = Objects.requireNonNull(g.get(name));
            for (int i = 0; i < logs.size(); i++) {
                double expected = old.get(i) - 2 * scales.get(name)[i];
                if (Double.isInfinite(expected)) {
                    assertThat(logs.get(i)).isEqualTo(expected);
                } else {
                    assertThat(logs.get(i)).as("%s %d", name, i).isCloseTo(expected, within(1e-8));
                }
            }
        });
    }

    @Property(seed = "82", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("The diagonal of G is that of its columns, and ⟨Φ, Φ⟩ is the squared norm")
    void columns(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Model model = draw(seed);
        PathLifting lifting = PathLifting.of(model);
        double norm = lifting.norm(2);
        assertThat(lifting.inner(model.weights())).isCloseTo(norm * norm, within(1e-10 * norm * norm + 1e-300));
        Map<String, Tensor> g = lifting.diagonal();
        CounterRandom random = CounterRandom.seeded(seed).split("element");
        List<Expr> parameters = new ArrayList<>(model.network().parameters());
        for (int trial = 0; trial < 3 && !parameters.isEmpty(); trial++) {
            Expr p = parameters.get(random.below(2 * trial, parameters.size()));
            int one = random.below(2 * trial + 1, p.shape().elements());
            Map<String, Tensor> v = new LinkedHashMap<>();
            parameters.forEach(q ->
                    v.put(Network.nameOf(q), Tensor.fill(q.shape(), DType.F64, i -> q == p && i == one ? 1 : 0)));
            double expected = lifting.times(v).get(Network.nameOf(p)).get(one);
            assertThat(g.get(Network.nameOf(p)).get(one))
                    .isCloseTo(expected, within(1e-10 * Math.abs(expected) + 1e-300));
        }
    }
}
