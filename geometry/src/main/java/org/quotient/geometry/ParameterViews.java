package org.quotient.geometry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;

/** Trainable variables and movements of them, seen as the edges of a graph. */
final class ParameterViews {
    private ParameterViews() {}

    /** Whether a node is a trainable variable, or a movement of one. */
    static boolean isView(Expr node) {
        Expr at = node;
        while (at.op() instanceof Op.Move && at.operands().size() == 1) {
            at = at.operand(0);
        }
        return at.op() instanceof Op.Variable v && v.role() == Op.Role.PARAMETER;
    }

    /**
     * The extents over which a view's elements are different parameter elements.
     *
     * @param view a parameter view
     * @param users the users of each node
     * @return nothing if the parameter is used elsewhere too, or one of its elements occurs at several places
     */
    static Optional<BlockTensor> edges(Expr view, Map<Expr, List<Expr>> users) {
        Expr at = view;
        List<Expr> chain = new ArrayList<>();
        while (true) {
            if (users.getOrDefault(at, List.of()).size() != 1) {
                return Optional.empty();
            }
            if (at.operands().isEmpty()) {
                break;
            }
            chain.add(0, at);
            at = at.operand(0);
        }
        int[] sizes = BlockTensor.sizesOf(at.shape());
        if (chain.isEmpty()) {
            return Optional.of(new BlockTensor(sizes, sizes, new int[0]));
        }
        BlockTensor block = BlockTensor.filled(sizes, sizes, 0);
        for (Expr move : chain) {
            boolean injective = switch (move.op()) {
                case Op.Reshape r -> true;
                case Op.Transpose t -> true;
                case Op.Broadcast b -> true;
                case Op.Slice s -> true;
                case Op.Gather g ->
                    new HashSet<>(g.indices()).size() == g.indices().size();
                default -> false;
            };
            if (!injective || !(move.op() instanceof Op.Move m)) {
                return Optional.empty();
            }
            block = Moves.apply(move, m, List.of(block), 0);
        }
        return Optional.of(block);
    }
}
