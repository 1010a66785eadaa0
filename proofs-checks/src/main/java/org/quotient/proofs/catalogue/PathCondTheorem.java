package org.quotient.proofs.catalogue;

import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.criteria.Minimiser;
import org.quotient.geometry.criteria.Minimum;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.PathLifting;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/** The path-conditioning criterion on an orbit: convex, with one minimiser that depends on the orbit only. */
final class PathCondTheorem {
    private static final double ROUNDING = 1e-6;
    private static final int QUICK = 60;
    private static final int LINES = 4;

    private PathCondTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "pathcond-canonical",
                new Claim<>(
                        "the PathCond criterion is convex in the log-scales, and its minimiser is unique on the orbit, so"
                                + " that rescaling to it is idempotent",
                        i -> check(i, Minimiser.exact())),
                "F(z) = p \\log \\sum_i g_i e^{-2(Bz)_i} + 2 \\cdot 1^T B z \\text{ is convex with one minimiser}",
                "Lebeurrier, Vayer and Gribonval 2026; proof derived",
                List.of(
                        new Hypothesis<>(
                                "the group has a generator", i -> i.group().rank() > 0),
                        new Hypothesis<>(
                                "no scale is frozen",
                                i -> criterion(i, i.weights()).frozen().isEmpty())),
                NetworkInstances.of(Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN, Family.POOLING), QUICK),
                Verdict.SUPPORTED,
                new Claim<>(
                        "one sweep over the units is idempotent and forgets the representative",
                        i -> check(i, Minimiser.sweeps(1, 0))));
    }

    private static OrbitCriterion criterion(NetworkInstance i, Weights weights) {
        return OrbitCriterion.pathCond(
                i.group(), PathLifting.of(i.model().at(weights), i.group().liveness()));
    }

    private static Finding check(NetworkInstance i, Minimiser minimiser) {
        OrbitCriterion criterion = criterion(i, i.weights());
        CounterRandom random = CounterRandom.seeded(0).split("lines");
        int k = i.group().rank();
        for (int line = 0; line < LINES; line++) {
            double[] a = new double[k];
            double[] b = new double[k];
            double[] middle = new double[k];
            for (int h = 0; h < k; h++) {
                a[h] = random.normal(2L * (line * k + h));
                b[h] = random.normal(2L * (line * k + h) + 1);
                middle[h] = (a[h] + b[h]) / 2;
            }
            double chord = (criterion.objective(a) + criterion.objective(b)) / 2;
            if (criterion.objective(middle) > chord + 1e-9 * (1 + Math.abs(chord))) {
                return new Finding.Refuted("the criterion lies above its chord between " + java.util.Arrays.toString(a)
                        + " and " + java.util.Arrays.toString(b));
            }
        }
        Minimum minimum = minimiser.minimise(criterion);
        Weights found = minimum.rescaling().weights(i.weights());
        Weights twice = minimiser.minimise(criterion(i, found)).rescaling().weights(found);
        double again = EquiNormTheorems.apart(i, found, twice);
        if (!(again <= ROUNDING)) {
            return new Finding.Refuted("applied twice it moves weights by " + (float) again + " of the largest");
        }
        Weights other =
                minimiser.minimise(criterion(i, i.rescaled())).rescaling().weights(i.rescaled());
        double apart = EquiNormTheorems.apart(i, found, other);
        boolean certified = minimum.sweeps() > 0 || minimum.gap() <= ROUNDING;
        return apart <= ROUNDING && certified
                ? new Finding.Supported("idempotent and the same from gθ to "
                        + String.format(java.util.Locale.ROOT, "%.0e", Math.max(again, apart)))
                : new Finding.Refuted("from θ and from θ rescaled by " + i.scales() + " it leads to weights "
                        + (float) apart + " of the largest apart, gap " + minimum.gap());
    }
}
