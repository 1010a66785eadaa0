package org.quotient.autodiff.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;

/**
 * A few numbers of a product without the product. Sums over its rows or columns against another matrix, where the other order of
 * summation is at hand: {@code Σ_j W_ij (Σ_n A_ni B_nj) = Σ_n A_ni (Σ_j W_ij B_nj)}. For the gradient AᵀB of a dense layer the inner
 * sum is what the layer computes forwards (rows), or what it passes backwards (columns). And chosen elements:
 * {@code (AᵀB)_ij = Σ_n A_ni B_nj}, for some pairs only. The equations are exact; rounding differs.
 */
public final class ReducedContractions {
    /** The batch size for which operands and products are compared. */
    private static final int TYPICAL_BATCH = 64;

    /** The part of a product's elements that may be picked one by one. */
    private static final int FEW = 16;

    private final Map<Expr, List<Expr>> users;
    private final Map<Expr, Expr> image = new IdentityHashMap<>();

    private ReducedContractions(List<Expr> outputs) {
        this.users = Graph.users(Graph.topological(outputs));
    }

    /**
     * Expressions with such sums and elements computed from the operands of the products.
     *
     * @param outputs any expressions, with common subexpressions shared
     * @return as many, of the same shapes, dtypes and values
     */
    public static List<Expr> apply(List<Expr> outputs) {
        ReducedContractions pass = new ReducedContractions(outputs);
        return Graph.map(outputs, pass::rewritten);
    }

    private Expr rewritten(Expr node, List<Expr> operands) {
        Optional<Expr> other = Optional.empty();
        if (node.op() instanceof Op.Reduce r
                && r.kind() == Op.ReduceKind.SUM
                && node.operand(0).op() instanceof Op.Binary b
                && b.kind() == Op.BinaryKind.MUL) {
            Expr product = node.operand(0);
            other = summed(r, product.operand(0), product.operand(1))
                    .or(() -> summed(r, product.operand(1), product.operand(0)));
        } else if (node.shape().rank() == 1
                && (node.op() instanceof Op.Slice || node.op() instanceof Op.Gather)
                && node.operand(0).op() instanceof Op.Reshape
                && node.operand(0).operand(0).op() instanceof Op.Einsum e) {
            other = picked(e, node.operand(0).operand(0), places(node));
        }
        Expr result = other.orElseGet(() -> node.withOperands(operands));
        image.put(node, result);
        return result;
    }

    private Expr of(Expr node) {
        return java.util.Objects.requireNonNull(image.get(node));
    }

    private static long elements(Expr x) {
        return (x.shape().isSymbolic() ? x.shape().bind(TYPICAL_BATCH) : x.shape()).elements();
    }

    // ---- Sums

    private Optional<Expr> summed(Op.Reduce reduce, Expr matrix, Expr product) {
        if (!(product.op() instanceof Op.Einsum e)) {
            return Optional.empty();
        }
        StringBuilder letters = new StringBuilder();
        reduce.axes().forEach(axis -> letters.append(e.out().charAt(axis)));
        for (int side = 0; side < 2; side++) {
            String own = side == 0 ? e.left() : e.right();
            String other = side == 0 ? e.right() : e.left();
            boolean fits = e.out()
                    .chars()
                    .allMatch(c -> (letters.indexOf(String.valueOf((char) c)) >= 0)
                            ? own.indexOf(c) < 0
                            : other.indexOf(c) < 0);
            Expr kept = product.operand(side);
            if (fits && elements(kept) <= elements(product)) {
                Expr summedOperand = product.operand(1 - side);
                Expr inner = inner(matrix, e.out(), summedOperand, other, own);
                if (inner != null) {
                    return Optional.of(closed(of(kept), own, inner, e.out()));
                }
            }
        }
        return Optional.empty();
    }

    /** The summation of a matrix and an operand that the graph has already, in the order of the given letters; null if none. */
    private @Nullable Expr inner(Expr matrix, String letters, Expr operand, String own, String wanted) {
        for (Expr user : users.getOrDefault(matrix, List.of())) {
            if (!(user.op() instanceof Op.Einsum f)) {
                continue;
            }
            for (int side = 0; side < 2; side++) {
                if (user.operand(side) != matrix || user.operand(1 - side) != operand) {
                    continue;
                }
                Map<Character, Character> names = new HashMap<>();
                boolean same = named(names, side == 0 ? f.left() : f.right(), letters)
                        && named(names, side == 0 ? f.right() : f.left(), own)
                        && names.values().stream().distinct().count() == names.size();
                if (same && f.out().length() == wanted.length()) {
                    StringBuilder out = new StringBuilder();
                    f.out().chars().forEach(c -> out.append(names.get((char) c)));
                    int[] order = wanted.chars()
                            .map(c -> out.indexOf(String.valueOf((char) c)))
                            .toArray();
                    if (IntStream.of(order).allMatch(i -> i >= 0)) {
                        Expr value = Expr.of(
                                f, user.operands().stream().map(this::of).toList());
                        return arranged(value, order);
                    }
                }
            }
        }
        return null;
    }

    private static boolean named(Map<Character, Character> names, String from, String to) {
        for (int i = 0; i < from.length(); i++) {
            Character known = names.putIfAbsent(from.charAt(i), to.charAt(i));
            if (known != null && known != to.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static Expr arranged(Expr x, int[] order) {
        return IntStream.range(0, order.length).allMatch(i -> order[i] == i) ? x : Ops.transpose(x, order);
    }

    /** Σ x∘y over the letters that the result does not have. */
    private static Expr closed(Expr x, String letters, Expr y, String out) {
        int[] axes = IntStream.range(0, letters.length())
                .filter(i -> out.indexOf(letters.charAt(i)) < 0)
                .toArray();
        Expr product = x.times(y);
        Expr summed = axes.length == 0 ? product : product.sum(axes);
        String left = letters.chars()
                .filter(c -> out.indexOf(c) >= 0)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        int[] order =
                out.chars().filter(c -> left.indexOf(c) >= 0).map(left::indexOf).toArray();
        return arranged(summed, order);
    }

    // ---- Chosen elements

    private static int[] places(Expr node) {
        if (node.op() instanceof Op.Gather g) {
            return g.indices().stream().mapToInt(Integer::intValue).toArray();
        }
        Op.Slice s = (Op.Slice) node.op();
        int start = s.starts().getFirst();
        int step = s.steps().getFirst();
        return IntStream.range(0, node.shape().size(0))
                .map(i -> start + i * step)
                .toArray();
    }

    private Optional<Expr> picked(Op.Einsum e, Expr product, int[] places) {
        int last = e.left().length() - 1;
        boolean plain = e.out().length() == 2
                && last == e.right().length() - 1
                && last > 0
                && e.left().substring(0, last).equals(e.right().substring(0, last))
                && e.left().charAt(last) == e.out().charAt(0)
                && e.right().charAt(last) == e.out().charAt(1);
        if (!plain || (long) places.length * FEW > elements(product)) {
            return Optional.empty();
        }
        int columns = product.shape().size(1);
        int[] i = IntStream.of(places).map(place -> place / columns).toArray();
        int[] j = IntStream.of(places).map(place -> place % columns).toArray();
        int[] axes = IntStream.range(0, last).toArray();
        Expr left = of(product.operand(0));
        Expr right = of(product.operand(1));
        int apart = gathered(i) + gathered(j);
        int[] ofRows = spread(i, j, product.shape().size(0));
        if (ofRows.length > 0 && gathered(ofRows) < apart) {
            return Optional.of(along(left.times(along(right, ofRows)).sum(axes), i));
        }
        int[] ofColumns = spread(j, i, columns);
        if (ofColumns.length > 0 && gathered(ofColumns) < apart) {
            return Optional.of(along(along(left, ofColumns).times(right).sum(axes), j));
        }
        return Optional.of(along(left, i).times(along(right, j)).sum(axes));
    }

    /** How many numbers of a sample are brought together one by one for these indices. */
    private static int gathered(int[] indices) {
        return isEven(indices) ? 0 : indices.length;
    }

    private static boolean isEven(int[] indices) {
        int step = indices.length > 1 ? indices[1] - indices[0] : 1;
        return step > 0 && IntStream.range(0, indices.length).allMatch(i -> indices[i] == indices[0] + i * step);
    }

    /**
     * Where most rows have one element each, all rows are given one: choosing among the sums costs less than among each sample's
     * numbers.
     *
     * @param rows of the elements
     * @param columns of the elements
     * @param all number of rows
     * @return a column for each row; empty if a row has two elements, or few rows have one
     */
    private static int[] spread(int[] rows, int[] columns, int all) {
        if (2 * rows.length <= all || IntStream.of(rows).distinct().count() < rows.length) {
            return new int[0];
        }
        int[] found = new int[all];
        for (int k = 0; k < rows.length; k++) {
            found[rows[k]] = columns[k];
        }
        return found;
    }

    /** Chosen indices along the last axis. */
    private static Expr along(Expr x, int[] indices) {
        int axis = x.shape().rank() - 1;
        int size = x.shape().size(axis);
        if (indices.length == size && IntStream.range(0, size).allMatch(i -> indices[i] == i)) {
            return x;
        }
        if (!isEven(indices)) {
            return Ops.gather(x, axis, indices);
        }
        int step = indices.length > 1 ? indices[1] - indices[0] : 1;
        List<Integer> starts = new ArrayList<>();
        List<Integer> stops = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        for (int i = 0; i <= axis; i++) {
            boolean chosen = i == axis;
            starts.add(chosen ? indices[0] : 0);
            stops.add(
                    chosen
                            ? indices[indices.length - 1] + 1
                            : x.shape().size(i) == Shape.N ? Shape.N : x.shape().size(i));
            steps.add(chosen ? step : 1);
        }
        return Expr.of(new Op.Slice(starts, stops, steps), x);
    }
}
