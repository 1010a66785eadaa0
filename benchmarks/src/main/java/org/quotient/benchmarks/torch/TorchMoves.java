package org.quotient.benchmarks.torch;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;

/** Movement of elements as calls of PyTorch. */
final class TorchMoves {
    private TorchMoves() {}

    static String of(TorchCode code, Expr node, Op.Move move) {
        String x = code.name(node.operand(0));
        return switch (move) {
            case Op.Reshape r -> "torch.reshape(" + x + ", " + code.sizes(r.to()) + ")";
            case Op.Transpose t -> "torch.permute(" + x + ", " + TorchCode.list(t.order()) + ")";
            case Op.Broadcast b -> broadcast(code, node.operand(0), b, x);
            case Op.Slice s -> slice(node.operand(0), s, x);
            case Op.Pad p -> pad(node, p, x);
            case Op.Concat c ->
                node.operands().stream().map(code::name).collect(Collectors.joining(", ", "torch.cat([", "]")) + ", "
                        + c.axis() + ")";
            case Op.Gather g ->
                "torch.index_select(" + x + ", " + g.axis() + ", torch.tensor(" + TorchCode.list(g.indices()) + "))";
            case Op.Scatter s -> throw TorchCode.unknown(node);
        };
    }

    /** The operand with axes of size 1 where it repeats, expanded. */
    private static String broadcast(TorchCode code, Expr operand, Op.Broadcast b, String x) {
        int[] with = new int[b.to().rank()];
        Arrays.fill(with, 1);
        for (int i = 0; i < b.axes().size(); i++) {
            with[b.axes().get(i)] = operand.shape().size(i);
        }
        return "torch.expand(torch.reshape(" + x + ", " + code.sizes(Shape.of(with)) + "), " + code.sizes(b.to()) + ")";
    }

    private static String slice(Expr operand, Op.Slice s, String x) {
        String text = x;
        for (int axis = 0; axis < s.starts().size(); axis++) {
            int stop = s.stops().get(axis);
            boolean whole = s.starts().get(axis) == 0
                    && s.steps().get(axis) == 1
                    && stop == operand.shape().size(axis);
            if (!whole) {
                text = "torch.slice(" + text + ", " + axis + ", " + s.starts().get(axis) + ", " + stop + ", "
                        + s.steps().get(axis) + ")";
            }
        }
        return text.equals(x) ? "torch.alias(" + x + ")" : text;
    }

    private static String pad(Expr node, Op.Pad p, String x) {
        if (p.interior().stream().anyMatch(i -> i > 0)) {
            throw TorchCode.unknown(node);
        }
        int rank = p.before().size();
        int[] pairs = new int[2 * rank];
        for (int axis = 0; axis < rank; axis++) {
            pairs[2 * (rank - 1 - axis)] = p.before().get(axis);
            pairs[2 * (rank - 1 - axis) + 1] = p.after().get(axis);
        }
        return "torch.constant_pad_nd(" + x + ", " + TorchCode.list(pairs) + ", 0)";
    }

    /** Whether axes are all but the second, so that statistics are per channel. */
    static boolean allButChannel(Expr x, List<Integer> axes) {
        return axes.size() == x.shape().rank() - 1 && !axes.contains(1);
    }
}
