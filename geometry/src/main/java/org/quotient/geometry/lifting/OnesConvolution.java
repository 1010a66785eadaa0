package org.quotient.geometry.lifting;

import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;

/**
 * Convolutions whose weights are 1, or 0 for taps that are dead in all channels: every output channel of a group is the same, and
 * depends on the sum of the group's input channels only. One narrow convolution takes the place of each.
 */
final class OnesConvolution {
    private OnesConvolution() {}

    /**
     * Which elements of a parameter are 1; the others are 0.
     *
     * @param live of all parameters
     * @param offset of this parameter's first
     */
    record Edge(BitSet live, int offset) {
        boolean at(int i) {
            return live.get(offset + i);
        }

        /** Per tap whether it is live in every channel; null if channels differ. */
        boolean @Nullable [] taps(Shape kernel) {
            int size = kernel.elements();
            int taps = kernel.size(2) * kernel.size(3);
            boolean[] first = new boolean[taps];
            for (int t = 0; t < taps && t < size; t++) {
                first[t] = at(t);
            }
            for (int i = taps; i < size; i++) {
                if (at(i) != first[i % taps]) {
                    return null;
                }
            }
            return first;
        }
    }

    /**
     * A graph of the same value with convolutions narrowed.
     *
     * @param total any value
     * @param edges the parameters
     */
    static Expr narrowed(Expr total, Map<Expr, Edge> edges) {
        Map<Expr, Expr> image = new IdentityHashMap<>();
        for (Expr node : Graph.topological(List.of(total))) {
            List<Expr> operands = node.operands().stream()
                    .map(o -> Objects.requireNonNull(image.get(o)))
                    .toList();
            image.put(node, narrow(node, operands, edges));
        }
        return Objects.requireNonNull(image.get(total));
    }

    private static Expr narrow(Expr node, List<Expr> operands, Map<Expr, Edge> edges) {
        if (node.op() instanceof Op.Conv conv && conv.form() == Op.ConvForm.FORWARD) {
            Edge edge = edges.get(node.operand(1));
            Shape kernel = node.operand(1).shape();
            boolean[] taps = edge == null ? null : edge.taps(kernel);
            if (taps != null) {
                return narrow(operands.get(0), conv, kernel, taps);
            }
        }
        return operands.isEmpty() ? node : node.withOperands(operands);
    }

    private static Expr narrow(Expr x, Op.Conv conv, Shape kernel, boolean[] taps) {
        Window window = conv.window();
        int groups = conv.groups();
        int n = x.shape().size(0);
        int outputs = kernel.size(0);
        Expr split = Ops.reshape(
                x,
                Shape.of(
                        n,
                        groups,
                        x.shape().size(1) / groups,
                        x.shape().size(2),
                        x.shape().size(3)));
        Shape narrow = Shape.of(groups, 1, kernel.size(2), kernel.size(3));
        Expr ones = Expr.constant(Tensor.fill(narrow, DType.F64, i -> taps[i % taps.length] ? 1 : 0));
        Expr one = Ops.conv2d(Ops.sum(split, 2), ones, window, groups);
        int height = one.shape().size(2);
        int width = one.shape().size(3);
        Shape repeated = Shape.of(n, groups, outputs / groups, height, width);
        Expr all = Expr.of(new Op.Broadcast(repeated, List.of(0, 1, 3, 4)), one);
        return Ops.reshape(all, Shape.of(n, outputs, height, width));
    }
}
