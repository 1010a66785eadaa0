package org.quotient.benchmarks.torch;

import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;

/**
 * Several nodes that PyTorch has one call for: a product with its bias, a normalisation with its scale and shift. Peers are
 * to be as fast as they can be.
 */
final class TorchLayers {
    private final TorchCode code;

    TorchLayers(TorchCode code) {
        this.code = code;
    }

    /** The layer that ends in a node, if there is one. */
    Optional<String> of(Expr node) {
        if (node.op() instanceof Op.Einsum e) {
            return linear(node, e, "None");
        }
        if (!(node.op() instanceof Op.Binary b)
                || b.kind() != Op.BinaryKind.ADD
                || !(node.operand(1).op() instanceof Op.Broadcast along)) {
            return Optional.empty();
        }
        Expr before = node.operand(0);
        Expr bias = node.operand(1).operand(0);
        if (before.op() instanceof Op.Einsum e && along(along, before.shape().rank() - 1)) {
            return linear(before, e, code.name(bias));
        }
        if (before.op() instanceof Op.Conv c && along(along, 1)) {
            return Optional.of(convolution(before, c, code.name(bias)));
        }
        return normalised(before, along, bias);
    }

    private static boolean along(Op.Broadcast b, int axis) {
        return b.axes().equals(List.of(axis));
    }

    /** x·Wᵀ + b, where the last axis of x is contracted with the last of a matrix. */
    private Optional<String> linear(Expr node, Op.Einsum e, String bias) {
        String lead = e.left().substring(0, e.left().length() - 1);
        String inner = e.left().substring(lead.length());
        boolean fits = e.right().length() == 2
                && e.right().endsWith(inner)
                && e.out().equals(lead + e.right().charAt(0));
        return fits
                ? Optional.of("torch.linear(" + code.name(node.operand(0)) + ", " + code.name(node.operand(1)) + ", "
                        + bias + ")")
                : Optional.empty();
    }

    /** γ·standardise(x) + β with γ and β along the same axis. */
    private Optional<String> normalised(Expr scaled, Op.Broadcast along, Expr shift) {
        boolean product = scaled.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL;
        if (!product
                || !(scaled.operand(0).op() instanceof Op.Broadcast scale)
                || !scale.axes().equals(along.axes())
                || !(scaled.operand(1).op() instanceof Op.Standardise s)) {
            return Optional.empty();
        }
        Expr x = scaled.operand(1).operand(0);
        int axis = TorchMoves.allButChannel(x, s.axes()) ? 1 : x.shape().rank() - 1;
        return along(along, axis)
                ? Optional.of(standardise(
                        scaled.operand(1), s, code.name(scaled.operand(0).operand(0)), code.name(shift)))
                : Optional.empty();
    }

    String standardise(Expr node, Op.Standardise s, String scale, String shift) {
        Expr x = node.operand(0);
        int last = x.shape().rank() - 1;
        if (TorchMoves.allButChannel(x, s.axes())) {
            return "torch.batch_norm(" + code.name(x) + ", " + scale + ", " + shift + ", None, None, True, 0.1, "
                    + s.epsilon() + ", False)";
        }
        if (s.axes().equals(List.of(last))) {
            return "torch.layer_norm(" + code.name(x) + ", [" + x.shape().size(last) + "], " + scale + ", " + shift
                    + ", " + s.epsilon() + ")";
        }
        throw TorchCode.unknown(node);
    }

    String convolution(Expr node, Op.Conv c, String bias) {
        if (c.form() != Op.ConvForm.FORWARD) {
            throw TorchCode.unknown(node);
        }
        Window w = c.window();
        return "torch.conv2d(" + code.name(node.operand(0)) + ", " + code.name(node.operand(1)) + ", " + bias + ", "
                + strides(w) + ", " + pads(node, w) + ", "
                + TorchCode.list(w.dilationHeight(), w.dilationWidth()) + ", " + c.groups() + ")";
    }

    String pool(Expr node, Op.Pool p) {
        Window w = p.window();
        String x = code.name(node.operand(0));
        String kernel = TorchCode.list(w.kernelHeight(), w.kernelWidth());
        boolean dilated = w.dilationHeight() > 1 || w.dilationWidth() > 1;
        if (p.kind() == Op.PoolKind.MAX) {
            return "torch.max_pool2d(" + x + ", " + kernel + ", " + strides(w) + ", " + pads(node, w) + ", "
                    + TorchCode.list(w.dilationHeight(), w.dilationWidth()) + ", False)";
        }
        if (p.kind() == Op.PoolKind.SUM && !dilated) {
            return "torch.avg_pool2d(" + x + ", " + kernel + ", " + strides(w) + ", " + pads(node, w)
                    + ", False, True, 1)";
        }
        throw TorchCode.unknown(node);
    }

    private static String strides(Window w) {
        return TorchCode.list(w.strideHeight(), w.strideWidth());
    }

    private static String pads(Expr node, Window w) {
        if (w.padTop() != w.padBottom() || w.padLeft() != w.padRight()) {
            throw TorchCode.unknown(node);
        }
        return TorchCode.list(w.padTop(), w.padLeft());
    }

    /** The number that a node is, in every element, if it is a constant of that kind. */
    static Optional<Double> number(Expr node, int batch) {
        return switch (node.op()) {
            case Op.Constant c
            when c.value().size() == 1 -> Optional.of(c.value().get(0));
            case Op.BatchSize b -> Optional.of((double) batch);
            case Op.Broadcast b -> number(node.operand(0), batch);
            case Op.Binary b
            when b.kind() == Op.BinaryKind.MUL ->
                number(node.operand(0), batch)
                        .flatMap(x -> number(node.operand(1), batch).map(y -> x * y));
            default -> Optional.empty();
        };
    }
}
