package org.quotient.optimizers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Network;

/**
 * One expression per parameter, by name: a point θ, a differential, a direction or a momentum. What is written with it is
 * compiled together with the loss and its gradient.
 *
 * @param values by parameter name, in the network's order; each of its parameter's shape
 */
public record ParameterVector(Map<String, Expr> values) {

    /** Keeps its own copy of the map. */
    public ParameterVector {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The variables of a list, under their names. */
    public static ParameterVector of(List<Expr> variables) {
        Map<String, Expr> out = new LinkedHashMap<>();
        variables.forEach(v -> out.put(Network.nameOf(v), v));
        return new ParameterVector(out);
    }

    /** The names, in order. */
    public Set<String> names() {
        return values.keySet();
    }

    /**
     * The expression of a parameter.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Expr get(String name) {
        Expr value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("There is no parameter '" + name + "'; there are " + values.keySet());
        }
        return value;
    }

    /** f of each expression. */
    public ParameterVector map(UnaryOperator<Expr> f) {
        return mapNamed((name, x) -> f.apply(x));
    }

    /** f of each name and expression. */
    public ParameterVector mapNamed(BiFunction<String, Expr, Expr> f) {
        Map<String, Expr> out = new LinkedHashMap<>();
        values.forEach((name, x) -> out.put(name, f.apply(name, x)));
        return new ParameterVector(out);
    }

    /**
     * f(x, y) of each pair.
     *
     * @throws IllegalArgumentException if the other has other names
     */
    public ParameterVector zip(ParameterVector other, BinaryOperator<Expr> f) {
        if (!values.keySet().equals(other.values.keySet())) {
            throw new IllegalArgumentException(
                    "Two vectors over different parameters: " + values.keySet() + " and " + other.values.keySet());
        }
        return mapNamed((name, x) -> f.apply(x, other.get(name)));
    }

    /** The sum. */
    public ParameterVector plus(ParameterVector other) {
        return zip(other, Expr::plus);
    }

    /** The difference. */
    public ParameterVector minus(ParameterVector other) {
        return zip(other, Expr::minus);
    }

    /** Elementwise product. */
    public ParameterVector times(ParameterVector other) {
        return zip(other, Expr::times);
    }

    /** c·x. */
    public ParameterVector times(double c) {
        return map(x -> x.times(c));
    }

    /** c·x for a scalar expression. */
    public ParameterVector times(Expr scalar) {
        return map(x -> x.times(scalar));
    }

    /** Σ x·y over all elements, a scalar. */
    public Expr inner(ParameterVector other) {
        return times(other).values().values().stream()
                .map(Expr::sum)
                .reduce(Expr::plus)
                .orElseThrow(() -> new IllegalArgumentException("A network without parameters has no inner product"));
    }
}
