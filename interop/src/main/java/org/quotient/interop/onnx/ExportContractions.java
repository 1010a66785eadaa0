package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;

/** How products are written: MatMul, Gemm and Conv where they are ones, Einsum otherwise. */
final class ExportContractions {
    private ExportContractions() {}

    /** A product of two matrices in Gemm's terms. */
    record Gemm(Expr a, Expr b, boolean transA, boolean transB) {
        AttributeProto[] attributes() {
            return new AttributeProto[] {
                Attributes.of("transA", transA ? 1 : 0), Attributes.of("transB", transB ? 1 : 0)
            };
        }
    }

    static Plan einsum(Expr node, Op.Einsum e) {
        if (isMatMul(e)) {
            return Plan.node(node, "MatMul");
        }
        Gemm gemm = gemm(node, e);
        if (gemm != null) {
            return new Plan(
                    List.of(gemm.a(), gemm.b()), (g, in) -> g.node("Gemm", node.label(), in, gemm.attributes()));
        }
        return Plan.node(node, "Einsum", Attributes.of("equation", e.left() + "," + e.right() + "->" + e.out()));
    }

    private static boolean isMatMul(Op.Einsum e) {
        int l = e.left().length();
        int r = e.right().length();
        if (l < 2 || r < 2 || e.out().length() != Math.max(l, r)) {
            return false;
        }
        String lead = e.left().substring(0, l - 2);
        char m = e.left().charAt(l - 2);
        char k = e.left().charAt(l - 1);
        char n = e.right().charAt(r - 1);
        String right = e.right();
        boolean fits = right.equals("" + k + n) || right.equals(lead + k + n);
        return fits && e.out().equals(lead + m + n);
    }

    static @org.jspecify.annotations.Nullable Gemm gemm(Expr node, Op.Einsum e) {
        if (e.left().length() != 2 || e.right().length() != 2 || e.out().length() != 2) {
            return null;
        }
        boolean swapped = e.left().indexOf(e.out().charAt(0)) < 0;
        String a = swapped ? e.right() : e.left();
        String b = swapped ? e.left() : e.right();
        char m = e.out().charAt(0);
        char n = e.out().charAt(1);
        int row = a.indexOf(m);
        int column = b.indexOf(n);
        boolean product = row >= 0
                && column >= 0
                && a.indexOf(n) < 0
                && b.indexOf(m) < 0
                && a.charAt(1 - row) == b.charAt(1 - column);
        if (!product) {
            return null;
        }
        return new Gemm(node.operand(swapped ? 1 : 0), node.operand(swapped ? 0 : 1), row == 1, column == 0);
    }

    static Plan conv(Expr node, Op.Conv c) {
        return switch (c.form()) {
            case FORWARD -> Plan.node(node, "Conv", attributes(c));
            case INPUT_ADJOINT ->
                Plan.node(node, "ConvTranspose", transposed(c, node.operand(0).shape()));
            case KERNEL_ADJOINT -> throw ExportPlans.refused(node, "occurs only in derivatives");
        };
    }

    static AttributeProto[] attributes(Op.Conv c) {
        Window w = c.window();
        return new AttributeProto[] {
            Attributes.of("kernel_shape", List.of(w.kernelHeight(), w.kernelWidth())),
            Attributes.of("strides", List.of(w.strideHeight(), w.strideWidth())),
            Attributes.of("pads", List.of(w.padTop(), w.padLeft(), w.padBottom(), w.padRight())),
            Attributes.of("dilations", List.of(w.dilationHeight(), w.dilationWidth())),
            Attributes.of("group", c.groups())
        };
    }

    static AttributeProto[] transposed(Op.Conv c, Shape input) {
        Window w = c.window();
        int height = (input.size(2) - 1) * w.strideHeight()
                - w.padTop()
                - w.padBottom()
                + (w.kernelHeight() - 1) * w.dilationHeight()
                + 1;
        int width = (input.size(3) - 1) * w.strideWidth()
                - w.padLeft()
                - w.padRight()
                + (w.kernelWidth() - 1) * w.dilationWidth()
                + 1;
        AttributeProto[] all = java.util.Arrays.copyOf(attributes(c), 6);
        all[5] = Attributes.of("output_padding", List.of(c.height() - height, c.width() - width));
        return all;
    }
}
