package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;

/**
 * The inner product ⟨Φ(l), Φ(r)⟩ with separate variables for both sides, and the programs that its derivatives give. A parameter
 * that occurs m times on a path enters as (l_i r_i)^m = l_i^m · r_i^m, so derivatives on one side are those of Φ itself.
 */
final class PathProducts {
    private final PathSum sum;
    private final Expr inner;
    private final List<Expr> left = new ArrayList<>();
    private final List<Expr> right = new ArrayList<>();

    /** Products over a sum with exponent 2. */
    PathProducts(PathSum sum) {
        this.sum = sum;
        Map<Expr, Expr> products = new IdentityHashMap<>();
        for (Expr edge : sum.edges()) {
            String name = Network.nameOf(edge);
            left.add(Expr.parameter(left(name), DType.F64, edge.shape()));
            right.add(Expr.parameter(right(name), DType.F64, edge.shape()));
            products.put(edge, left.getLast().times(right.getLast()));
        }
        inner = Graph.substitute(List.of(sum.total()), products).get(0);
    }

    /** The name of a parameter's variable on the left. */
    static String left(String parameter) {
        return "left " + parameter;
    }

    /** The name of a parameter's variable on the right. */
    static String right(String parameter) {
        return "right " + parameter;
    }

    /** The name of the variable that holds a direction in a parameter. */
    static String direction(String parameter) {
        return "direction " + parameter;
    }

    /** The sum over paths. */
    PathSum sum() {
        return sum;
    }

    /** ∂Φ(l)ᵀΦ(r), one output per parameter. */
    Program pullback() {
        return Program.of(Differentiation.gradient(inner, left));
    }

    /** ∂Φ(l)ᵀ∂Φ(r)·v, one output per parameter. */
    Program times() {
        List<Expr> direction = sum.edges().stream()
                .map(e -> Expr.input(direction(Network.nameOf(e)), DType.F64, e.shape()))
                .toList();
        Expr slope = Differentiation.jvp(List.of(inner), right, direction).get(0);
        return Program.of(Differentiation.gradient(slope, left));
    }

    /** The outputs of a program by the parameters' names. */
    Map<String, Tensor> named(List<Tensor> outputs) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (int k = 0; k < outputs.size(); k++) {
            out.put(Network.nameOf(sum.edges().get(k)), outputs.get(k));
        }
        return Collections.unmodifiableMap(out);
    }
}
