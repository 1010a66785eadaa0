package org.quotient.geometry.criteria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.lifting.PathLifting;

/** Orbit criteria on random networks with everything that networks can hold. */
class CriterionPropertiesTest {

    /** A network with its group; those without a path lifting are left out. */
    private record Draw(Model model, RescalingGroup group) {
        static Draw of(int seed) {
            Model model = RandomNetworks.draw(seed).model();
            try {
                PathLifting.of(model).logNorm(2);
            } catch (IllegalArgumentException e) {
                Assume.that(!e.getMessage().contains("no path lifting"));
            }
            return new Draw(model, RescalingGroup.of(model.network()));
        }

        OrbitCriterion pathCond() {
            return pathCond(model.weights());
        }

        OrbitCriterion pathCond(Weights weights) {
            return OrbitCriterion.pathCond(group, PathLifting.of(model.at(weights), group.liveness()));
        }

        OrbitCriterion balanced(Weights weights) {
            return OrbitCriterion.balanced(group, model.at(weights));
        }

        /** Whole log-scales along the coordinates that the criterion may move, and 0 elsewhere. */
        double[] binary(OrbitCriterion criterion, int seed) {
            CounterRandom random = CounterRandom.seeded(seed).split("binary");
            double[] z = new double[criterion.coordinates().count()];
            BitSet moving = criterion.moving();
            for (int h = 0; h < z.length; h++) {
                z[h] = moving.get(h) ? random.below(h, 9) - 4 : 0;
            }
            return criterion.coordinates().lift(z);
        }

        Weights byPowersOfTwo(double[] z) {
            return group.actByPowersOfTwo(
                    model.weights(), Arrays.stream(z).mapToInt(v -> (int) v).toArray());
        }
    }

    private static double[] scaled(double[] z, double by) {
        return Arrays.stream(z).map(v -> v * by).toArray();
    }

    private static double[] sum(double[] a, double[] b) {
        double[] out = a.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] += b[i];
        }
        return out;
    }

    @Property(seed = "91", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("The divergence at z is that of the lifting at the rescaled parameters: p·KL(uniform ‖ diag G)")
    void divergence(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = Draw.of(seed);
        OrbitCriterion criterion = draw.pathCond();
        double[] z = scaled(draw.binary(criterion, seed), 0.37);
        Weights there = Rescaling.of(draw.group(), z).weights(draw.model().weights());
        Map<String, Tensor> g =
                PathLifting.of(draw.model().at(there), draw.group().liveness()).diagonal();
        double[] positive = g.values().stream()
                .flatMapToDouble(t -> Arrays.stream(t.data()))
                .filter(v -> v > 0)
                .toArray();
        double total = Arrays.stream(positive).sum();
        double divergence = Arrays.stream(positive)
                .map(v -> Math.log(total / positive.length / v))
                .sum();
        assertThat(criterion.value(z)).isCloseTo(divergence, within(1e-9 * (1 + Math.abs(divergence))));
        assertThat(criterion.trace(z)).isCloseTo(total, within(1e-9 * total));
    }

    @Property(seed = "92", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("The exact minimum is certified, and no worse than 10,000 sweeps")
    void sweeps(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = Draw.of(seed);
        for (OrbitCriterion criterion : new OrbitCriterion[] {
            draw.pathCond(), draw.balanced(draw.model().weights())
        }) {
            Minimum exact = Minimiser.exact().cap(1e4).minimise(criterion);
            assertThat(exact.gap()).as(criterion.name()).isLessThan(1e-9);
            assertThat(exact.iterations()).isLessThanOrEqualTo(30);
            Minimum swept = Minimiser.sweeps(10_000, 1e-13).cap(1e4).minimise(criterion);
            assertThat(exact.after())
                    .as(criterion.name())
                    .isLessThanOrEqualTo(swept.after() + 1e-10 * (1 + Math.abs(swept.after())));
            assertThat(swept.after()).isLessThanOrEqualTo(swept.before() * (1 + 1e-12) + 1e-9);
        }
    }

    @Property(seed = "93", tries = 150, edgeCases = EdgeCasesMode.NONE)
    @Label("The minimiser knows the class only: the same point from 2^k·θ, to 1e-9 relative, and 0 from itself")
    void canonical(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = Draw.of(seed);
        for (boolean conditioning : new boolean[] {true, false}) {
            OrbitCriterion criterion =
                    conditioning ? draw.pathCond() : draw.balanced(draw.model().weights());
            double[] z = draw.binary(criterion, seed);
            Weights moved = draw.byPowersOfTwo(z);
            OrbitCriterion other = conditioning ? draw.pathCond(moved) : draw.balanced(moved);
            double[] log2 = scaled(z, Math.log(2));
            double shift = criterion.value(log2);
            assertThat(other.value(new double[z.length])).isCloseTo(shift, within(1e-9 * (1 + Math.abs(shift))));
            Minimum here = Minimiser.exact().cap(1e4).minimise(criterion);
            Minimum there = Minimiser.exact().cap(1e4).minimise(other);
            assertThat(sum(there.z(), log2)).containsExactly(here.z(), within(1e-9));
            Weights best = here.rescaling().weights(draw.model().weights());
            OrbitCriterion again = conditioning ? draw.pathCond(best) : draw.balanced(best);
            assertThat(again.minimise().z()).containsExactly(new double[z.length], within(1e-6));
        }
    }

    @Property(seed = "94", tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Label("Criteria are convex along segments, and their gradient is the slope")
    void convex(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = Draw.of(seed);
        OrbitCriterion criterion = draw.pathCond().regularised(0.3);
        double[] a = scaled(draw.binary(draw.pathCond(), seed), 0.5);
        double[] b = scaled(draw.binary(draw.pathCond(), seed + 1), 0.5);
        double left = criterion.objective(a);
        double right = criterion.objective(b);
        double size = 1 + Math.abs(left) + Math.abs(right);
        assertThat(criterion.objective(scaled(sum(a, b), 0.5))).isLessThanOrEqualTo((left + right) / 2 + 1e-12 * size);
        double[] gradient = criterion.gradient(a);
        int[] free = criterion.free();
        double slope = 0;
        for (int h = 0; h < free.length; h++) {
            slope += gradient[h] * (b[free[h]] - a[free[h]]);
        }
        assertThat(right).isGreaterThanOrEqualTo(left + slope - 1e-10 * size);
        double step = 1e-5;
        double ahead = criterion.objective(sum(a, scaled(sum(b, scaled(a, -1)), step)));
        double behind = criterion.objective(sum(a, scaled(sum(b, scaled(a, -1)), -step)));
        assertThat((ahead - behind) / (2 * step))
                .isCloseTo(slope, within(1e-5 * (size + Math.abs(slope)) + 1e-9 * size / step));
    }

    @Property(seed = "95", tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Label("Regularised and capped: the minimiser is inside, its conditions hold, and it is no worse than boxed sweeps")
    void variants(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Draw draw = Draw.of(seed);
        OrbitCriterion criterion = draw.pathCond();
        Minimum capped = Minimiser.exact().cap(0.1).minimise(criterion);
        Minimum swept = Minimiser.sweeps(20_000, 1e-13).cap(0.1).minimise(criterion);
        assertThat(Arrays.stream(capped.criterion().coordinates().restrict(capped.z()))
                        .map(Math::abs)
                        .max()
                        .orElse(0))
                .isLessThanOrEqualTo(0.1);
        assertThat(capped.after()).isLessThanOrEqualTo(swept.after() + 1e-7 * (1 + swept.after()));
        OrbitCriterion regular = criterion.regularised(1);
        Minimum ridge = regular.minimise();
        assertThat(ridge.residual()).isLessThan(1e-9);
        assertThat(ridge.gap()).isLessThan(1e-9);
        Assume.that(criterion.frozen().isEmpty());
        assertThat(Arrays.stream(Objects.requireNonNull(ridge.z()))
                        .map(v -> v * v)
                        .sum())
                .isLessThanOrEqualTo(Arrays.stream(Minimiser.exact()
                                        .cap(1e4)
                                        .minimise(criterion)
                                        .z())
                                .map(v -> v * v)
                                .sum()
                        + 1e-9);
    }
}
