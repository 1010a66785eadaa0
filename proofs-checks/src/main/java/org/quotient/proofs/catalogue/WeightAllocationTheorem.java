package org.quotient.proofs.catalogue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.basis.GSpace;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;

/** Weight allocation over the rationals: the new weights have exactly the path values asked for, and it commutes with rescaling. */
final class WeightAllocationTheorem {
    private static final int QUICK = 80;

    /** η, with which path values hardly ever become 0. */
    private static final BigFraction RATE = new BigFraction(1, 7);

    private WeightAllocationTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "weight-allocation",
                new Claim<>(
                        "if no path value becomes 0, weight allocation reaches exactly the path values v − η ∂L/∂v, in both"
                                + " gauges, and from gθ exactly g times the weights reached from θ",
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

    /** A step of gradient descent in path values. */
    private record Move(
            BasisPaths basis,
            Map<String, ExactValues> weights,
            Map<String, ExactValues> v,
            Map<String, ExactValues> step) {
        BigFraction[] target() {
            return basis.read(ExactNumbers.plus(v, BigFraction.ONE, step));
        }
    }

    private static Optional<Move> move(NetworkInstance i, BigFraction rate) {
        return BasisPaths.of(i).map(basis -> {
            Map<String, ExactValues> weights = ExactNumbers.weights(i);
            Map<String, ExactValues> point = new LinkedHashMap<>();
            Map<String, Expr> w = ExactNumbers.variables("w ", weights, point);
            Map<String, Expr> g = ExactNumbers.variables("g ", ExactNumbers.gradient(i), point);
            Map<String, ExactValues> v = ExactNumbers.evaluate(basis.space().pathValues(w), point);
            Map<String, ExactValues> d = ExactNumbers.evaluate(basis.space().gradient(w, g), point);
            Map<String, ExactValues> none = new LinkedHashMap<>();
            d.forEach((name, x) -> none.put(name, ExactValues.zeros(x.shape())));
            return new Move(basis, weights, v, ExactNumbers.plus(none, rate.negate(), d));
        });
    }

    private static Map<String, ExactValues> allocate(Move move, Map<String, ExactValues> weights, GSpace.Gauge gauge) {
        Map<String, ExactValues> point = new LinkedHashMap<>();
        Map<String, Expr> w = ExactNumbers.variables("w ", weights, point);
        Map<String, Expr> step = ExactNumbers.variables("s ", move.step(), point);
        return ExactNumbers.evaluate(
                move.basis()
                        .space()
                        .allocate(w, step, gauge, OptionalDouble.empty())
                        .weights(),
                point);
    }

    private static Finding check(NetworkInstance i) {
        Optional<Move> found = move(i, RATE);
        if (found.isEmpty()) {
            return new Finding.NotApplicable("the rescalings are those of a graph");
        }
        Move move = found.get();
        BigFraction[] target = move.target();
        if (Arrays.stream(target).anyMatch(ExactNumbers::isZero)) {
            return new Finding.NotApplicable("no path value becomes 0");
        }
        Map<String, ExactValues> rescaled = ExactNumbers.of(i.rescaled().asMap());
        for (GSpace.Gauge gauge : GSpace.Gauge.values()) {
            Map<String, ExactValues> reached = allocate(move, move.weights(), gauge);
            BigFraction[] values = move.basis().values(reached);
            if (!Arrays.equals(values, target)) {
                return new Finding.Refuted("gauge " + gauge + " reaches the path values " + ExactNumbers.text(values)
                        + " instead of " + ExactNumbers.text(target));
            }
            if (!equal(allocate(move, rescaled, gauge), acted(i, reached))) {
                return new Finding.Refuted(
                        "gauge " + gauge + " from θ rescaled by " + i.scales() + " is not the rescaled result");
            }
        }
        return new Finding.Proved(target.length + " path values reached in both gauges, exactly");
    }

    /** The instance's rescaling of exact weights. */
    private static Map<String, ExactValues> acted(NetworkInstance i, Map<String, ExactValues> weights) {
        int[] exponents = i.exponents();
        Map<String, ExactValues> out = new LinkedHashMap<>();
        int element = 0;
        for (Expr p : i.network().parameters()) {
            ExactValues w = ExactNumbers.get(weights, Network.nameOf(p));
            BigFraction[] moved = new BigFraction[w.numbers().length];
            for (int k = 0; k < moved.length; k++) {
                long power = i.group().row(element++).entrySet().stream()
                        .mapToLong(b -> b.getValue() * exponents[b.getKey()])
                        .sum();
                moved[k] = w.numbers()[k].multiply(BigFraction.TWO.pow(power));
            }
            out.put(Network.nameOf(p), ExactValues.constant(w.shape(), moved));
        }
        return out;
    }

    private static boolean equal(Map<String, ExactValues> a, Map<String, ExactValues> b) {
        return b.entrySet().stream()
                .allMatch(e -> Arrays.equals(
                        ExactNumbers.get(a, e.getKey()).numbers(), e.getValue().numbers()));
    }

    private static Finding plainStep(NetworkInstance i) {
        Optional<Move> found = move(i, RATE);
        if (found.isEmpty()) {
            return new Finding.NotApplicable("the rescalings are those of a graph");
        }
        Move move = found.get();
        Map<String, ExactValues> gradient = ExactNumbers.gradient(i);
        if (ExactNumbers.vanish(gradient)) {
            return new Finding.NotApplicable("the gradient is not 0");
        }
        BigFraction[] reached = move.basis().values(ExactNumbers.plus(move.weights(), RATE.negate(), gradient));
        BigFraction[] target = move.target();
        return Arrays.equals(reached, target)
                ? new Finding.Proved("both steps reach " + ExactNumbers.text(reached))
                : new Finding.Refuted("with η = " + ExactNumbers.text(RATE) + " the step in the weights reaches "
                        + ExactNumbers.text(reached) + ", the step in the path values " + ExactNumbers.text(target));
    }
}
