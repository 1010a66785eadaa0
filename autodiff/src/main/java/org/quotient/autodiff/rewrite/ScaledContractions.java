package org.quotient.autodiff.rewrite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;

/**
 * Moves factors that belong to rows or columns of a product into the product's operands:
 * {@code (A·B)∘(u vᵀ) = (diag(u) A)·(B diag(v))}. Where the operands are smaller than the product, as the activations of a batch
 * are smaller than a weight matrix, a preconditioned update of the weights then costs no pass of its own over them: the product
 * is added to the weights where they lie. The equation is exact; rounding differs, except for factors that are powers of two.
 *
 * <p>A number and a vector by which anything is multiplied one after the other are multiplied first.
 *
 * <p>It is a pass, not a {@link Rule}: it may be made only where nobody else needs the product itself.
 */
public final class ScaledContractions {
    /** The batch size for which operands and products are compared. */
    private static final int TYPICAL_BATCH = 64;

    private final Map<Expr, List<Expr>> users;
    private final Set<Expr> roots = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Operands that this pass has multiplied, with the broadcast vector. */
    private final Map<Expr, Expr> vectors = new IdentityHashMap<>();

    private final Set<Expr> used = Collections.newSetFromMap(new IdentityHashMap<>());

    private ScaledContractions(List<Expr> outputs) {
        this.users = Graph.users(Graph.topological(outputs));
        this.roots.addAll(outputs);
    }

    /**
     * Expressions with such factors moved.
     *
     * @param outputs any expressions
     * @return as many, of the same shapes, dtypes and values
     */
    public static List<Expr> apply(List<Expr> outputs) {
        ScaledContractions pass = new ScaledContractions(outputs);
        return Graph.map(outputs, pass::rewritten);
    }

    private Expr rewritten(Expr node, List<Expr> operands) {
        Expr plain = node.withOperands(operands);
        Expr result = plain;
        if (node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL) {
            result = scaled(operands.get(0), operands.get(1))
                    .or(() -> scaled(operands.get(1), operands.get(0)))
                    .or(() -> together(operands.get(0), operands.get(1)))
                    .or(() -> together(operands.get(1), operands.get(0)))
                    .orElse(plain);
        }
        if (!roots.contains(node) && users.getOrDefault(node, List.of()).size() == 1) {
            used.add(result);
        } else {
            // Needed elsewhere too: with another factor inside it would be computed twice.
            used.remove(result);
        }
        return result;
    }

    /** The product times a factor that is constant along some of its axes, with the factor inside; empty if that is no gain. */
    private Optional<Expr> scaled(Expr product, Expr factor) {
        if (!used.contains(product)) {
            return Optional.empty();
        }
        if (factor.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL) {
            return scaled(product, factor.operand(0)).flatMap(first -> {
                used.add(first);
                return scaled(first, factor.operand(1));
            });
        }
        if (isNumber(factor) && product.op() instanceof Op.Einsum e) {
            return besides(product, e, factor.operand(0));
        }
        if (!(factor.op() instanceof Op.Broadcast along) || along.axes().isEmpty()) {
            return Optional.empty();
        }
        return switch (product.op()) {
            case Op.Einsum e -> inside(product, e, along, factor.operand(0));
            case Op.Binary b
            when b.kind() == Op.BinaryKind.MUL -> {
                int one = isNumber(product.operand(0)) ? 0 : 1;
                yield isNumber(product.operand(one))
                        ? scaled(product.operand(1 - one), factor)
                                .map(inner -> scaled(inner, product.operand(one))
                                        .orElseGet(() -> inner.times(product.operand(one))))
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    /** {@code (x∘v)·s} or {@code (x·s)∘v} as {@code x∘(s·v)}, for a number s and a smaller vector v; empty for anything else. */
    private Optional<Expr> together(Expr product, Expr factor) {
        if (!used.contains(product)
                || !(product.op() instanceof Op.Binary b)
                || b.kind() != Op.BinaryKind.MUL
                || !(isNumber(factor) || isVector(factor))) {
            return Optional.empty();
        }
        for (int i = 0; i < 2; i++) {
            Expr other = product.operand(i);
            Expr vector = isNumber(factor) ? other : factor;
            Expr number = isNumber(factor) ? factor : other;
            if (isVector(vector) && isNumber(number)) {
                Expr small = vector.operand(0);
                Expr both = small.times(Ops.broadcastTo(number.operand(0), small.shape()));
                return Optional.of(product.operand(1 - i).times(Expr.of(vector.op(), both)));
            }
        }
        return Optional.empty();
    }

    /** A smaller array repeated along some axes. */
    private static boolean isVector(Expr node) {
        return node.op() instanceof Op.Broadcast along
                && !along.axes().isEmpty()
                && 2L * elements(node.operand(0)) <= elements(node);
    }

    private static boolean isNumber(Expr node) {
        return node.op() instanceof Op.Broadcast && node.operand(0).shape().rank() == 0;
    }

    private Optional<Expr> inside(Expr product, Op.Einsum e, Op.Broadcast along, Expr vector) {
        for (int side = 0; side < 2; side++) {
            Expr operand = product.operand(side);
            String letters = side == 0 ? e.left() : e.right();
            if (2L * elements(operand) > elements(product)) {
                continue;
            }
            List<Integer> axes = new ArrayList<>();
            for (int axis : along.axes()) {
                axes.add(letters.indexOf(e.out().charAt(axis)));
            }
            boolean fits = !axes.contains(-1);
            for (int i = 1; i < axes.size(); i++) {
                fits &= axes.get(i) > axes.get(i - 1);
            }
            if (fits) {
                Expr before = vectors.get(operand);
                if (before != null && ((Op.Broadcast) before.op()).axes().equals(axes)) {
                    return Optional.of(with(product, e, side, before.operand(0).times(vector)));
                }
                return Optional.of(with(product, e, side, operand, axes, vector));
            }
        }
        return Optional.empty();
    }

    /** A product times a number, which goes into a vector that an operand is multiplied by already; empty if there is none. */
    private Optional<Expr> besides(Expr product, Op.Einsum e, Expr number) {
        for (int side = 0; side < 2; side++) {
            Expr before = vectors.get(product.operand(side));
            if (before != null) {
                Expr vector = before.operand(0);
                return Optional.of(with(product, e, side, vector.times(Ops.broadcastTo(number, vector.shape()))));
            }
        }
        return Optional.empty();
    }

    /** The product with another vector in the place of the one that an operand was multiplied by. */
    private Expr with(Expr product, Op.Einsum e, int side, Expr vector) {
        Expr operand = product.operand(side);
        Op.Broadcast along = (Op.Broadcast) operand.operand(1).op();
        return with(product, e, side, operand.operand(0), along.axes(), vector);
    }

    private Expr with(Expr product, Op.Einsum e, int side, Expr operand, List<Integer> axes, Expr vector) {
        Expr along = Expr.of(new Op.Broadcast(operand.shape(), axes), vector);
        Expr scaled = operand.times(along);
        vectors.put(scaled, along);
        Expr fresh = Expr.of(e, side == 0 ? List.of(scaled, product.operand(1)) : List.of(product.operand(0), scaled));
        // Made for this one place, so further factors may go in as well.
        used.add(fresh);
        return fresh;
    }

    private static long elements(Expr x) {
        Shape bound = x.shape().isSymbolic() ? x.shape().bind(TYPICAL_BATCH) : x.shape();
        return bound.elements();
    }
}
