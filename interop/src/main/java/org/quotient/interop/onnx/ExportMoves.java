package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/** How operations that move elements are written. */
final class ExportMoves {
    private ExportMoves() {}

    static AttributeProto castTo(DType dtype) {
        return Attributes.of(
                "to", dtype == DType.F64 ? TensorProto.DataType.DOUBLE_VALUE : TensorProto.DataType.FLOAT_VALUE);
    }

    static Plan of(Expr node, Op.Move move) {
        return switch (move) {
            case Op.Reshape r ->
                new Plan(
                        node.operands(),
                        (g, in) -> g.node("Reshape", node.label(), List.of(in.get(0), g.ints(copied(r.to())))));
            case Op.Transpose t -> Plan.node(node, "Transpose", Attributes.of("perm", t.order()));
            case Op.Broadcast b -> new Plan(node.operands(), (g, in) -> broadcast(g, node, b, in.get(0)));
            case Op.Slice s -> new Plan(node.operands(), (g, in) -> slice(g, node, s, in.get(0)));
            case Op.Pad p -> new Plan(node.operands(), (g, in) -> pad(g, node, p, in.get(0)));
            case Op.Concat c -> Plan.node(node, "Concat", Attributes.of("axis", c.axis()));
            case Op.Gather a ->
                new Plan(
                        node.operands(),
                        (g, in) -> g.node(
                                "Gather",
                                node.label(),
                                List.of(in.get(0), g.ints(a.indices())),
                                Attributes.of("axis", a.axis())));
            case Op.Scatter s -> new Plan(node.operands(), (g, in) -> scatter(g, node, s, in.get(0)));
        };
    }

    /** The sizes of a Reshape: 0 copies the batch, which is the leading axis on both sides. */
    private static long[] copied(Shape to) {
        return Arrays.stream(to.sizes())
                .mapToLong(size -> size == Shape.N ? 0 : size)
                .toArray();
    }

    /** The core of a broadcast with axes of size 1, so that ONNX's own rules repeat it. */
    static String aligned(ExportGraph g, Expr broadcast, String core) {
        if (!(broadcast.op() instanceof Op.Broadcast b) || b.axes().isEmpty()) {
            return core;
        }
        int first = b.axes().get(0);
        long[] inserted = IntStream.range(first, b.to().rank())
                .filter(i -> !b.axes().contains(i))
                .mapToLong(i -> i - (long) first)
                .toArray();
        return inserted.length == 0 ? core : g.helper("Unsqueeze", List.of(core, g.ints(inserted)));
    }

    private static String broadcast(ExportGraph g, Expr node, Op.Broadcast b, String core) {
        int[] sizes = b.to().sizes();
        b.axes().forEach(axis -> sizes[axis] = 1);
        String wide = aligned(g, node, core);
        return g.node("Expand", node.label(), List.of(wide, g.shape(Shape.of(sizes))));
    }

    private static String slice(ExportGraph g, Expr node, Op.Slice s, String x) {
        Shape from = node.operand(0).shape();
        List<Integer> axes = IntStream.range(0, from.rank())
                .filter(i -> from.size(i) != Shape.N
                        && (s.starts().get(i) != 0
                                || s.stops().get(i) != from.size(i)
                                || s.steps().get(i) != 1))
                .boxed()
                .toList();
        if (axes.isEmpty()) {
            return g.node("Identity", node.label(), List.of(x));
        }
        return g.node(
                "Slice",
                node.label(),
                List.of(
                        x,
                        g.ints(axes.stream().map(s.starts()::get).toList()),
                        g.ints(axes.stream().map(s.stops()::get).toList()),
                        g.ints(axes),
                        g.ints(axes.stream().map(s.steps()::get).toList())));
    }

    private static String pad(ExportGraph g, Expr node, Op.Pad p, String x) {
        int[] sizes = node.operand(0).shape().sizes();
        String spread = x;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (p.interior().get(axis) > 0 && sizes[axis] > 1) {
                spread = interleave(g, spread, sizes, axis, p.interior().get(axis));
            }
        }
        List<Integer> pads = new ArrayList<>(p.before());
        pads.addAll(p.after());
        return g.node("Pad", node.label(), List.of(spread, g.ints(pads)));
    }

    /** Zeros between neighbours along one axis: an axis of size 1 after it is padded and merged. Updates the sizes. */
    private static String interleave(ExportGraph g, String x, int[] sizes, int axis, int gap) {
        String opened = g.helper("Unsqueeze", List.of(x, g.ints(axis + 1)));
        long[] pads = new long[2 * (sizes.length + 1)];
        pads[pads.length - sizes.length + axis] = gap;
        String padded = g.helper("Pad", List.of(opened, g.ints(pads)));
        int full = sizes[axis] * (gap + 1);
        sizes[axis] = full;
        String merged = g.helper("Reshape", List.of(padded, g.ints(copied(Shape.of(sizes)))));
        sizes[axis] = full - gap;
        return g.helper("Slice", List.of(merged, g.ints(0), g.ints(full - gap), g.ints(axis)));
    }

    /** A scatter adds along one axis: a product with a matrix of zeros and ones. */
    private static String scatter(ExportGraph g, Expr node, Op.Scatter s, String x) {
        int rows = s.indices().size();
        double[] matrix = new double[rows * s.size()];
        for (int i = 0; i < rows; i++) {
            matrix[i * s.size() + s.indices().get(i)] = 1;
        }
        String letters = "abcdefghijklmnop".substring(0, node.shape().rank());
        char along = letters.charAt(s.axis());
        String equation = letters + "," + along + "z->" + letters.replace(along, 'z');
        String chosen = g.constant(Tensor.of(Shape.of(rows, s.size()), node.dtype(), matrix));
        return g.node("Einsum", node.label(), List.of(x, chosen), Attributes.of("equation", equation));
    }
}
