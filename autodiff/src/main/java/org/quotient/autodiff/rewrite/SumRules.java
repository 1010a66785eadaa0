package org.quotient.autodiff.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Op.ReduceKind;
import org.quotient.autodiff.Ops;

/** Rules of sums and products of tensors. Identities in every field; in floating point the order of summation may change. */
final class SumRules {
    private SumRules() {}

    static List<Rule> all() {
        return List.of(
                new Rule("sum over no axes", "sum(x, axes=[]) = x", SumRules::emptySum),
                new Rule(
                        "sum of a broadcast",
                        "a sum over repeated axes is a multiple: sum(broadcast(x)) = count * x",
                        SumRules::sumOfBroadcast),
                new Rule("sum of a negation", "sum(-x) = -sum(x)", SumRules::sumOfNegation),
                new Rule(
                        "einsum with a uniform operand",
                        "einsum(c, x) = c * sum(x), repeated along the letters of c alone",
                        SumRules::einsumWithUniform));
    }

    private static Optional<Expr> emptySum(Expr node) {
        return node.op() instanceof Op.Reduce r
                        && r.kind() != ReduceKind.FIRST_MAX
                        && r.axes().isEmpty()
                ? Optional.of(node.operand(0))
                : Optional.empty();
    }

    private static Optional<Expr> sumOfNegation(Expr node) {
        return node.op() instanceof Op.Reduce r && r.kind() == ReduceKind.SUM
                ? Patterns.negated(node.operand(0)).map(x -> Ops.neg(Expr.of(r, x)))
                : Optional.empty();
    }

    private static Optional<Expr> sumOfBroadcast(Expr node) {
        if (!(node.op() instanceof Op.Reduce r)
                || r.kind() != ReduceKind.SUM
                || !(node.operand(0).op() instanceof Op.Broadcast b)) {
            return Optional.empty();
        }
        List<Integer> repeated =
                r.axes().stream().filter(a -> !b.axes().contains(a)).toList();
        if (repeated.isEmpty()) {
            return Optional.empty();
        }
        Expr x = node.operand(0).operand(0);
        int[] summed = b.axes().stream()
                .filter(r.axes()::contains)
                .mapToInt(b.axes()::indexOf)
                .toArray();
        Expr inner = summed.length == 0 ? x : Ops.sum(x, summed);
        Expr scaled = Ops.mul(inner, Ops.count(node.operand(0), repeated));
        List<Integer> axes = new ArrayList<>();
        for (int axis : b.axes()) {
            if (!r.axes().contains(axis)) {
                int before = (int) r.axes().stream().filter(a -> a < axis).count();
                axes.add(axis - before);
            }
        }
        return Optional.of(repeatTo(scaled, node, axes));
    }

    private static Expr repeatTo(Expr x, Expr like, List<Integer> axes) {
        return x.shape().equals(like.shape()) ? x : Expr.of(new Op.Broadcast(like.shape(), axes), x);
    }

    private static Optional<Expr> einsumWithUniform(Expr node) {
        if (!(node.op() instanceof Op.Einsum e)) {
            return Optional.empty();
        }
        OptionalDouble left = Patterns.uniform(node.operand(0));
        OptionalDouble right = Patterns.uniform(node.operand(1));
        if (left.isPresent()) {
            return Optional.of(scaledSum(node, e.out(), node.operand(1), e.right(), left.getAsDouble()));
        }
        return right.isPresent()
                ? Optional.of(scaledSum(node, e.out(), node.operand(0), e.left(), right.getAsDouble()))
                : Optional.empty();
    }

    /** Every letter of the uniform operand is an output letter or one of x, so that nothing is counted twice. */
    private static Expr scaledSum(Expr node, String out, Expr x, String letters, double c) {
        List<Integer> summed = new ArrayList<>();
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < letters.length(); i++) {
            if (out.indexOf(letters.charAt(i)) < 0) {
                summed.add(i);
            } else {
                kept.append(letters.charAt(i));
            }
        }
        Expr total = summed.isEmpty() ? x : Expr.of(new Op.Reduce(ReduceKind.SUM, summed), x);
        List<Integer> order = new ArrayList<>();
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < out.length(); i++) {
            int at = kept.indexOf(out.substring(i, i + 1));
            if (at >= 0) {
                order.add(at);
                axes.add(i);
            }
        }
        Expr arranged = order.isEmpty()
                ? total
                : Ops.transpose(
                        total, order.stream().mapToInt(Integer::intValue).toArray());
        Expr scaled = c == 1 ? arranged : arranged.times(c);
        return repeatTo(scaled, node, axes);
    }
}
