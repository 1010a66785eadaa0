package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.List;
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
            case MAX -> Plan.node(node, "MaxPool", maximum(p.window()));
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

    /** An average whose window is not dilated. */
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
