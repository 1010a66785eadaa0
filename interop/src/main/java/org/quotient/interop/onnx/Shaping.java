package org.quotient.interop.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;

/** Shapes under another shape: ONNX's Reshape with a symbolic batch, axes inserted and removed. */
final class Shaping {
    private Shaping() {}

    /** The sizes that a Reshape asks for, as a shape. Its leading 1, or whatever the file's batch was, stands for N. */
    static Shape target(Node node, Shape from, long[] asked, boolean zeroMeansZero) {
        long[] sizes = asked.clone();
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == 0 && !zeroMeansZero) {
                if (i >= from.rank()) {
                    throw node.fail("copies the size of axis " + i + " of a tensor " + from + ".");
                }
                sizes[i] = from.size(i) == Shape.N ? Value.BATCH : from.size(i);
            }
        }
        boolean leading = from.rank() > 0 && from.size(0) == Shape.N && sizes.length > 0;
        if (!leading) {
            return from.isSymbolic() && matches(from, sizes) ? from : fixed(node, from, sizes);
        }
        long rest = count(node, from, 1);
        boolean batch = sizes[0] == Value.BATCH || sizes[0] == node.fixedBatch();
        if (batch || (sizes[0] == -1 && product(node, sizes, 1) == rest)) {
            int[] out = complete(node, from, sizes, 1, rest);
            out[0] = Shape.N;
            return Shape.of(out);
        }
        throw refused(node, from, asked);
    }

    private static boolean matches(Shape from, long[] sizes) {
        return from.rank() == sizes.length
                && IntStream.range(0, sizes.length)
                        .allMatch(i -> from.size(i) == (sizes[i] == Value.BATCH ? Shape.N : sizes[i]));
    }

    private static Shape fixed(Node node, Shape from, long[] sizes) {
        if (from.isSymbolic()) {
            throw refused(node, from, sizes);
        }
        return Shape.of(complete(node, from, sizes, 0, count(node, from, 0)));
    }

    /** The sizes from an axis on, with −1 replaced so that they multiply to {@code total}. */
    private static int[] complete(Node node, Shape from, long[] sizes, int first, long total) {
        int[] out = new int[sizes.length];
        int open = -1;
        for (int i = first; i < sizes.length; i++) {
            if (sizes[i] == -1 && open >= 0) {
                throw node.fail("leaves two sizes open.");
            }
            if (sizes[i] == -1) {
                open = i;
            } else {
                out[i] = (int) sizes[i];
            }
        }
        long known = product(node, sizes, first);
        if (open >= 0 && known > 0 && total % known == 0) {
            out[open] = (int) (total / known);
            known = total;
        }
        if (known != total) {
            throw refused(node, from, sizes);
        }
        return out;
    }

    /** The product of the sizes from an axis on, −1 counting as 1. */
    private static long product(Node node, long[] sizes, int first) {
        long product = 1;
        for (int i = first; i < sizes.length; i++) {
            if (sizes[i] < -1 || sizes[i] > Integer.MAX_VALUE) {
                throw node.fail("asks for the size "
                        + (sizes[i] == Value.BATCH ? "N (the batch) on axis " + i : String.valueOf(sizes[i]))
                        + "; the batch may only be the leading axis.");
            }
            product = sizes[i] == -1 ? product : Math.multiplyExact(product, sizes[i]);
        }
        return product;
    }

    /** The number of elements from an axis on. */
    static long count(Node node, Shape shape, int first) {
        long count = 1;
        for (int i = first; i < shape.rank(); i++) {
            if (shape.size(i) == Shape.N) {
                throw node.fail("would merge the batch axis of " + shape + " with others.");
            }
            count = Math.multiplyExact(count, shape.size(i));
        }
        return count;
    }

    private static org.quotient.interop.InteropException refused(Node node, Shape from, long[] asked) {
        String text = java.util.Arrays.stream(asked)
                .mapToObj(s -> s == Value.BATCH ? "N" : String.valueOf(s))
                .toList()
                .toString();
        return node.fail("cannot give " + from + " the sizes " + text
                + (from.isSymbolic()
                        ? "; the batch N must stay the leading axis."
                        : "; the numbers of elements differ."));
    }

    /** Axes of size 1 inserted so that operand axis i becomes axis {@code places.get(i)}. */
    static Expr insertAxes(Expr x, int rank, List<Integer> places) {
        int[] sizes = IntStream.generate(() -> 1).limit(rank).toArray();
        for (int i = 0; i < places.size(); i++) {
            sizes[places.get(i)] = x.shape().size(i);
        }
        Shape to = Shape.of(sizes);
        boolean moved = to.isSymbolic() && (to.size(0) != Shape.N || x.shape().size(0) != Shape.N);
        return moved ? Expr.of(new Op.Broadcast(to, places), x) : Ops.reshape(x, to);
    }

    /** Axes of size 1 removed. */
    static Expr removeAxes(Node node, Expr x, List<Integer> axes) {
        Shape from = x.shape();
        for (int axis : axes) {
            if (from.size(axis) != 1) {
                throw node.fail("removes axis " + axis + " of " + from + ", whose size is not 1.");
            }
        }
        Shape to = from.without(axes);
        boolean moved = to.isSymbolic() && (to.size(0) != Shape.N || from.size(0) != Shape.N);
        int[] gone = axes.stream().mapToInt(Integer::intValue).toArray();
        return axes.isEmpty() ? x : moved ? Ops.sum(x, gone) : Ops.reshape(x, to);
    }

    /** The axes of a rank that are not listed. */
    static List<Integer> others(int rank, List<Integer> axes) {
        return IntStream.range(0, rank).filter(i -> !axes.contains(i)).boxed().toList();
    }

    /** A reduced expression with its reduced axes put back at size 1, if they are to be kept. */
    static Expr keep(Expr reduced, int rank, List<Integer> axes, boolean keep) {
        return keep && !axes.isEmpty() ? insertAxes(reduced, rank, others(rank, axes)) : reduced;
    }

    /** The sizes of a shape as integers, the batch symbolic. */
    static long[] sizes(Shape shape) {
        List<Long> sizes = new ArrayList<>();
        for (int size : shape.sizes()) {
            sizes.add(size == Shape.N ? Value.BATCH : size);
        }
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }
}
