package org.quotient.proofs.catalogue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.basis.GSpace;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/** Weight allocation modulo a prime: the new weights have exactly the path values asked for, and it commutes with rescaling. */
final class WeightAllocationTheorem {
    private static final int QUICK = 80;

    /** η is 1 over this in the field, so that path values hardly ever become 0. */
    private static final long RATE = 7;

    private WeightAllocationTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "weight-allocation",
                new Claim<>(
                        "weight allocation reaches exactly the path values v − η ∂L/∂v, in both gauges, and from gθ"
                                + " exactly g times the weights reached from θ",
                        WeightAllocationTheorem::check),
                "v(\\mathrm{WA}(\\theta, \\xi)) = v(\\theta) + \\xi, \\qquad \\mathrm{WA}(g\\theta, \\xi) ="
                        + " g\\,\\mathrm{WA}(\\theta, \\xi)",
                "Meng et al., G-SGD, ICLR 2019; closed form on any DAG: derived",
                List.of(TwoTreeBasisTheorem.enumerable()),
                NetworkInstances.of(Networks.of(Family.MLP, Family.RESIDUAL, Family.CNN), QUICK),
                Verdict.PROVED,
                new Claim<>(
                        "a gradient step in the weights takes the gradient step in the path values",
                        WeightAllocationTheorem::plainStep));
    }

    /** A step of gradient descent in path values, modulo the prime. */
    private record Move(
            BasisPaths basis, Map<String, Tensor> weights, Map<String, Tensor> v, Map<String, Tensor> step) {
        Map<String, Tensor> target() {
            Map<String, Tensor> target = new LinkedHashMap<>();
            v.forEach((name, x) -> {
                double[] sum = new double[x.size()];
                for (int k = 0; k < sum.length; k++) {
                    sum[k] = (x.get(k) + ExactNumbers.get(step, name).get(k)) % ExactRank.FIELD.p();
                }
                target.put(name, Tensor.of(x.shape(), sum));
            });
            return target;
        }
    }

    private static Optional<Move> move(NetworkInstance i, long rate) {
        return BasisPaths.of(i).map(basis -> {
            Map<String, Tensor> weights = ExactNumbers.residues(i.weights().asMap());
            Map<String, Expr> w = ExactNumbers.constants(weights);
            Map<String, Expr> gradient = ExactNumbers.constants(ExactNumbers.gradient(i));
            Map<String, Tensor> d = ExactNumbers.evaluate(basis.space().gradient(w, gradient), Map.of());
            Map<String, Tensor> step = new LinkedHashMap<>();
            d.forEach((name, x) -> step.put(name, scaled(x, ExactRank.FIELD.p() - rate)));
            return new Move(basis, weights, ExactNumbers.evaluate(basis.space().pathValues(w), Map.of()), step);
        });
    }

    private static Tensor scaled(Tensor x, long by) {
        double[] out = new double[x.size()];
        for (int k = 0; k < out.length; k++) {
            out[k] = ExactNumbers.times((long) x.get(k), by);
        }
        return Tensor.of(x.shape(), out);
    }

    private static Map<String, Tensor> allocate(Move move, Map<String, Tensor> weights, GSpace.Gauge gauge) {
        return ExactNumbers.evaluate(
                move.basis()
                        .space()
                        .allocate(
                                ExactNumbers.constants(weights),
                                ExactNumbers.constants(move.step()),
                                gauge,
                                OptionalDouble.empty())
                        .weights(),
                Map.of());
    }

    private static Finding check(NetworkInstance i) {
        Optional<Move> found = move(i, ExactNumbers.inverse(RATE));
        if (found.isEmpty()) {
            return new Finding.NotApplicable("the rescalings are those of a graph");
        }
        Move move = found.get();
        long[] target = move.basis().read(move.target());
        if (Arrays.stream(target).anyMatch(x -> x == 0)) {
            return new Finding.NotApplicable("no path value becomes 0");
        }
        Map<String, Tensor> rescaled = ExactNumbers.residues(i.rescaled().asMap());
        for (GSpace.Gauge gauge : GSpace.Gauge.values()) {
            Map<String, Tensor> reached = allocate(move, move.weights(), gauge);
            long[] values = move.basis().read(values(move, reached));
            if (!Arrays.equals(values, target)) {
                return new Finding.Refuted("gauge " + gauge + " reaches the path values " + text(values)
                        + " instead of " + text(target) + " (mod " + ExactRank.FIELD.p() + ")");
            }
            if (!equal(allocate(move, rescaled, gauge), acted(i, reached))) {
                return new Finding.Refuted(
                        "gauge " + gauge + " from θ rescaled by " + i.scales() + " is not the rescaled result");
            }
        }
        return new Finding.Proved(target.length + " path values reached in both gauges, modulo " + ExactRank.FIELD.p());
    }

    private static Map<String, Tensor> values(Move move, Map<String, Tensor> weights) {
        return ExactNumbers.evaluate(move.basis().space().pathValues(ExactNumbers.constants(weights)), Map.of());
    }

    /** The instance's rescaling of residues. */
    private static Map<String, Tensor> acted(NetworkInstance i, Map<String, Tensor> weights) {
        int[] exponents = i.exponents();
        Map<String, Tensor> out = new LinkedHashMap<>();
        int element = 0;
        for (Expr p : i.network().parameters()) {
            Tensor w = ExactNumbers.get(weights, Network.nameOf(p));
            double[] data = new double[w.size()];
            for (int k = 0; k < data.length; k++) {
                long power = i.group().row(element++).entrySet().stream()
                        .mapToLong(b -> b.getValue() * exponents[b.getKey()])
                        .sum();
                data[k] = ExactNumbers.times(
                        (long) w.get(k), (long) ExactRank.FIELD.residue(Math.scalb(1.0, (int) power)));
            }
            out.put(Network.nameOf(p), Tensor.of(w.shape(), data));
        }
        return out;
    }

    private static boolean equal(Map<String, Tensor> a, Map<String, Tensor> b) {
        return b.entrySet().stream()
                .allMatch(e -> ExactNumbers.get(a, e.getKey()).sameBits(e.getValue()));
    }

    private static String text(long[] values) {
        return Arrays.stream(values).mapToObj(ExactNumbers::small).toList().toString();
    }

    private static Finding plainStep(NetworkInstance i) {
        Optional<Move> found = move(i, 1);
        if (found.isEmpty()) {
            return new Finding.NotApplicable("the rescalings are those of a graph");
        }
        Move move = found.get();
        Map<String, Tensor> gradient = ExactNumbers.gradient(i);
        Map<String, Tensor> next = new LinkedHashMap<>();
        gradient.forEach((name, g) -> {
            Tensor w = ExactNumbers.get(move.weights(), name);
            double[] data = new double[w.size()];
            for (int k = 0; k < data.length; k++) {
                data[k] = Math.floorMod((long) w.get(k) - (long) g.get(k), (long) ExactRank.FIELD.p());
            }
            next.put(name, Tensor.of(w.shape(), data));
        });
        if (gradient.values().stream().allMatch(g -> g.maxAbs() == 0)) {
            return new Finding.NotApplicable("the gradient is not 0");
        }
        long[] reached = move.basis().read(values(move, next));
        long[] target = move.basis().read(move.target());
        return Arrays.equals(reached, target)
                ? new Finding.Proved("both steps reach " + text(reached))
                : new Finding.Refuted("with η = 1 the step in the weights reaches " + text(reached)
                        + ", the step in the path values " + text(target) + " (mod " + ExactRank.FIELD.p() + ")");
    }
}
