package org.quotient.optimizers.paths;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.rewrite.Rewriter;
import org.quotient.autodiff.rewrite.Rule;

/**
 * Summations that use no number of a matrix twice, such as matrix times vector, as elementwise products and sums: these are
 * fused with the squaring of the matrix before them and with what comes after. The squared network, which runs for one sample,
 * is made of such.
 */
final class VectorProducts {
    private VectorProducts() {}

    /** The algebraic rules and this one. All hold in every field. */
    static Rewriter rewriter() {
        List<Rule> rules = new ArrayList<>(Rewriter.algebraicRules());
        rules.add(new Rule(
                "summation without reuse",
                "a summation over as many terms as its largest operand or result has elements is a product and a sum",
                node -> node.op() instanceof Op.Einsum e
                        ? product(e, node.operand(0), node.operand(1))
                        : Optional.empty()));
        return Rewriter.with(rules, 20);
    }

    /** The summation as a product and a sum, unless numbers are used more than once or the batch size is unknown. */
    static Optional<Expr> product(Op.Einsum form, Expr left, Expr right) {
        if (left.shape().isSymbolic() || right.shape().isSymbolic()) {
            return Optional.empty();
        }
        String all = union(form.left(), form.right());
        long terms = 1;
        for (char c : all.toCharArray()) {
            terms *= size(c, form, left, right);
        }
        for (String letters : List.of(form.left(), form.right(), form.out())) {
            if (elements(letters, form, left, right) == terms) {
                return Optional.of(over(letters, form, left, right));
            }
        }
        return Optional.empty();
    }

    private static Expr over(String letters, Op.Einsum form, Expr left, Expr right) {
        int[] sizes =
                letters.chars().map(c -> size((char) c, form, left, right)).toArray();
        Expr product = spread(left, form.left(), letters, sizes).times(spread(right, form.right(), letters, sizes));
        int[] summed = IntStream.range(0, letters.length())
                .filter(i -> form.out().indexOf(letters.charAt(i)) < 0)
                .toArray();
        Expr total = summed.length == 0 ? product : Ops.sum(product, summed);
        StringBuilder kept = new StringBuilder(letters);
        for (int i = summed.length - 1; i >= 0; i--) {
            kept.deleteCharAt(summed[i]);
        }
        int[] order = form.out()
                .chars()
                .map(c -> kept.indexOf(String.valueOf((char) c)))
                .filter(i -> i >= 0)
                .toArray();
        int[] result =
                form.out().chars().map(c -> size((char) c, form, left, right)).toArray();
        return Ops.reshape(order.length == 0 ? total : Ops.transpose(total, order), Shape.of(result));
    }

    /** An operand along given letters; those of its own that are not among them have size 1. */
    private static Expr spread(Expr x, String own, String letters, int[] sizes) {
        if (own.equals(letters)) {
            return x;
        }
        List<Integer> axes = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < letters.length(); i++) {
            int at = own.indexOf(letters.charAt(i));
            if (at >= 0) {
                axes.add(i);
                order.add(at);
            }
        }
        List<Integer> present = order.stream().sorted().toList();
        Expr bare = Ops.reshape(
                x, Shape.of(present.stream().mapToInt(a -> x.shape().size(a)).toArray()));
        int[] permutation = order.stream().mapToInt(present::indexOf).toArray();
        Expr arranged = permutation.length == 0 ? bare : Ops.transpose(bare, permutation);
        return axes.size() == letters.length() ? arranged : Expr.of(new Op.Broadcast(Shape.of(sizes), axes), arranged);
    }

    private static String union(String a, String b) {
        StringBuilder all = new StringBuilder(a);
        b.chars().filter(c -> a.indexOf(c) < 0).forEach(c -> all.append((char) c));
        return all.toString();
    }

    private static long elements(String letters, Op.Einsum form, Expr left, Expr right) {
        return letters.chars().mapToLong(c -> size((char) c, form, left, right)).reduce(1, (a, b) -> a * b);
    }

    private static int size(char letter, Op.Einsum form, Expr left, Expr right) {
        int at = form.left().indexOf(letter);
        return at >= 0 ? left.shape().size(at) : right.shape().size(form.right().indexOf(letter));
    }
}
