package org.quotient.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.quotient.autodiff.Op.PoolKind;

/**
 * The pass that pushes tangents forward through one operation, as expressions. Written from the operations themselves, not
 * from {@link Vjp}, so that the adjoint identity between the two is a real test.
 */
final class Jvp {
    private Jvp() {}

    /**
     * The tangent of a node.
     *
     * @param node the operation's node
     * @param tangents one per operand, of the operand's shape; empty where zero
     * @return the tangent, of the node's shape; empty where identically zero
     */
    static Optional<Expr> of(Expr node, List<Optional<Expr>> tangents) {
        if (tangents.stream().allMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        return switch (node.op()) {
            case Op.Leaf l -> Optional.empty();
            case Op.Elementwise e -> elementwise(node, e, tangents);
            case Op.Reduce r -> reduce(node, r, tangents.get(0));
            case Op.Contraction c -> bilinear(node, tangents);
            case Op.Concat c -> {
                List<Expr> parts = new ArrayList<>();
                for (int i = 0; i < tangents.size(); i++) {
                    Expr operand = node.operand(i);
                    parts.add(tangents.get(i).orElseGet(() -> Ops.fullLike(operand, 0)));
                }
                yield Optional.of(Expr.of(c, parts));
            }
            case Op.Move m -> tangents.get(0).map(t -> Expr.of(m, t));
            case Op.Pool p -> pool(node, p, tangents);
            case Op.Standardise s -> tangents.get(0).map(t -> Normalisation.standardiseAdjoint(node, s, t));
            case Op.StandardiseWith s ->
                Optional.of(Normalisation.standardiseWithTangent(
                        node, s, tangents.get(0), tangents.get(1), tangents.get(2)));
            case Op.Softmax s -> tangents.get(0).map(t -> Normalisation.softmaxAdjoint(node, s, t));
            case Op.Custom c -> {
                List<Expr> all = new ArrayList<>();
                for (int i = 0; i < tangents.size(); i++) {
                    Expr operand = node.operand(i);
                    all.add(tangents.get(i).orElseGet(() -> Ops.fullLike(operand, 0)));
                }
                yield Optional.of(c.definition().jvp(node.operands(), all));
            }
        };
    }

    private static Optional<Expr> elementwise(Expr node, Op.Elementwise op, List<Optional<Expr>> tangents) {
        Optional<Expr> total = Optional.empty();
        for (int i = 0; i < tangents.size(); i++) {
            Optional<Expr> tangent = tangents.get(i);
            Optional<Expr> partial = Partials.of(node, op, i);
            if (tangent.isPresent() && partial.isPresent()) {
                total = plus(total, Ops.mul(partial.get(), tangent.get()));
            }
        }
        return total;
    }

    private static Optional<Expr> reduce(Expr node, Op.Reduce r, Optional<Expr> tangent) {
        return switch (r.kind()) {
            case SUM -> tangent.map(t -> Expr.of(r, t));
            case MAX -> {
                Expr first = Expr.of(new Op.Reduce(Op.ReduceKind.FIRST_MAX, r.axes()), node.operand(0));
                yield tangent.map(t -> Expr.of(new Op.Reduce(Op.ReduceKind.SUM, r.axes()), Ops.mul(first, t)));
            }
            case FIRST_MAX -> Optional.empty();
        };
    }

    private static Optional<Expr> bilinear(Expr node, List<Optional<Expr>> tangents) {
        Function<Expr, Expr> left = t -> Expr.of(node.op(), t, node.operand(1));
        Function<Expr, Expr> right = t -> Expr.of(node.op(), node.operand(0), t);
        Optional<Expr> first = tangents.get(0).map(left);
        Optional<Expr> second = tangents.get(1).map(right);
        return second.isEmpty() ? first : plus(first, second.get());
    }

    private static Optional<Expr> pool(Expr node, Op.Pool p, List<Optional<Expr>> tangents) {
        Expr x = node.operand(0);
        return switch (p.kind()) {
            case SUM, SUM_ADJOINT -> tangents.get(0).map(t -> Expr.of(p, t));
            case MAX -> tangents.get(0).map(t -> Vjp.as(p, PoolKind.MAX_SELECT, x, t));
            case MAX_SELECT, MAX_SCATTER -> tangents.get(1).map(t -> Expr.of(p, x, t));
        };
    }

    private static Optional<Expr> plus(Optional<Expr> total, Expr term) {
        return Optional.of(total.map(t -> Ops.add(t, term)).orElse(term));
    }
}
