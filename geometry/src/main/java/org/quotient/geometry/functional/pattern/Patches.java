package org.quotient.geometry.functional.pattern;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;

/**
 * Windows of an image batch as slices: [N, C, H, W] → [N, taps, C, oh, ow]. With them convolutions are Einstein sums, in which
 * each sample may have its own kernel, and maxima over windows are maxima over an axis.
 */
final class Patches {
    private Patches() {}

    /** The window's cells along a new axis 1, row by row; cells in the padding are 0. */
    static Expr of(Expr image, Window window, int height, int width) {
        Expr padded = window.padded()
                ? Ops.pad(
                        image,
                        List.of(0, 0, window.padTop(), window.padLeft()),
                        List.of(0, 0, window.padBottom(), window.padRight()))
                : image;
        int oh = window.outputHeight(height);
        int ow = window.outputWidth(width);
        List<Expr> taps = new ArrayList<>();
        for (int i = 0; i < window.kernelHeight(); i++) {
            for (int j = 0; j < window.kernelWidth(); j++) {
                int top = i * window.dilationHeight();
                int left = j * window.dilationWidth();
                Expr rows =
                        Ops.slice(padded, 2, top, top + (oh - 1) * window.strideHeight() + 1, window.strideHeight());
                Expr cells = Ops.slice(rows, 3, left, left + (ow - 1) * window.strideWidth() + 1, window.strideWidth());
                taps.add(Ops.reshape(cells, Shape.of(Shape.N, 1, image.shape().size(1), oh, ow)));
            }
        }
        return Ops.concat(1, taps);
    }

    /** 1 for cells inside the image and 0 in the padding, for one sample: [taps, channels, oh, ow], row-major. */
    static double[] inside(Window window, int channels, int height, int width) {
        Expr ones = Expr.of(
                new Op.Broadcast(Shape.of(Shape.N, channels, height, width), List.of()), Ops.scalar(1, DType.F64));
        Tensor value = org.quotient.autodiff.Evaluator.evaluate(
                        List.of(of(ones, window, height, width)), java.util.Map.of(), 1)
                .get(0);
        return value.data();
    }

    /** The convolution of an image batch with a kernel [O, C/groups, kh, kw]. */
    static Expr convolution(Op.Conv op, Expr image, Expr kernel) {
        Window w = op.window();
        Expr patches = of(image, w, op.height(), op.width());
        int outputs = kernel.shape().size(0);
        int inner = kernel.shape().size(1);
        int taps = w.kernelHeight() * w.kernelWidth();
        int oh = w.outputHeight(op.height());
        int ow = w.outputWidth(op.width());
        Expr grouped = Ops.reshape(patches, Shape.of(Shape.N, taps, op.groups(), inner, oh, ow));
        Expr sum = Ops.einsum("ntgcyx,goct->ngoyx", grouped, grouped(op, kernel, outputs, inner, taps));
        return Ops.reshape(sum, Shape.of(Shape.N, outputs, oh, ow));
    }

    /** The transposed convolution: every output cell spreads over its window. */
    static Expr transposed(Op.Conv op, Expr gradient, Expr kernel) {
        Window w = op.window();
        int outputs = kernel.shape().size(0);
        int inner = kernel.shape().size(1);
        int oh = w.outputHeight(op.height());
        int ow = w.outputWidth(op.width());
        Expr grouped = Ops.reshape(gradient, Shape.of(Shape.N, op.groups(), outputs / op.groups(), oh, ow));
        int taps = w.kernelHeight() * w.kernelWidth();
        Expr spread = Ops.einsum("ngoyx,goct->ntgcyx", grouped, grouped(op, kernel, outputs, inner, taps));
        int canvasHeight = op.height() + w.padTop() + w.padBottom();
        int canvasWidth = op.width() + w.padLeft() + w.padRight();
        Expr total = null;
        for (int i = 0; i < w.kernelHeight(); i++) {
            for (int j = 0; j < w.kernelWidth(); j++) {
                int tap = i * w.kernelWidth() + j;
                Expr cells =
                        Ops.reshape(Ops.slice(spread, 1, tap, tap + 1), Shape.of(Shape.N, op.groups() * inner, oh, ow));
                int top = i * w.dilationHeight();
                int left = j * w.dilationWidth();
                int bottom = canvasHeight - top - (oh - 1) * w.strideHeight() - 1;
                int right = canvasWidth - left - (ow - 1) * w.strideWidth() - 1;
                Expr placed = Expr.of(
                        new Op.Pad(
                                List.of(0, 0, top, left),
                                List.of(0, 0, bottom, right),
                                List.of(0, 0, w.strideHeight() - 1, w.strideWidth() - 1)),
                        cells);
                total = total == null ? placed : total.plus(placed);
            }
        }
        if (total == null) {
            throw new IllegalStateException("A kernel has at least one tap");
        }
        Expr rows = Ops.slice(total, 2, w.padTop(), w.padTop() + op.height());
        return Ops.slice(rows, 3, w.padLeft(), w.padLeft() + op.width());
    }

    private static Expr grouped(Op.Conv op, Expr kernel, int outputs, int inner, int taps) {
        return Ops.reshape(kernel, Shape.of(op.groups(), outputs / op.groups(), inner, taps));
    }

    /** The sums over windows. */
    static Expr sums(Op.Pool op, Expr image) {
        return Ops.sum(of(image, op.window(), op.height(), op.width()), 1);
    }
}
