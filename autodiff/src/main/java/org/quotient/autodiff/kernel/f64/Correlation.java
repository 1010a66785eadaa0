package org.quotient.autodiff.kernel.f64;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;

/**
 * A convolution or its adjoint in the image, as correlations of one padded copy: each <em>pass</em> computes the pixels of the
 * result in one class of rows and columns, from the taps that reach them. The forward form is one pass. The adjoint for
 * strides (s, t) is s·t passes, because a pixel meets only those taps whose offset has its own remainder: no product with the
 * zeros that a strided gradient is usually spread with.
 *
 * @param layout of the copy of the source
 * @param passes which together write every element of the result
 */
record Correlation(PaddedLayout layout, List<Pass> passes) {

    /**
     * The pixels of the result in one class.
     *
     * @param rows how many rows
     * @param columns how many columns
     * @param firstRow of the result
     * @param firstColumn of the result
     * @param rowStep between rows of the result
     * @param columnStep between columns of the result
     * @param sourceRow elements of the copy between the rows met
     * @param taps where the first pixel meets each tap, in elements of the copy
     * @param kernel index {@code i·kw + j} of each tap
     */
    record Pass(
            int rows,
            int columns,
            int firstRow,
            int firstColumn,
            int rowStep,
            int columnStep,
            int sourceRow,
            int[] taps,
            int[] kernel) {

        int pixels() {
            return rows * columns;
        }
    }

    static Correlation forward(Op.Conv op) {
        Window w = op.window();
        int oh = w.outputHeight(op.height());
        int ow = w.outputWidth(op.width());
        int[] i = multiples(w.kernelHeight(), w.dilationHeight());
        int[] j = multiples(w.kernelWidth(), w.dilationWidth());
        PaddedLayout layout = PaddedLayout.of(
                op.height(), op.width(), w.padTop(), w.padLeft(), i, j, oh, ow, w.strideHeight(), w.strideWidth());
        int[] taps = new int[i.length * j.length];
        int[] kernel = new int[taps.length];
        for (int t = 0; t < taps.length; t++) {
            taps[t] = layout.at(i[t / j.length], j[t % j.length]);
            kernel[t] = t;
        }
        return new Correlation(
                layout, List.of(new Pass(oh, ow, 0, 0, 1, 1, w.strideHeight() * layout.rowLength(), taps, kernel)));
    }

    static Correlation inputAdjoint(Op.Conv op) {
        Window w = op.window();
        List<Axis> rows = Axis.all(op.height(), w.kernelHeight(), w.strideHeight(), w.padTop(), w.dilationHeight());
        List<Axis> columns = Axis.all(op.width(), w.kernelWidth(), w.strideWidth(), w.padLeft(), w.dilationWidth());
        int top = -rows.stream().mapToInt(Axis::lowest).min().orElse(0);
        int left = -columns.stream().mapToInt(Axis::lowest).min().orElse(0);
        int height = rows.stream().mapToInt(Axis::highest).max().orElse(0) + top + 1;
        int width = columns.stream().mapToInt(Axis::highest).max().orElse(0) + left + 1;
        int[] origin = {0};
        PaddedLayout layout = PaddedLayout.of(
                w.outputHeight(op.height()),
                w.outputWidth(op.width()),
                top,
                left,
                origin,
                origin,
                Math.max(1, height),
                Math.max(1, width),
                1,
                1);
        List<Pass> passes = new ArrayList<>();
        for (Axis row : rows) {
            for (Axis column : columns) {
                passes.add(pass(row, column, top, left, w, layout));
            }
        }
        return new Correlation(layout, passes);
    }

    private static Pass pass(Axis row, Axis column, int top, int left, Window w, PaddedLayout layout) {
        int across = column.kernel.length;
        int[] taps = new int[row.kernel.length * across];
        int[] kernel = new int[taps.length];
        for (int t = 0; t < taps.length; t++) {
            int i = t / across;
            int j = t % across;
            taps[t] = layout.at(row.source[i] + top, column.source[j] + left);
            kernel[t] = row.kernel[i] * w.kernelWidth() + column.kernel[j];
        }
        return new Pass(
                row.count,
                column.count,
                row.first,
                column.first,
                w.strideHeight(),
                w.strideWidth(),
                layout.rowLength(),
                taps,
                kernel);
    }

    private static int[] multiples(int count, int step) {
        int[] out = new int[count];
        for (int i = 0; i < count; i++) {
            out[i] = i * step;
        }
        return out;
    }

    /**
     * One class of positions along one axis of the image: h with h + pad ≡ remainder (mod stride). Position
     * {@code first + stride·q} meets gradient position {@code source[i] + q} through kernel position {@code kernel[i]}.
     */
    private record Axis(int count, int first, int[] kernel, int[] source) {
        static List<Axis> all(int size, int kernel, int stride, int pad, int dilation) {
            List<Axis> axes = new ArrayList<>();
            for (int remainder = 0; remainder < stride; remainder++) {
                int start = Math.max(0, Math.ceilDiv(pad - remainder, stride));
                int end = Math.floorDiv(pad + size - 1 - remainder, stride) + 1;
                if (end > start) {
                    axes.add(of(remainder, start, end - start, kernel, stride, pad, dilation));
                }
            }
            return axes;
        }

        private static Axis of(int remainder, int start, int count, int kernel, int stride, int pad, int dilation) {
            List<Integer> met = new ArrayList<>();
            for (int i = 0; i < kernel; i++) {
                if (i * dilation % stride == remainder) {
                    met.add(i);
                }
            }
            int[] positions = new int[met.size()];
            int[] source = new int[met.size()];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = met.get(i);
                source[i] = start - (positions[i] * dilation - remainder) / stride;
            }
            return new Axis(count, remainder + start * stride - pad, positions, source);
        }

        /** The lowest gradient position met; a large one if there is none. */
        int lowest() {
            int lowest = Integer.MAX_VALUE;
            for (int s : source) {
                lowest = Math.min(lowest, s);
            }
            return lowest == Integer.MAX_VALUE ? 0 : lowest;
        }

        /** The highest gradient position met. */
        int highest() {
            int highest = 0;
            for (int s : source) {
                highest = Math.max(highest, s + count - 1);
            }
            return highest;
        }
    }
}
