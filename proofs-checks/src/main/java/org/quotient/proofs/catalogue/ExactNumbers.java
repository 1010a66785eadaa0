package org.quotient.proofs.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Freeze;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.Loss;
import org.quotient.proofs.generators.NetworkInstance;

/** Expressions and forms over the integers modulo a prime, where nothing is rounded. */
final class ExactNumbers {
    private static final Numbers.PrimeField FIELD = ExactRank.FIELD;

    private ExactNumbers() {}

    /** The residues of dyadic numbers, by name. */
    static Map<String, Tensor> residues(Map<String, Tensor> values) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        values.forEach((name, x) -> {
            double[] data = new double[x.size()];
            for (int i = 0; i < data.length; i++) {
                data[i] = FIELD.residue(x.get(i));
            }
            out.put(name, Tensor.of(x.shape(), data));
        });
        return out;
    }

    /** The values of expressions at residues. */
    static Map<String, Tensor> evaluate(Map<String, Expr> expressions, Map<String, Tensor> residues) {
        List<Tensor> values = Evaluator.evaluate(List.copyOf(expressions.values()), residues, FIELD);
        Map<String, Tensor> out = new LinkedHashMap<>();
        int next = 0;
        for (String name : expressions.keySet()) {
            out.put(name, values.get(next++));
        }
        return out;
    }

    /** Constants of given values, by name. */
    static Map<String, Expr> constants(Map<String, Tensor> values) {
        Map<String, Expr> out = new LinkedHashMap<>();
        values.forEach((name, x) -> out.put(name, Expr.constant(x)));
        return out;
    }

    /** What an instance's loss ½‖f − y‖² needs, by name: weights, inputs and target. */
    static Map<String, Tensor> point(NetworkInstance i, Problem problem) {
        Map<String, Tensor> point = new LinkedHashMap<>(
                i.weights().with(i.network().inputs(), i.data().inputs()));
        point.put(Network.nameOf(problem.target()), i.data().target());
        return point;
    }

    /** ∂L/∂θ of ½‖f − y‖² on the instance's data, modulo the prime, with activations as they are at the instance. */
    static Map<String, Tensor> gradient(NetworkInstance i) {
        Problem problem = Problem.of(i.group(), Loss.halfSquaredError());
        Map<String, Expr> differential = problem.differential().values();
        Map<String, Tensor> point = point(i, problem);
        List<Expr> frozen = Freeze.at(List.copyOf(differential.values()), point);
        Map<String, Expr> named = new LinkedHashMap<>();
        int next = 0;
        for (String name : differential.keySet()) {
            named.put(name, frozen.get(next++));
        }
        return evaluate(named, residues(point));
    }

    /** ⟨a, b⟩_k = Σ_e B_ek a_e b_e over the field, per generator. */
    static long[] form(RescalingGroup group, Map<String, Tensor> a, Map<String, Tensor> b) {
        long p = FIELD.p();
        long[] out = new long[group.rank()];
        int element = 0;
        for (Expr parameter : group.network().parameters()) {
            Tensor x = get(a, Network.nameOf(parameter));
            Tensor y = get(b, Network.nameOf(parameter));
            for (int i = 0; i < x.size(); i++, element++) {
                long product = (long) x.get(i) * (long) y.get(i) % p;
                group.row(element).forEach((k, c) -> out[k] = Math.floorMod(out[k] + c * product, p));
            }
        }
        return out;
    }

    /** An entry that is there. */
    static <T> T get(Map<String, T> values, String name) {
        T value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Expected '" + name + "' among " + values.keySet());
        }
        return value;
    }

    /** a·b modulo the prime. */
    static long times(long a, long b) {
        return Math.floorMod(a, (long) FIELD.p()) * Math.floorMod(b, (long) FIELD.p()) % FIELD.p();
    }

    /** 1/a modulo the prime. */
    static long inverse(long a) {
        return FIELD.inverse(Math.floorMod(a, (long) FIELD.p()));
    }

    /** The residue of −3, ..., as a small whole number again, for reports. */
    static String small(long residue) {
        long r = Math.floorMod(residue, (long) FIELD.p());
        return String.valueOf(r > FIELD.p() / 2 ? r - FIELD.p() : r);
    }
}
