package org.quotient.autodiff.program;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Product;

/**
 * An Einstein summation as a batch of matrix products over strided operands. Letters fall in four classes: batch (in all three
 * parts), rows (left and result), columns (right and result) and inner (left and right). Where the axes of a class can be
 * walked with one stride, the operand is used where it lies, transposed or not; otherwise it is copied first.
 *
 * @param product sizes and strides
 * @param left the left operand as it is read
 * @param right the right operand as it is read
 * @param stored sizes of the result in the order in which it is stored
 * @param result for each axis of the result the stored axis that it is
 */
record EinsumPlan(Product product, View left, View right, int[] stored, int[] result) {

    /** Merged axes of one class. */
    private record Axis(int size, int stride) {}

    /**
     * Plans a summation.
     *
     * @param op the letters
     * @param x left operand
     * @param y right operand
     * @param copied makes a dense copy of a view with its axes in a given order
     */
    static EinsumPlan of(Op.Einsum op, View x, View y, BiFunction<View, int[], View> copied) {
        StringBuilder batch = new StringBuilder();
        StringBuilder rows = new StringBuilder();
        StringBuilder columns = new StringBuilder();
        StringBuilder inner = new StringBuilder();
        for (char letter : op.out().toCharArray()) {
            boolean left = op.left().indexOf(letter) >= 0;
            boolean right = op.right().indexOf(letter) >= 0;
            (left && right ? batch : left ? rows : columns).append(letter);
        }
        for (char letter : op.left().toCharArray()) {
            if (op.out().indexOf(letter) < 0) {
                inner.append(letter);
            }
        }
        Operand a = operand(op.left(), x, batch.toString(), rows.toString(), inner.toString(), copied);
        Operand b = operand(op.right(), y, batch.toString(), inner.toString(), columns.toString(), copied);

        String out = op.out();
        int[] sizes = new int[out.length()];
        for (int i = 0; i < sizes.length; i++) {
            int at = op.left().indexOf(out.charAt(i));
            sizes[i] = at >= 0 ? x.sizes()[at] : y.sizes()[op.right().indexOf(out.charAt(i))];
        }
        int[] strides = View.rowMajor(sizes);
        int[] identity = new int[sizes.length];
        for (int i = 0; i < identity.length; i++) {
            identity[i] = i;
        }
        Axis cBatch = merged(out, sizes, strides, batch.toString());
        Axis cRows = merged(out, sizes, strides, rows.toString());
        Axis cColumns = merged(out, sizes, strides, columns.toString());
        if (cBatch != null && cRows != null && cColumns != null) {
            return new EinsumPlan(product(a, b, cBatch, cRows, cColumns), a.view, b.view, sizes, identity);
        }
        String canonical = batch.toString() + rows + columns;
        int[] stored = new int[sizes.length];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = sizes[out.indexOf(canonical.charAt(i))];
            identity[i] = canonical.indexOf(out.charAt(i));
        }
        int m = a.second.size;
        int n = b.third.size;
        return new EinsumPlan(
                product(a, b, new Axis(a.first.size, m * n), new Axis(m, n), new Axis(n, 1)),
                a.view,
                b.view,
                stored,
                identity);
    }

    /** Whether the result can be stored in its own order of axes: the letters of each class stand together. */
    static boolean storesInOrder(Op.Einsum op) {
        int changes = 0;
        StringBuilder seen = new StringBuilder();
        for (char letter : op.out().toCharArray()) {
            boolean left = op.left().indexOf(letter) >= 0;
            boolean right = op.right().indexOf(letter) >= 0;
            char kind = left && right ? 'b' : left ? 'm' : 'n';
            if (seen.isEmpty() || seen.charAt(seen.length() - 1) != kind) {
                changes += seen.indexOf(String.valueOf(kind)) >= 0 ? 1 : 0;
                seen.append(kind);
            }
        }
        return changes == 0;
    }

    private static Product product(Operand a, Operand b, Axis batch, Axis rows, Axis columns) {
        return new Product(
                a.first.size,
                a.second.size,
                b.third.size,
                a.third.size,
                a.first.stride,
                a.second.stride,
                a.third.stride,
                b.first.stride,
                b.second.stride,
                b.third.stride,
                batch.stride,
                rows.stride,
                columns.stride,
                false,
                1);
    }

    private record Operand(View view, Axis first, Axis second, Axis third) {}

    private static Operand operand(
            String letters,
            View view,
            String first,
            String second,
            String third,
            BiFunction<View, int[], View> copied) {
        Axis f = merged(letters, view.sizes(), view.strides(), first);
        Axis s = merged(letters, view.sizes(), view.strides(), second);
        Axis t = merged(letters, view.sizes(), view.strides(), third);
        if (f != null && s != null && t != null) {
            return new Operand(view, f, s, t);
        }
        String order = first + second + third;
        int[] axes = new int[order.length()];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = letters.indexOf(order.charAt(i));
        }
        View dense = copied.apply(view, axes);
        return operand(order, dense, first, second, third, copied);
    }

    /** The axes of some letters, the last running fastest, as one axis; null if no single stride walks them. */
    private static @Nullable Axis merged(String letters, int[] sizes, int[] strides, String of) {
        int size = 1;
        int stride = 0;
        boolean started = false;
        for (int i = of.length() - 1; i >= 0; i--) {
            int axis = letters.indexOf(of.charAt(i));
            if (sizes[axis] == 1) {
                continue;
            }
            if (!started) {
                stride = strides[axis];
                started = true;
            } else if (strides[axis] != stride * size) {
                return null;
            }
            size *= sizes[axis];
        }
        return new Axis(size, stride);
    }
}
