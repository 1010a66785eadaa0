package org.quotient.autodiff.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;

/** Rules of movement: they keep every bit of every element. */
final class MovementRules {
    private MovementRules() {}

    static List<Rule> all() {
        return List.of(
                new Rule("transpose of transpose", "permutations compose", MovementRules::transposeOfTranspose),
                new Rule("identity transpose", "the order 0, 1, 2, ... is x", MovementRules::identityTranspose),
                new Rule("reshape of reshape", "only the last shape counts", MovementRules::reshapeOfReshape),
                new Rule("reshape to the same shape", "reshape(x) = x", MovementRules::sameReshape),
                new Rule("broadcast of broadcast", "repetitions compose", MovementRules::broadcastOfBroadcast),
                new Rule("broadcast to the same shape", "broadcast(x) = x", MovementRules::sameBroadcast),
                new Rule("whole slice", "x[:, :] = x", MovementRules::wholeSlice),
                new Rule("empty padding", "pad(x) by nothing = x", MovementRules::emptyPad),
                new Rule("concatenation of one", "concat(x) = x", MovementRules::concatOfOne),
                new Rule(
                        "elementwise of broadcasts",
                        "f(broadcast(x), broadcast(y)) = broadcast(f(x, y)), for equal broadcasts of a smaller array",
                        MovementRules::elementwiseOfBroadcast));
    }

    private static Optional<Expr> transposeOfTranspose(Expr node) {
        if (node.op() instanceof Op.Transpose outer && node.operand(0).op() instanceof Op.Transpose inner) {
            int[] order =
                    outer.order().stream().mapToInt(i -> inner.order().get(i)).toArray();
            return Optional.of(transposed(node.operand(0).operand(0), order));
        }
        return Optional.empty();
    }

    private static Expr transposed(Expr x, int[] order) {
        return order.length == 0 ? x : Ops.transpose(x, order);
    }

    private static Optional<Expr> identityTranspose(Expr node) {
        return node.op() instanceof Op.Transpose t
                        && IntStream.range(0, t.order().size())
                                .allMatch(i -> t.order().get(i) == i)
                ? Optional.of(node.operand(0))
                : Optional.empty();
    }

    private static Optional<Expr> reshapeOfReshape(Expr node) {
        return node.op() instanceof Op.Reshape outer && node.operand(0).op() instanceof Op.Reshape
                ? Optional.of(Ops.reshape(node.operand(0).operand(0), outer.to()))
                : Optional.empty();
    }

    private static Optional<Expr> sameReshape(Expr node) {
        return sameShape(node, node.op() instanceof Op.Reshape);
    }

    private static Optional<Expr> sameBroadcast(Expr node) {
        return sameShape(node, node.op() instanceof Op.Broadcast);
    }

    private static Optional<Expr> sameShape(Expr node, boolean applies) {
        return applies && node.operand(0).shape().equals(node.shape())
                ? Optional.of(node.operand(0))
                : Optional.empty();
    }

    private static Optional<Expr> broadcastOfBroadcast(Expr node) {
        if (node.op() instanceof Op.Broadcast outer && node.operand(0).op() instanceof Op.Broadcast inner) {
            List<Integer> axes =
                    inner.axes().stream().map(i -> outer.axes().get(i)).toList();
            return Optional.of(
                    Expr.of(new Op.Broadcast(outer.to(), axes), node.operand(0).operand(0)));
        }
        return Optional.empty();
    }

    private static Optional<Expr> wholeSlice(Expr node) {
        if (!(node.op() instanceof Op.Slice s)) {
            return Optional.empty();
        }
        Shape from = node.operand(0).shape();
        boolean whole = IntStream.range(0, from.rank())
                .allMatch(i -> s.starts().get(i) == 0
                        && s.steps().get(i) == 1
                        && (s.stops().get(i) == Shape.N || s.stops().get(i) == from.size(i)));
        return whole ? Optional.of(node.operand(0)) : Optional.empty();
    }

    private static Optional<Expr> emptyPad(Expr node) {
        if (!(node.op() instanceof Op.Pad p)) {
            return Optional.empty();
        }
        List<Integer> all = new ArrayList<>(p.before());
        all.addAll(p.after());
        all.addAll(p.interior());
        return all.stream().allMatch(i -> i == 0) ? Optional.of(node.operand(0)) : Optional.empty();
    }

    private static Optional<Expr> concatOfOne(Expr node) {
        return node.op() instanceof Op.Concat && node.operands().size() == 1
                ? Optional.of(node.operand(0))
                : Optional.empty();
    }

    private static Optional<Expr> elementwiseOfBroadcast(Expr node) {
        if (!(node.op() instanceof Op.Elementwise e) || !(node.operand(0).op() instanceof Op.Broadcast first)) {
            return Optional.empty();
        }
        List<Expr> inner = new ArrayList<>();
        for (Expr operand : node.operands()) {
            if (!operand.op().equals(first)) {
                return Optional.empty();
            }
            inner.add(operand.operand(0));
        }
        return Optional.of(Expr.of(first, Expr.of(e, inner)));
    }
}
