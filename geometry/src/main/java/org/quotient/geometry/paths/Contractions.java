package org.quotient.geometry.paths;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;

/** Which products of elements a bilinear operation sums, from the index form of its definition. */
final class Contractions {
    private Contractions() {}

    /**
     * All products of an Einstein summation.
     *
     * @param e the operation
     * @param a vertices of the left operand
     * @param b vertices of the right operand
     * @param left bound shape of the left operand
     * @param right bound shape of the right operand
     */
    static Walk einsum(Op.Einsum e, int[] a, int[] b, Shape left, Shape right) {
        Map<Character, Integer> sizeOf = new LinkedHashMap<>();
        for (int i = 0; i < e.left().length(); i++) {
            sizeOf.put(e.left().charAt(i), left.size(i));
        }
        for (int i = 0; i < e.right().length(); i++) {
            sizeOf.put(e.right().charAt(i), right.size(i));
        }
        StringBuilder letters = new StringBuilder(e.out());
        sizeOf.keySet().stream().filter(c -> e.out().indexOf(c) < 0).forEach(letters::append);
        int[] sizes = letters.chars().map(c -> sizeOf.getOrDefault((char) c, 1)).toArray();
        int[] outSizes =
                e.out().chars().map(c -> sizeOf.getOrDefault((char) c, 1)).toArray();
        int[] stepA = steps(letters, e.left(), left);
        int[] stepB = steps(letters, e.right(), right);
        int[] stepOut = steps(letters, e.out(), Shape.of(outSizes));
        return visitor -> visitAll(sizes, stepOut, stepA, stepB, (o, i, j) -> visitor.visit(o, a[i], b[j]));
    }

    private static int[] steps(CharSequence letters, String part, Shape shape) {
        int[] strides = shape.strides();
        return letters.chars()
                .map(c -> part.indexOf(c) < 0 ? 0 : strides[part.indexOf(c)])
                .toArray();
    }

    private static void visitAll(int[] sizes, int[] stepOut, int[] stepA, int[] stepB, Walk.Visitor visitor) {
        long total = 1;
        for (int size : sizes) {
            total *= size;
        }
        int[] index = new int[sizes.length];
        int o = 0;
        int i = 0;
        int j = 0;
        for (long k = 0; k < total; k++) {
            visitor.visit(o, i, j);
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                o += stepOut[axis];
                i += stepA[axis];
                j += stepB[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                o -= stepOut[axis] * sizes[axis];
                i -= stepA[axis] * sizes[axis];
                j -= stepB[axis] * sizes[axis];
                index[axis] = 0;
            }
        }
    }

    /**
     * All products of a convolution or of one of its adjoints: the three forms pair up the same triples of an image
     * element, a kernel tap and an output element, and differ in which of them is the result.
     *
     * @param c the operation
     * @param a vertices of the first operand
     * @param b vertices of the second operand
     * @param batch bound batch size
     * @param channels channels of the forward image
     * @param outputs channels of the forward output
     */
    static Walk conv(Op.Conv c, int[] a, int[] b, int batch, int channels, int outputs) {
        return switch (c.form()) {
            case FORWARD ->
                visitor -> visitTriples(c, batch, channels, outputs, (x, k, y) -> visitor.visit(y, a[x], b[k]));
            case INPUT_ADJOINT ->
                visitor -> visitTriples(c, batch, channels, outputs, (x, k, y) -> visitor.visit(x, a[y], b[k]));
            case KERNEL_ADJOINT ->
                visitor -> visitTriples(c, batch, channels, outputs, (x, k, y) -> visitor.visit(k, a[x], b[y]));
        };
    }

    /** Receives the positions of an image element, a tap and an output element that belong together. */
    private interface Triple {
        void visit(int image, int tap, int output);
    }

    private static void visitTriples(Op.Conv c, int batch, int channels, int outputs, Triple triple) {
        Window w = c.window();
        int places = w.outputHeight(c.height()) * w.outputWidth(c.width());
        int inner = channels / c.groups();
        int perGroup = outputs / c.groups();
        for (int no = 0; no < batch * outputs; no++) {
            int o = no % outputs;
            int firstPlane = no / outputs * channels + o / perGroup * inner;
            for (int place = 0; place < places; place++) {
                for (int in = 0; in < inner; in++) {
                    int plane = firstPlane + in;
                    int kernel = (o * inner + in) * w.kernelHeight() * w.kernelWidth();
                    int output = no * places + place;
                    forEachCell(
                            w,
                            place,
                            c.height(),
                            c.width(),
                            (tap, pixel) -> triple.visit(plane * c.height() * c.width() + pixel, kernel + tap, output));
                }
            }
        }
    }

    /** Receives a cell of a window that lies inside the image. */
    interface Cell {
        void visit(int tap, int pixel);
    }

    /** The cells of the window at output place {@code place} (row-major) that lie inside the image, row by row. */
    static void forEachCell(Window w, int place, int height, int width, Cell cell) {
        int columns = w.outputWidth(width);
        for (int i = 0; i < w.kernelHeight(); i++) {
            int row = w.inputRow(place / columns, i);
            for (int j = 0; j < w.kernelWidth(); j++) {
                int column = w.inputColumn(place % columns, j);
                if (row >= 0 && row < height && column >= 0 && column < width) {
                    cell.visit(i * w.kernelWidth() + j, row * width + column);
                }
            }
        }
    }
}
