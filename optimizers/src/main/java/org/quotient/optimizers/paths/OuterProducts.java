package org.quotient.optimizers.paths;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.rewrite.Rewriter;
import org.quotient.autodiff.rewrite.Rule;

/**
 * Summations of one term, such as the outer product of two vectors, as elementwise products of repeated operands: these are fused
 * with what comes after, and no matrix is stored. The slopes of the squared network, which runs for one sample, are such.
 * (Matrix times vector stays what it is: the squared matrix is needed in both directions, and products are faster than sums.)
 */
final class OuterProducts {
    private OuterProducts() {}

    /** The algebraic rules and this one. All hold in every field. */
    static Rewriter rewriter() {
        List<Rule> rules = new ArrayList<>(Rewriter.algebraicRules());
        rules.add(new Rule(
                "outer product",
                "a summation of one term is a product",
                node -> node.op() instanceof Op.Einsum e
                        ? product(e, node.operand(0), node.operand(1))
                        : Optional.empty()));
        return Rewriter.with(rules, 20);
    }

    /** The product, unless terms are summed or the batch size is unknown. */
    static Optional<Expr> product(Op.Einsum form, Expr left, Expr right) {
        if (left.shape().isSymbolic() || right.shape().isSymbolic()) {
            return Optional.empty();
        }
        int[] sizes = new int[form.out().length()];
        for (int i = 0; i < sizes.length; i++) {
            int at = form.left().indexOf(form.out().charAt(i));
            sizes[i] = at >= 0
                    ? left.shape().size(at)
                    : right.shape().size(form.right().indexOf(form.out().charAt(i)));
        }
        return repeated(left, form.left(), form.out(), sizes)
                .flatMap(l -> repeated(right, form.right(), form.out(), sizes).map(l::times));
    }

    /** An operand along the letters of the result; empty if a letter of its own is not among them and has a size above 1. */
    private static Optional<Expr> repeated(Expr x, String own, String out, int[] sizes) {
        List<Integer> axes = new ArrayList<>();
        List<Integer> kept = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < own.length(); i++) {
            if (out.indexOf(own.charAt(i)) >= 0) {
                kept.add(x.shape().size(i));
            } else if (x.shape().size(i) != 1) {
                return Optional.empty();
            }
        }
        String letters = own.chars()
                .filter(c -> out.indexOf(c) >= 0)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        for (int i = 0; i < out.length(); i++) {
            int at = letters.indexOf(out.charAt(i));
            if (at >= 0) {
                axes.add(i);
                order.add(at);
            }
        }
        Expr bare = Ops.reshape(x, Shape.of(kept));
        int[] permutation = order.stream().mapToInt(Integer::intValue).toArray();
        Expr arranged = permutation.length == 0 ? bare : Ops.transpose(bare, permutation);
        return Optional.of(
                axes.size() == out.length() ? arranged : Expr.of(new Op.Broadcast(Shape.of(sizes), axes), arranged));
    }
}
