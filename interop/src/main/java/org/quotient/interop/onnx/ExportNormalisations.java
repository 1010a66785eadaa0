package org.quotient.interop.onnx;

import java.util.List;
import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** How standardisation without scale and shift is written; {@link ExportLayers} has whole normalisation layers. */
final class ExportNormalisations {
    private ExportNormalisations() {}

    /**
     * By statistics of the values themselves, in elementary operators: ONNX Runtime has no normalisation by the batch's
     * statistics for inference. Our reader recognises the form.
     */
    static Plan standardise(Expr node, Op.Standardise s) {
        return new Plan(node.operands(), (g, in) -> {
            String x = in.get(0);
            String mean = mean(g, x, s.axes());
            String centred = g.helper("Sub", List.of(x, mean));
            String variance = mean(g, g.helper("Mul", List.of(centred, centred)), s.axes());
            String deviation = deviation(g, variance, s.epsilon(), node.dtype());
            return g.node("Div", node.label(), List.of(centred, deviation));
        });
    }

    private static String mean(ExportGraph g, String x, List<Integer> axes) {
        return g.helper("ReduceMean", List.of(x), Attributes.of("axes", axes), Attributes.of("keepdims", 1));
    }

    private static String deviation(ExportGraph g, String variance, double epsilon, DType dtype) {
        String shifted =
                dtype.round(epsilon) == 0 ? variance : g.helper("Add", List.of(variance, g.scalar(epsilon, dtype)));
        return g.helper("Sqrt", List.of(shifted));
    }

    /** By given statistics: BatchNormalization if they are per channel. */
    static Plan standardiseWith(Expr node, Op.StandardiseWith s) {
        int rank = node.shape().rank();
        if (isPerChannel(s.axes(), rank)) {
            Shape channels = Shape.of(node.shape().size(1));
            return new Plan(node.operands(), (g, in) -> {
                String one = g.constant(Tensor.fill(channels, node.dtype(), i -> 1));
                String zero = g.constant(Tensor.fill(channels, node.dtype(), i -> 0));
                return g.node(
                        "BatchNormalization",
                        node.label(),
                        List.of(in.get(0), one, zero, in.get(1), in.get(2)),
                        Attributes.of("epsilon", (float) s.epsilon()));
            });
        }
        return new Plan(node.operands(), (g, in) -> {
            String axes = g.ints(s.axes());
            String mean = g.helper("Unsqueeze", List.of(in.get(1), axes));
            String variance = g.helper("Unsqueeze", List.of(in.get(2), axes));
            String centred = g.helper("Sub", List.of(in.get(0), mean));
            String deviation = deviation(g, variance, s.epsilon(), node.dtype());
            return g.node("Div", node.label(), List.of(centred, deviation));
        });
    }

    /** Whether the axes are all but the channels. */
    static boolean isPerChannel(List<Integer> axes, int rank) {
        return rank >= 2
                && axes.equals(
                        IntStream.range(0, rank).filter(i -> i != 1).boxed().toList());
    }

    /** Whether an epsilon is the same in the format, which stores attributes in single precision. */
    static boolean storable(double epsilon, DType dtype) {
        return dtype == DType.F32 || (float) epsilon == epsilon;
    }
}
