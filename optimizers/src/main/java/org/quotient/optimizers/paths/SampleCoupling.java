package org.quotient.optimizers.paths;

import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;

/** Whether an operation lets the samples of a batch influence each other. */
final class SampleCoupling {
    private SampleCoupling() {}

    /** Whether a value of one sample depends on another sample's operands. */
    static boolean couples(Expr node) {
        return switch (node.op()) {
            case Op.Leaf l -> false;
            case Op.Elementwise e -> false;
            case Op.Reduce r -> leads(node.operand(0)) && r.axes().contains(0);
            case Op.Einsum e ->
                hasBatch(node)
                        && (!leads(node)
                                || letterElsewhere(node.operand(0), e.left(), e.out())
                                || letterElsewhere(node.operand(1), e.right(), e.out()));
            case Op.Conv c -> leads(node.operand(1)) || c.form() == Op.ConvForm.KERNEL_ADJOINT && hasBatch(node);
            case Op.Reshape r -> false;
            case Op.Transpose t -> leads(node.operand(0)) && t.order().getFirst() != 0;
            case Op.Broadcast b -> leads(node.operand(0)) && b.axes().getFirst() != 0;
            case Op.Slice s -> false;
            case Op.Pad p -> false;
            case Op.Concat c -> leads(node.operand(0)) && c.axis() == 0;
            case Op.Gather g -> leads(node.operand(0)) && g.axis() == 0;
            case Op.Scatter s -> leads(node.operand(0)) && s.axis() == 0;
            case Op.Pool p -> false;
            case Op.Standardise s -> leads(node.operand(0)) && s.axes().contains(0);
            case Op.StandardiseWith s -> node.operands().stream().skip(1).anyMatch(SampleCoupling::dependsOnBatch);
            case Op.Softmax s -> leads(node.operand(0)) && s.axis() == 0;
            case Op.Custom c -> hasBatch(node);
        };
    }

    /** Whether the batch is the leading axis. */
    private static boolean leads(Expr x) {
        return x.shape().rank() > 0 && x.shape().size(0) == Shape.N;
    }

    private static boolean hasBatch(Expr node) {
        return node.operands().stream().anyMatch(o -> o.shape().isSymbolic());
    }

    /** Whether the letter of an operand's batch axis is not that of the result's. */
    private static boolean letterElsewhere(Expr operand, String letters, String out) {
        return operand.shape().isSymbolic()
                && (!leads(operand) || letters.isEmpty() || letters.charAt(0) != out.charAt(0));
    }

    private static boolean dependsOnBatch(Expr x) {
        return !org.quotient.autodiff.Graph.variables(java.util.List.of(x), Op.Role.INPUT)
                .isEmpty();
    }
}
