package org.quotient.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.Op.ConvForm;
import org.quotient.autodiff.Op.PoolKind;

/**
 * The pass that pulls a gradient back through one operation, as expressions: one rule per operation, so that any order of
 * derivative comes from the same rules.
 */
final class Vjp {
    private Vjp() {}

    /**
     * Gradients with respect to the operands.
     *
     * @param node the operation's node
     * @param g the gradient with respect to it, of its shape
     * @return one per operand, of the operand's shape; empty where it is identically zero
     */
    static List<Optional<Expr>> of(Expr node, Expr g) {
        return switch (node.op()) {
            case Op.Leaf l -> List.of();
            case Op.Elementwise e -> elementwise(node, e, g);
            case Op.Reduce r -> reduce(node, r, g);
            case Op.Einsum e ->
                List.of(
                        Optional.of(Expr.of(new Op.Einsum(e.out(), e.right(), e.left()), g, node.operand(1))),
                        Optional.of(Expr.of(new Op.Einsum(e.out(), e.left(), e.right()), g, node.operand(0))));
            case Op.Conv c -> conv(node, c, g);
            case Op.Move m -> MoveAdjoint.of(node, m, g);
            case Op.Pool p -> pool(node, p, g);
            case Op.Normalise n -> normalise(node, n, g);
            case Op.Custom c ->
                c.definition().vjp(node.operands(), g).stream()
                        .map(Optional::of)
                        .toList();
        };
    }

    private static List<Optional<Expr>> elementwise(Expr node, Op.Elementwise op, Expr g) {
        List<Optional<Expr>> gradients = new ArrayList<>();
        for (int i = 0; i < node.operands().size(); i++) {
            gradients.add(scaled(Partials.of(node, op, i), g, op, i));
        }
        return gradients;
    }

    private static Optional<Expr> scaled(Optional<Expr> partial, Expr g, Op.Elementwise op, int i) {
        if (op instanceof Op.Binary b && (b.kind() == Op.BinaryKind.ADD || (b.kind() == Op.BinaryKind.SUB && i == 0))) {
            return Optional.of(g);
        }
        if (op instanceof Op.Unary u && u.kind() == Op.UnaryKind.NEG
                || op instanceof Op.Binary s && s.kind() == Op.BinaryKind.SUB) {
            return Optional.of(Ops.neg(g));
        }
        return partial.map(p -> Ops.mul(g, p));
    }

    private static List<Optional<Expr>> reduce(Expr node, Op.Reduce r, Expr g) {
        Expr x = node.operand(0);
        return switch (r.kind()) {
            case SUM -> List.of(Optional.of(Ops.restore(g, x, r.axes())));
            case MAX -> {
                Expr first = Expr.of(new Op.Reduce(Op.ReduceKind.FIRST_MAX, r.axes()), x);
                yield List.of(Optional.of(Ops.mul(Ops.restore(g, x, r.axes()), first)));
            }
            case FIRST_MAX -> List.of(Optional.empty());
        };
    }

    private static List<Optional<Expr>> conv(Expr node, Op.Conv c, Expr g) {
        Expr a = node.operand(0);
        Expr b = node.operand(1);
        return switch (c.form()) {
            case FORWARD ->
                List.of(
                        Optional.of(as(c, ConvForm.INPUT_ADJOINT, g, b)),
                        Optional.of(as(c, ConvForm.KERNEL_ADJOINT, a, g)));
            case INPUT_ADJOINT ->
                List.of(Optional.of(as(c, ConvForm.FORWARD, g, b)), Optional.of(as(c, ConvForm.KERNEL_ADJOINT, g, a)));
            case KERNEL_ADJOINT ->
                List.of(Optional.of(as(c, ConvForm.INPUT_ADJOINT, b, g)), Optional.of(as(c, ConvForm.FORWARD, a, g)));
        };
    }

    private static Expr as(Op.Conv c, ConvForm form, Expr a, Expr b) {
        return Expr.of(new Op.Conv(form, c.window(), c.groups(), c.height(), c.width()), a, b);
    }

    private static List<Optional<Expr>> pool(Expr node, Op.Pool p, Expr g) {
        Expr x = node.operand(0);
        return switch (p.kind()) {
            case SUM -> List.of(Optional.of(as(p, PoolKind.SUM_ADJOINT, g)));
            case SUM_ADJOINT -> List.of(Optional.of(as(p, PoolKind.SUM, g)));
            case MAX -> List.of(Optional.of(as(p, PoolKind.MAX_SCATTER, x, g)));
            case MAX_SELECT -> List.of(Optional.empty(), Optional.of(as(p, PoolKind.MAX_SCATTER, x, g)));
            case MAX_SCATTER -> List.of(Optional.empty(), Optional.of(as(p, PoolKind.MAX_SELECT, x, g)));
        };
    }

    static Expr as(Op.Pool p, PoolKind kind, Expr... operands) {
        return Expr.of(new Op.Pool(kind, p.window(), p.height(), p.width()), operands);
    }

    private static List<Optional<Expr>> normalise(Expr node, Op.Normalise op, Expr g) {
        return switch (op) {
            case Op.Standardise s -> List.of(Optional.of(Normalisation.standardiseAdjoint(node, s, g)));
            case Op.StandardiseWith s -> Normalisation.standardiseWithAdjoint(node, s, g);
            case Op.Softmax s -> List.of(Optional.of(Normalisation.softmaxAdjoint(node, s, g)));
        };
    }
}
