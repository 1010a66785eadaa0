package org.quotient.proofs.catalogue;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.OrbitEquivalence;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.Minimum;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.paths.PathGraph;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.conservation.Charges;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Hypothesis;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/**
 * The representative with the least sum of squares: when there is one, and what a cycle towards it does. Where residual connections
 * tie units of several layers, existence needs only a closed walk from class to class, which need not be a path of the network.
 */
final class EquiNormTheorems {
    private static final double ROUNDING = 1e-6;
    private static final int QUICK = 120;

    private EquiNormTheorems() {}

    /** Existence. */
    static Theorem<NetworkInstance> existence() {
        return new Theorem<>(
                "enorm-minimiser-exists",
                new Claim<>(
                        "without residual ties, exactly one choice of the scales has the least sum of squares if and only if"
                                + " every unit lies on a path of nonzero weights, and it leads to a balanced point that depends"
                                + " on the orbit only",
                        i -> check(i, onPaths(i))),
                "\\min_z \\|\\theta \\circ e^{Bz}\\|_2^2 \\text{ is attained at exactly one } z \\iff \\text{every unit is live at }"
                        + " \\theta",
                "Stock, Graham, Gribonval and Jégou 2019 with nonzero weights; the criterion is derived",
                List.of(
                        new Hypothesis<>(
                                "the group has a generator", i -> i.group().rank() > 0),
                        TwoTreeBasisTheorem.enumerable()),
                NetworkInstances.of(
                        Networks.of(Family.MLP, Family.POOLING, Family.CNN).withZeros(), QUICK),
                Verdict.SUPPORTED,
                new Claim<>(
                        "the same if and only if some nonzero weight enters, and some leaves, every unit",
                        i -> check(i, connected(i))));
    }

    /** Generators with an element on a path whose weights are all nonzero. */
    private static BitSet onPaths(NetworkInstance i) {
        PathGraph nonzero = i.graph().orElseThrow().without(RescalingGroup.zeros(i.model()));
        BitSet live = new BitSet();
        nonzero.live().stream().forEach(e -> i.group().row(e).keySet().forEach(live::set));
        return live;
    }

    /** Generators that some nonzero weight enters and some leaves. */
    private static BitSet connected(NetworkInstance i) {
        BitSet in = new BitSet();
        BitSet out = new BitSet();
        int element = 0;
        for (Expr p : i.network().parameters()) {
            for (double w : i.weights().get(p).data()) {
                for (Map.Entry<Integer, Long> b : i.group().row(element++).entrySet()) {
                    if (w != 0) {
                        (b.getValue() > 0 ? in : out).set(b.getKey());
                    }
                }
            }
        }
        in.and(out);
        return in;
    }

    private static Finding check(NetworkInstance i, BitSet live) {
        OrbitCriterion criterion = OrbitCriterion.balanced(i.group(), i.model());
        TreeSet<Integer> frozen = criterion.frozen().stream()
                .map(OrbitCriterion.Frozen::generator)
                .collect(Collectors.toCollection(TreeSet::new));
        BitSet rest = new BitSet();
        rest.set(0, i.group().rank());
        rest.andNot(live);
        TreeSet<Integer> expected = rest.stream().boxed().collect(Collectors.toCollection(TreeSet::new));
        if (!frozen.equals(expected)) {
            return new Finding.Refuted("units " + frozen + " have no scale of least squares, expected of " + expected);
        }
        if (!frozen.isEmpty()) {
            return withoutBest(i, rest);
        }
        Minimum minimum = criterion.minimise();
        Weights found = minimum.rescaling().weights(i.weights());
        double charge = imbalance(i, found, all(i.group().rank()));
        if (!(charge <= ROUNDING && minimum.gap() <= ROUNDING)) {
            return new Finding.Refuted(
                    "at the minimum a unit is out of balance by " + charge + ", gap " + minimum.gap());
        }
        Weights again = OrbitCriterion.balanced(i.group(), i.model().at(i.rescaled()))
                .minimise()
                .rescaling()
                .weights(i.rescaled());
        double apart = apart(i, found, again);
        if (!(apart <= ROUNDING)
                || !OrbitEquivalence.of(i.group(), i.weights(), found, ROUNDING).equivalent()) {
            return new Finding.Refuted("from θ and from gθ the minimisers differ by " + apart);
        }
        return new Finding.Supported(
                "one minimiser, in balance to " + String.format(java.util.Locale.ROOT, "%.0e", charge));
    }

    /** A direction that moves exactly the given units, and along which no nonzero weight grows. */
    private static Finding withoutBest(NetworkInstance i, BitSet rest) {
        Recession recession = Recession.of(i);
        int[] z = recession.direction();
        BitSet moved = new BitSet();
        java.util.stream.IntStream.range(0, z.length).filter(k -> z[k] != 0).forEach(moved::set);
        return moved.equals(rest) && recession.growsNothing(z)
                ? new Finding.Supported("units " + rest + " are not live: no nonzero weight grows along z = "
                        + java.util.Arrays.toString(z))
                : new Finding.Refuted("units " + rest + " should have no best scale, but z = "
                        + java.util.Arrays.toString(z) + " is no direction in which only they move and nothing grows");
    }

    private static int[] all(int generators) {
        return java.util.stream.IntStream.range(0, generators).toArray();
    }

    /** The largest |‖in‖² − ‖out‖²| of some generators, relative to ‖in‖² + ‖out‖². */
    static double imbalance(NetworkInstance i, Weights weights, int[] generators) {
        Charges charges = Charges.of(i.group());
        double[] c = charges.at(weights.asMap());
        double[] size = charges.magnitude(weights.asMap(), weights.asMap());
        double most = 0;
        for (int k : generators) {
            most = Math.max(most, size[k] == 0 ? 0 : Math.abs(c[k]) / size[k]);
        }
        return most;
    }

    /** The largest difference of two weight vectors, relative to the largest weight. */
    static double apart(NetworkInstance i, Weights a, Weights b) {
        double most = 0;
        double size = 0;
        for (Expr p : i.network().parameters()) {
            for (int k = 0; k < a.get(p).size(); k++) {
                most = Math.max(most, Math.abs(a.get(p).get(k) - b.get(p).get(k)));
                size = Math.max(size, Math.abs(a.get(p).get(k)));
            }
        }
        return most / size;
    }

    /** One cycle with fresh norms. */
    static Theorem<NetworkInstance> cycle() {
        return new Theorem<>(
                "enorm-cycle",
                new Claim<>(
                        "a cycle of equi-normalisation keeps the function, does not increase the sum of squares, and"
                                + " leaves the units visited last in balance",
                        i -> cycle(i, lastHidden(i))),
                "d_v = \\sqrt{\\|\\theta_{\\mathrm{out}(v)}\\| / \\|\\theta_{\\mathrm{in}(v)}\\|} \\text{ with fresh norms}",
                "Stock, Graham, Gribonval and Jégou 2019, with the last layer and biases",
                List.of(new Hypothesis<>(
                        "the group has a generator", i -> i.group().rank() > 0)),
                NetworkInstances.of(Networks.of(Family.MLP), QUICK / 2),
                Verdict.SUPPORTED,
                new Claim<>(
                        "a cycle of equi-normalisation leaves all units in balance",
                        i -> cycle(i, all(i.group().rank()))));
    }

    private static int[] lastHidden(NetworkInstance i) {
        BitSet last = new BitSet();
        for (int[] z : Subgroup.LAST_HIDDEN.directions(i.group())) {
            for (int k = 0; k < z.length; k++) {
                last.set(k, last.get(k) || z[k] != 0);
            }
        }
        return last.stream().toArray();
    }

    private static Finding cycle(NetworkInstance i, int[] balanced) {
        Training training =
                Training.of(Problem.of(i.group(), Loss.halfSquaredError()), Optimizers.of("enorm-sgd:start=none"));
        Weights reached = training.step(training.startWith(i.weights()), i.batch(), 0)
                .next()
                .model()
                .weights();
        double before = squares(i, i.weights());
        double after = squares(i, reached);
        double out = imbalance(i, reached, balanced);
        if (!OrbitEquivalence.of(i.group(), i.weights(), reached, ROUNDING).equivalent()) {
            return new Finding.Refuted("the cycle leaves the orbit");
        }
        if (!(after <= before * (1 + ROUNDING))) {
            return new Finding.Refuted("the sum of squares grows from " + before + " to " + after);
        }
        return out <= ROUNDING
                ? new Finding.Supported("the sum of squares falls from " + (float) before + " to " + (float) after)
                : new Finding.Refuted("after a cycle a unit is out of balance by " + (float) out + " of its energy");
    }

    private static double squares(NetworkInstance i, Weights weights) {
        double sum = 0;
        for (Expr p : i.network().parameters()) {
            for (double w : weights.get(p).data()) {
                sum += w * w;
            }
        }
        return sum;
    }
}
