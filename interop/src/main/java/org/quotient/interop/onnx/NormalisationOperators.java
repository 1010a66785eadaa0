package org.quotient.interop.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.interop.onnx.OperatorTable.Rule;

/** Batch, layer and instance normalisation, softmax. */
final class NormalisationOperators {
    private NormalisationOperators() {}

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("BatchNormalization", OperatorTable.real(NormalisationOperators::batch));
        rules.put("LayerNormalization", OperatorTable.real(NormalisationOperators::layer));
        rules.put("InstanceNormalization", OperatorTable.real(NormalisationOperators::instance));
        rules.put("Softmax", OperatorTable.real(n -> softmax(n, false)));
        rules.put("LogSoftmax", OperatorTable.real(n -> softmax(n, true)));
        return rules;
    }

    /** Running statistics are buffers; in training mode they are listed, and the batch's own are used. */
    private static Expr batch(Node node) {
        Expr x = node.real(0);
        Expr gamma = node.real(1);
        Expr beta = node.real(2);
        Expr mean = node.buffer(3);
        Expr variance = node.buffer(4);
        if (x.shape().rank() < 2) {
            throw node.fail("expects an input [N, C, ...]; given " + x.describe() + ".");
        }
        Shape channels = Shape.of(x.shape().size(1));
        for (Expr each : List.of(gamma, beta, mean, variance)) {
            if (!each.shape().equals(channels)) {
                throw node.fail(
                        "expects one number per channel, shape " + channels + "; given " + each.describe() + ".");
            }
        }
        double epsilon = node.number("epsilon", 1e-5f);
        boolean training = node.opset() < 14 ? node.namedOutputs() > 1 : node.flag("training_mode", false);
        return training
                ? Layers.batchNorm(x, gamma, beta, epsilon)
                : Layers.batchNorm(x, gamma, beta, mean, variance, epsilon);
    }

    private static Expr layer(Node node) {
        Expr x = node.real(0);
        int first = node.axis(node.integer("axis", -1), x.shape().rank());
        List<Integer> axes = IntStream.range(first, x.shape().rank()).boxed().toList();
        Expr standardised = Expr.of(new Op.Standardise(axes, node.number("epsilon", 1e-5f)), x);
        Expr scaled = Ops.mul(Ops.broadcastTo(node.real(1), x.shape()), standardised);
        return node.has(2) ? scaled.plus(Ops.broadcastTo(node.real(2), x.shape())) : scaled;
    }

    private static Expr instance(Node node) {
        Expr x = node.real(0);
        if (x.shape().rank() < 3) {
            throw node.fail("expects an input [N, C, ...] with spatial axes; given " + x.describe() + ".");
        }
        List<Integer> axes = IntStream.range(2, x.shape().rank()).boxed().toList();
        Expr standardised = Expr.of(new Op.Standardise(axes, node.number("epsilon", 1e-5f)), x);
        return Layers.alongAxis(node.real(1), x, 1).times(standardised).plus(Layers.alongAxis(node.real(2), x, 1));
    }

    /** Before opset 13 all axes from the given one on form a single one. */
    private static Expr softmax(Node node, boolean log) {
        Expr x = node.real(0);
        int rank = x.shape().rank();
        boolean flattens = node.opset() < 13;
        int axis = node.axis(node.integer("axis", flattens ? 1 : -1), rank);
        if (!flattens || axis == rank - 1) {
            return log ? Ops.logSoftmax(x, axis) : Ops.softmax(x, axis);
        }
        int[] sizes = java.util.Arrays.copyOf(x.shape().sizes(), axis + 1);
        sizes[axis] = (int) Shaping.count(node, x.shape(), axis);
        Expr flat = Ops.reshape(x, Shape.of(sizes));
        return Ops.reshape(log ? Ops.logSoftmax(flat, axis) : Ops.softmax(flat, axis), x.shape());
    }
}
