package org.quotient.autodiff;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Averages over windows: sums divided by what each window counts. */
final class AveragePooling {
    private AveragePooling() {}

    /** Average pooling: divided by the kernel's size, or only by the cells inside the image. */
    static Expr of(Expr x, Window window, boolean countPadding) {
        Expr sums = Ops.sumPool2d(x, window);
        if (countPadding || !window.padded()) {
            return sums.times(1.0 / (window.kernelHeight() * window.kernelWidth()));
        }
        int h = x.shape().size(2);
        int w = x.shape().size(3);
        int oh = sums.shape().size(2);
        int ow = sums.shape().size(3);
        double[] inverse = new double[oh * ow];
        for (int y = 0; y < oh; y++) {
            int row = y;
            int rows = inside(window.kernelHeight(), k -> window.inputRow(row, k), h);
            for (int xx = 0; xx < ow; xx++) {
                int column = xx;
                int columns = inside(window.kernelWidth(), k -> window.inputColumn(column, k), w);
                inverse[y * ow + xx] = 1.0 / Math.max(1, rows * columns);
            }
        }
        return Ops.mul(sums, Expr.constant(Tensor.of(Shape.of(oh, ow), x.dtype(), inverse)));
    }

    private static int inside(int kernel, IntUnaryOperator index, int size) {
        return (int) IntStream.range(0, kernel)
                .map(index)
                .filter(k -> k >= 0 && k < size)
                .count();
    }
}
