package org.quotient.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Derivatives as expressions. Reverse and forward mode turn graphs into graphs, so every order of derivative, Hessian-vector
 * products and Jacobians come from the same rules.
 */
public final class Differentiation {
    private Differentiation() {}

    /**
     * The gradient of a scalar.
     *
     * @param scalar an expression of shape []
     * @param with the nodes to differentiate with respect to
     * @return one gradient per node of {@code with}, of its shape; zeros where the scalar does not depend on it
     * @throws IllegalArgumentException if the expression is not a scalar
     */
    public static List<Expr> gradient(Expr scalar, List<Expr> with) {
        if (scalar.shape().rank() != 0) {
            throw new IllegalArgumentException(
                    "A gradient needs a scalar (sum or average first); given " + scalar.describe());
        }
        return vjp(List.of(scalar), List.of(Ops.scalar(1, scalar.dtype())), with);
    }

    /** The gradient with respect to one node; see {@link #gradient(Expr, List)}. */
    public static Expr gradient(Expr scalar, Expr with) {
        return gradient(scalar, List.of(with)).get(0);
    }

    /**
     * The vector-Jacobian product {@code Σ_k ⟨cotangent_k, ∂output_k/∂with⟩}.
     *
     * @param outputs any expressions
     * @param cotangents one per output, of its shape
     * @param with the nodes to differentiate with respect to
     * @return one expression per node of {@code with}, of its shape
     */
    public static List<Expr> vjp(List<Expr> outputs, List<Expr> cotangents, List<Expr> with) {
        checkShapes("cotangent", outputs, cotangents);
        List<Expr> order = Graph.topological(outputs);
        checkVariables(order, with);
        Set<Expr> active = depending(order, with);
        Map<Expr, Expr> gradients = new IdentityHashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            gradients.merge(outputs.get(i), cotangents.get(i), Ops::add);
        }
        Set<Expr> targets = Graph.identitySet();
        targets.addAll(with);
        for (int i = order.size() - 1; i >= 0; i--) {
            Expr node = order.get(i);
            Expr g = gradients.get(node);
            if (g == null || !active.contains(node) || node.operands().isEmpty()) {
                continue;
            }
            List<Optional<Expr>> parts = Vjp.of(node, g);
            for (int k = 0; k < parts.size(); k++) {
                Expr operand = node.operand(k);
                if (active.contains(operand)) {
                    parts.get(k).ifPresent(part -> gradients.merge(operand, part, Ops::add));
                }
            }
            if (!targets.contains(node)) {
                gradients.remove(node);
            }
        }
        List<Expr> result = new ArrayList<>();
        for (Expr node : with) {
            Expr g = gradients.get(node);
            result.add(g == null ? Ops.fullLike(node, 0) : g);
        }
        return result;
    }

    /**
     * The Jacobian-vector product {@code Σ_k ∂outputs/∂at_k · tangent_k}.
     *
     * @param outputs any expressions
     * @param at the nodes to move
     * @param tangents one direction per node of {@code at}, of its shape
     * @return one tangent per output, of its shape
     */
    public static List<Expr> jvp(List<Expr> outputs, List<Expr> at, List<Expr> tangents) {
        checkShapes("tangent", at, tangents);
        Map<Expr, Optional<Expr>> moved = new IdentityHashMap<>();
        for (int i = 0; i < at.size(); i++) {
            moved.put(at.get(i), Optional.of(tangents.get(i)));
        }
        List<Expr> order = Graph.topological(outputs);
        checkVariables(order, at);
        for (Expr node : order) {
            if (!moved.containsKey(node)) {
                List<Optional<Expr>> operands = new ArrayList<>();
                for (Expr operand : node.operands()) {
                    operands.add(moved.getOrDefault(operand, Optional.empty()));
                }
                moved.put(node, Jvp.of(node, operands));
            }
        }
        List<Expr> result = new ArrayList<>();
        for (Expr output : outputs) {
            result.add(moved.getOrDefault(output, Optional.empty()).orElseGet(() -> Ops.fullLike(output, 0)));
        }
        return result;
    }

    /**
     * The Hessian-vector product of a scalar, forward over reverse.
     *
     * @param scalar an expression of shape []
     * @param at the variables
     * @param vectors one direction per variable, of its shape
     * @return one expression per variable, of its shape
     */
    public static List<Expr> hessianVectorProduct(Expr scalar, List<Expr> at, List<Expr> vectors) {
        return jvp(gradient(scalar, at), at, vectors);
    }

    /**
     * The full Jacobian, row by row in reverse mode: meant for small outputs.
     *
     * @param output an expression whose shape is bound, of m elements
     * @param with a node whose shape is bound, of n elements
     * @return [m, n], rows and columns in row-major order of the elements
     */
    public static Expr jacobian(Expr output, Expr with) {
        int m = output.shape().elements();
        int n = with.shape().elements();
        List<Expr> rows = new ArrayList<>();
        for (int i = 0; i < m; i++) {
            int row = i;
            Expr basis = Expr.constant(Tensor.fill(output.shape(), output.dtype(), j -> j == row ? 1 : 0));
            Expr gradient = vjp(List.of(output), List.of(basis), List.of(with)).get(0);
            rows.add(Ops.reshape(gradient, Shape.of(1, n)));
        }
        return Ops.concat(0, rows);
    }

    /** The Hessian of a scalar with respect to one bound node of n elements: [n, n]. */
    public static Expr hessian(Expr scalar, Expr with) {
        return jacobian(gradient(scalar, with), with);
    }

    /** Derivatives go by node: another node for a variable of {@code with} would silently count as a constant. */
    private static void checkVariables(List<Expr> order, List<Expr> with) {
        Map<Op, Expr> variables = new HashMap<>();
        for (Expr node : with) {
            if (node.op() instanceof Op.Variable) {
                variables.put(node.op(), node);
            }
        }
        for (Expr node : order) {
            if (node.op() instanceof Op.Variable v && variables.getOrDefault(v, node) != node) {
                throw new IllegalArgumentException("The graph holds another node for the variable '" + v.name()
                        + "' than the one to differentiate with respect to; build each variable once and share it");
            }
        }
    }

    private static Set<Expr> depending(List<Expr> order, List<Expr> with) {
        Set<Expr> active = Graph.identitySet();
        active.addAll(with);
        for (Expr node : order) {
            if (!active.contains(node) && !Collections.disjoint(active, node.operands())) {
                active.add(node);
            }
        }
        return active;
    }

    private static void checkShapes(String what, List<Expr> nodes, List<Expr> vectors) {
        if (nodes.size() != vectors.size()) {
            throw new IllegalArgumentException(
                    "Expected one " + what + " for each of " + nodes.size() + " nodes; given " + vectors.size());
        }
        for (int i = 0; i < nodes.size(); i++) {
            if (!nodes.get(i).shape().equals(vectors.get(i).shape())) {
                throw new IllegalArgumentException("A " + what + " has the shape of its node, "
                        + nodes.get(i).describe() + "; given " + vectors.get(i).describe());
            }
        }
    }
}
