package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;

/** How pooling is written: sums over windows are convolutions with ones, channel by channel. */
final class ExportPools {
    private ExportPools() {}

    static Plan of(Expr node, Op.Pool p) {
        return switch (p.kind()) {
            case MAX ->
                padsWithinKernel(p.window())
                        ? Plan.node(node, "MaxPool", maximum(p.window()))
                        : new Plan(node.operands(), (g, in) -> gathered(g, node, p, in.get(0)));
            case SUM -> ones(node, p, Op.ConvForm.FORWARD, "Conv");
            case SUM_ADJOINT -> ones(node, p, Op.ConvForm.INPUT_ADJOINT, "ConvTranspose");
            case MAX_SELECT, MAX_SCATTER -> throw ExportPlans.refused(node, "occurs only in derivatives");
        };
    }

    private static AttributeProto[] maximum(Window w) {
        return new AttributeProto[] {
            Attributes.of("kernel_shape", List.of(w.kernelHeight(), w.kernelWidth())),
            Attributes.of("strides", List.of(w.strideHeight(), w.strideWidth())),
            Attributes.of("pads", List.of(w.padTop(), w.padLeft(), w.padBottom(), w.padRight())),
            Attributes.of("dilations", List.of(w.dilationHeight(), w.dilationWidth()))
        };
    }

    /** Whether ONNX Runtime averages over such windows: not dilated, none of them wholly in the padding. */
    static boolean hasAverage(Window w) {
        return w.dilationHeight() == 1 && w.dilationWidth() == 1 && padsWithinKernel(w);
    }

    private static boolean padsWithinKernel(Window w) {
        return Math.max(w.padTop(), w.padBottom()) < w.kernelHeight()
                && Math.max(w.padLeft(), w.padRight()) < w.kernelWidth();
    }

    /**
     * A maximum over windows whose padding ONNX Runtime refuses (a dilated kernel may be padded by more than its cells):
     * the cells of each window are gathered, a cell in the padding replaced by one of the same window in the image.
     */
    private static String gathered(ExportGraph g, Expr node, Op.Pool p, String x) {
        Window w = p.window();
        int kh = w.kernelHeight();
        int kw = w.kernelWidth();
        long[] rows = cells(node, kh, w.outputHeight(p.height()), p.height(), w::inputRow);
        long[] columns = cells(node, kw, w.outputWidth(p.width()), p.width(), w::inputColumn);
        String tall = g.helper("Gather", List.of(x, g.ints(rows)), Attributes.of("axis", 2));
        String all = g.helper("Gather", List.of(tall, g.ints(columns)), Attributes.of("axis", 3));
        return g.node(
                "MaxPool",
                node.label(),
                List.of(all),
                Attributes.of("kernel_shape", List.of(kh, kw)),
                Attributes.of("strides", List.of(kh, kw)));
    }

    private static long[] cells(Expr node, int kernel, int places, int size, IntBinaryOperator index) {
        long[] cells = new long[places * kernel];
        for (int place = 0; place < places; place++) {
            int at = place;
            int first = IntStream.range(0, kernel)
                    .map(k -> index.applyAsInt(at, k))
                    .filter(i -> i >= 0 && i < size)
                    .findFirst()
                    .orElseThrow(() -> ExportPlans.refused(node, "has windows that lie in the padding only"));
            for (int k = 0; k < kernel; k++) {
                int cell = index.applyAsInt(place, k);
                cells[place * kernel + k] = cell >= 0 && cell < size ? cell : first;
            }
        }
        return cells;
    }

    /** An average over windows that {@link #hasAverage}. */
    static AttributeProto[] average(Window w, boolean countPadding) {
        return new AttributeProto[] {
            Attributes.of("kernel_shape", List.of(w.kernelHeight(), w.kernelWidth())),
            Attributes.of("strides", List.of(w.strideHeight(), w.strideWidth())),
            Attributes.of("pads", List.of(w.padTop(), w.padLeft(), w.padBottom(), w.padRight())),
            Attributes.of("count_include_pad", countPadding ? 1 : 0)
        };
    }

    private static Plan ones(Expr node, Op.Pool p, Op.ConvForm form, String operator) {
        Window w = p.window();
        int channels = node.shape().size(1);
        Shape kernel = Shape.of(channels, 1, w.kernelHeight(), w.kernelWidth());
        Op.Conv conv = new Op.Conv(form, w, channels, p.height(), p.width());
        AttributeProto[] attributes = form == Op.ConvForm.FORWARD
                ? ExportContractions.attributes(conv)
                : ExportContractions.transposed(conv, node.operand(0).shape());
        return new Plan(
                node.operands(),
                (g, in) -> g.node(
                        operator,
                        node.label(),
                        List.of(in.get(0), g.constant(Tensor.fill(kernel, node.dtype(), i -> 1))),
                        attributes));
    }
}
