package org.quotient.interop.onnx;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;

/** Finds expressions that together are one layer of ONNX: products with a bias, normalisations, means, averages. */
final class ExportLayers {
    private ExportLayers() {}

    static Optional<Plan> match(Expr node, ExportPlans plans) {
        if (!(node.op() instanceof Op.Binary binary)) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                switch (binary.kind()) {
                    case ADD -> sum(node, plans);
                    case DIV -> mean(node, plans);
                    case MUL -> average(node, plans);
                    default -> null;
                });
    }

    private static @Nullable Plan sum(Expr node, ExportPlans plans) {
        Plan plan = biased(node, node.operand(0), node.operand(1), plans);
        return plan != null ? plan : biased(node, node.operand(1), node.operand(0), plans);
    }

    private static @Nullable Plan biased(Expr node, Expr layer, Expr shift, ExportPlans plans) {
        if (!(shift.op() instanceof Op.Broadcast b) || !plans.single(layer)) {
            return null;
        }
        Expr bias = shift.operand(0);
        if (layer.op() instanceof Op.Einsum e && b.axes().equals(List.of(1))) {
            ExportContractions.Gemm gemm = ExportContractions.gemm(layer, e);
            return gemm == null
                    ? null
                    : new Plan(
                            List.of(gemm.a(), gemm.b(), bias),
                            (g, in) -> g.node("Gemm", label(node, layer), in, gemm.attributes()));
        }
        boolean forward = layer.op() instanceof Op.Conv c && c.form() == Op.ConvForm.FORWARD;
        if (forward && layer.op() instanceof Op.Conv c && b.axes().equals(List.of(1))) {
            return new Plan(
                    List.of(layer.operand(0), layer.operand(1), bias),
                    (g, in) -> g.node("Conv", label(node, layer), in, ExportContractions.attributes(c)));
        }
        return layer.op() instanceof Op.Binary m && m.kind() == Op.BinaryKind.MUL
                ? normalised(node, layer, b, bias, plans)
                : null;
    }

    private static String label(Expr node, Expr inner) {
        return node.label().isEmpty() ? inner.label() : node.label();
    }

    /** scale·standardised + bias, both repeated along the same axes. */
    private static @Nullable Plan normalised(
            Expr node, Expr product, Op.Broadcast shift, Expr bias, ExportPlans plans) {
        for (int i = 0; i < 2; i++) {
            Expr scale = product.operand(i);
            Expr inner = product.operand(1 - i);
            boolean aligned = scale.op() instanceof Op.Broadcast b && b.axes().equals(shift.axes());
            if (aligned && plans.single(inner)) {
                Plan plan = normalisation(node, inner, shift.axes(), scale.operand(0), bias);
                if (plan != null) {
                    return plan;
                }
            }
        }
        return null;
    }

    private static @Nullable Plan normalisation(Expr node, Expr inner, List<Integer> axes, Expr scale, Expr bias) {
        int rank = node.shape().rank();
        if (inner.op() instanceof Op.StandardiseWith s
                && ExportNormalisations.isPerChannel(s.axes(), rank)
                && axes.equals(List.of(1))) {
            return new Plan(
                    List.of(inner.operand(0), scale, bias, inner.operand(1), inner.operand(2)),
                    (g, in) -> g.node("BatchNormalization", label(node, inner), in, Attributes.of("epsilon", (float)
                            s.epsilon())));
        }
        if (inner.op() instanceof Op.Standardise s
                && s.axes().equals(axes)
                && axes.equals(last(axes.size(), rank))
                && ExportNormalisations.storable(s.epsilon(), node.dtype())) {
            return new Plan(
                    List.of(inner.operand(0), scale, bias),
                    (g, in) -> g.node(
                            "LayerNormalization",
                            label(node, inner),
                            in,
                            Attributes.of("axis", axes.get(0)),
                            Attributes.of("epsilon", (float) s.epsilon())));
        }
        return null;
    }

    private static List<Integer> last(int count, int rank) {
        return IntStream.range(rank - count, rank).boxed().toList();
    }

    // ---- Means

    /** A sum over axes divided by how many elements they hold. */
    private static @Nullable Plan mean(Expr node, ExportPlans plans) {
        Expr total = node.operand(0);
        if (!(total.op() instanceof Op.Reduce r) || r.kind() != Op.ReduceKind.SUM || !plans.single(total)) {
            return null;
        }
        double count = 1;
        for (int axis : r.axes()) {
            count *= total.operand(0).shape().size(axis);
        }
        Double divisor = scalar(node.operand(1));
        if (count <= 0 || divisor == null || divisor != node.dtype().round(count)) {
            return null;
        }
        return new Plan(
                total.operands(),
                (g, in) -> g.node(
                        "ReduceMean",
                        label(node, total),
                        in,
                        Attributes.of("axes", r.axes()),
                        Attributes.of("keepdims", 0)));
    }

    /** A sum over windows times the inverse of how many cells they hold, padding included or not. */
    private static @Nullable Plan average(Expr node, ExportPlans plans) {
        Expr sums = node.operand(0);
        if (!(sums.op() instanceof Op.Pool p) || p.kind() != Op.PoolKind.SUM || !plans.single(sums)) {
            return null;
        }
        for (boolean countPadding : new boolean[] {true, false}) {
            Expr expected = Ops.averagePool2d(sums.operand(0), p.window(), countPadding);
            if (ExportPools.hasAverage(p.window()) && sameFactor(node.operand(1), expected.operand(1), node.dtype())) {
                return new Plan(
                        sums.operands(),
                        (g, in) -> g.node(
                                "AveragePool", label(node, sums), in, ExportPools.average(p.window(), countPadding)));
            }
        }
        return null;
    }

    private static boolean sameFactor(Expr given, Expr expected, DType dtype) {
        if (!(given.op() instanceof Op.Broadcast a)
                || !(expected.op() instanceof Op.Broadcast b)
                || !a.axes().equals(b.axes())) {
            return false;
        }
        return given.operand(0).op() instanceof Op.Constant x
                && expected.operand(0).op() instanceof Op.Constant y
                && x.value().cast(dtype).sameBits(y.value().cast(dtype));
    }

    private static @Nullable Double scalar(Expr x) {
        Expr core = x.op() instanceof Op.Broadcast b && b.axes().isEmpty() ? x.operand(0) : x;
        Tensor value = core.op() instanceof Op.Constant c ? c.value() : null;
        return value == null || value.size() != 1 ? null : value.get(0);
    }
}
