package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;

/**
 * What a program is to compute.
 *
 * @param outputs values to be read after a run
 * @param updates new values of variables, by name; written after everything else has read the old ones
 * @param variables all variables by name
 * @param field the prime field to compute in, or null for the expressions' own floating-point arithmetic
 */
record Definition(
        List<Expr> outputs,
        Map<String, Expr> updates,
        Map<String, Op.Variable> variables,
        Numbers.@Nullable PrimeField field) {

    /** All expressions that are computed, the updates in reverse order: the last layer's gradient is there first. */
    List<Expr> roots() {
        List<Expr> roots = new ArrayList<>(outputs);
        roots.addAll(new ArrayList<>(updates.values()).reversed());
        return roots;
    }

    static Map<String, Op.Variable> variables(List<Expr> order) {
        Map<String, Op.Variable> found = new LinkedHashMap<>();
        for (Expr node : order) {
            if (node.op() instanceof Op.Variable v) {
                Op.Variable other = found.putIfAbsent(v.name(), v);
                if (other != null && !other.equals(v)) {
                    throw new IllegalArgumentException("Two different variables are called '" + v.name() + "': "
                            + other.dtype() + other.shape() + " and " + v.dtype() + v.shape());
                }
            }
        }
        return found;
    }
}
