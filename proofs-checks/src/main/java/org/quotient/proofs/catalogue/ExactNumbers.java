package org.quotient.proofs.catalogue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Freeze;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.Loss;
import org.quotient.proofs.generators.NetworkInstance;

/** Weights, gradients and forms over the rationals, where nothing is rounded. Maps are by the names of parameters. */
final class ExactNumbers {
    private ExactNumbers() {}

    /** The fractions that doubles are. */
    static Map<String, ExactValues> of(Map<String, Tensor> values) {
        Map<String, ExactValues> out = new LinkedHashMap<>();
        values.forEach((name, x) -> out.put(name, ExactValues.constant(x.shape(), x)));
        return out;
    }

    /** The fractions that an instance's weights are. */
    static Map<String, ExactValues> weights(NetworkInstance i) {
        return of(i.weights().asMap());
    }

    /** The values of expressions. */
    static Map<String, ExactValues> evaluate(Map<String, Expr> expressions, Map<String, ExactValues> point) {
        List<ExactValues> values = Rationals.evaluate(List.copyOf(expressions.values()), point);
        Map<String, ExactValues> out = new LinkedHashMap<>();
        int next = 0;
        for (String name : expressions.keySet()) {
            out.put(name, values.get(next++));
        }
        return out;
    }

    /**
     * Variables that stand for values.
     *
     * @param prefix of the variables' names
     * @param values by name
     * @param point where the values of the variables are put
     */
    static Map<String, Expr> variables(String prefix, Map<String, ExactValues> values, Map<String, ExactValues> point) {
        Map<String, Expr> out = new LinkedHashMap<>();
        values.forEach((name, x) -> {
            point.put(prefix + name, x);
            out.put(name, Expr.buffer(prefix + name, DType.F64, x.shape()));
        });
        return out;
    }

    /** What an instance's loss ½‖f − y‖² needs, by name: weights, inputs and target. */
    static Map<String, Tensor> point(NetworkInstance i, Problem problem) {
        Map<String, Tensor> point = new LinkedHashMap<>(
                i.weights().with(i.network().inputs(), i.data().inputs()));
        point.put(Network.nameOf(problem.target()), i.data().target());
        return point;
    }

    /** ∂L/∂θ of ½‖f − y‖² on the instance's data, with activations as they are at the instance. */
    static Map<String, ExactValues> gradient(NetworkInstance i) {
        Problem problem = Problem.of(i.group(), Loss.halfSquaredError());
        Map<String, Expr> differential = problem.differential().values();
        Map<String, Tensor> point = point(i, problem);
        List<Expr> frozen = Freeze.at(List.copyOf(differential.values()), point);
        Map<String, Expr> named = new LinkedHashMap<>();
        int next = 0;
        for (String name : differential.keySet()) {
            named.put(name, frozen.get(next++));
        }
        return evaluate(named, of(point));
    }

    /** ⟨a, b⟩_k = Σ_e B_ek a_e b_e per generator. */
    static BigFraction[] form(RescalingGroup group, Map<String, ExactValues> a, Map<String, ExactValues> b) {
        BigFraction[] out = new BigFraction[group.rank()];
        Arrays.fill(out, BigFraction.ZERO);
        int element = 0;
        for (Expr parameter : group.network().parameters()) {
            BigFraction[] x = get(a, Network.nameOf(parameter)).numbers();
            BigFraction[] y = get(b, Network.nameOf(parameter)).numbers();
            for (int i = 0; i < x.length; i++, element++) {
                BigFraction product = x[i].multiply(y[i]);
                group.row(element).forEach((k, c) -> out[k] = out[k].add(product.multiply(c)));
            }
        }
        return out;
    }

    /** x + r·y. */
    static Map<String, ExactValues> plus(Map<String, ExactValues> x, BigFraction r, Map<String, ExactValues> y) {
        Map<String, ExactValues> out = new LinkedHashMap<>();
        x.forEach((name, start) -> {
            BigFraction[] step = get(y, name).numbers();
            BigFraction[] sum = new BigFraction[step.length];
            Arrays.setAll(sum, k -> start.numbers()[k].add(r.multiply(step[k])));
            out.put(name, ExactValues.constant(start.shape(), sum));
        });
        return out;
    }

    /** Whether all numbers are 0. */
    static boolean vanish(Map<String, ExactValues> values) {
        return values.values().stream().allMatch(x -> Arrays.stream(x.numbers()).allMatch(ExactNumbers::isZero));
    }

    /** Whether a number is 0. */
    static boolean isZero(BigFraction x) {
        return x.getNumerator().signum() == 0;
    }

    /** An entry that is there. */
    static <T> T get(Map<String, T> values, String name) {
        T value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Expected '" + name + "' among " + values.keySet());
        }
        return value;
    }

    /** Such as {@code -2} or {@code 3/4}. */
    static String text(BigFraction x) {
        return x.getDenominator().equals(BigInteger.ONE)
                ? x.getNumerator().toString()
                : x.getNumerator() + "/" + x.getDenominator();
    }

    /** Several numbers. */
    static String text(BigFraction[] values) {
        return Arrays.stream(values).map(ExactNumbers::text).collect(Collectors.joining(", ", "[", "]"));
    }
}
