package org.quotient.geometry;

import java.util.List;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/** Movement operations on block tensors. */
final class Moves {
    /** A fill value that says that padding does not matter, because it is not live. */
    static final int ANY = Integer.MIN_VALUE;

    private Moves() {}

    /**
     * The moved tensor of a pure movement (everything but {@link Op.Scatter}, which adds).
     *
     * @param node the movement's node
     * @param move its operation
     * @param operands the operands' values
     * @param fill the value of padding, or {@link #ANY}
     */
    static BlockTensor apply(Expr node, Op.Move move, List<BlockTensor> operands, int fill) {
        BlockTensor x = operands.get(0);
        int[] to = BlockTensor.sizesOf(node.shape());
        return switch (move) {
            case Op.Reshape r -> x.reshape(to);
            case Op.Transpose t -> x.transpose(t.order());
            case Op.Broadcast b -> x.broadcast(to, b.axes());
            case Op.Slice s -> x.slice(to, s.starts(), s.steps());
            case Op.Pad p -> x.pad(to, p.before(), p.interior(), fill);
            case Op.Concat c -> BlockTensor.concat(c.axis(), operands);
            case Op.Gather g -> x.gather(g.axis(), g.indices());
            case Op.Scatter s -> throw new IllegalArgumentException("A scatter adds; it is not a pure movement");
        };
    }
}
