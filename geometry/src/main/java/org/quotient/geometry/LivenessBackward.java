package org.quotient.geometry;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.geometry.paths.ConfirmedDegrees;

/** Which elements are felt downstream: by an output, or by the live input of an operation that cuts the path graph. */
final class LivenessBackward {
    private final Map<Expr, BlockTensor> forward;
    private final Map<Expr, BlockTensor> structural;
    private final Map<Expr, BlockTensor> needed = new IdentityHashMap<>();

    /**
     * A backward pass.
     *
     * @param forward which elements are not structural zeros
     * @param structural which elements of the nodes that cut the graph are live when no parameter is zero; empty if that is
     *     what this pass finds out. Paths end at a cut whatever the weights behind it are.
     */
    LivenessBackward(Map<Expr, BlockTensor> forward, Map<Expr, BlockTensor> structural) {
        this.forward = forward;
        this.structural = structural;
    }

    void require(Expr node, BlockTensor mask) {
        BlockTensor old = needed.get(node);
        needed.put(node, old == null ? mask : Masks.or(old, mask).compress());
    }

    BlockTensor mask(Expr node) {
        BlockTensor mask = needed.get(node);
        return mask == null ? Masks.uniform(BlockTensor.sizesOf(node.shape()), false) : mask;
    }

    private BlockTensor seen(Expr node) {
        BlockTensor mask = forward.get(node);
        if (mask == null) {
            throw new IllegalStateException("Not visited: " + node.describe());
        }
        return mask;
    }

    /** Passes what a node needs on to its operands. */
    void visit(Expr node) {
        BlockTensor need = Liveness.cuts(node) ? structural.getOrDefault(node, mask(node)) : mask(node);
        BlockTensor live = structural.get(node);
        if (Liveness.isPrelu(node) && live != null) {
            require(node.operand(1), live);
        }
        if (Masks.none(need)) {
            return;
        }
        switch (node.op()) {
            case Op.Leaf l -> {}
            case Op.Unary u -> require(node.operand(0), need);
            case Op.Binary b -> {
                // A factor is felt where the other one is present; so is a denominator, an exponent, a slope.
                boolean sum = switch (b.kind()) {
                    case ADD, SUB, MAX -> true;
                    case MUL, DIV, POW, PRELU -> false;
                };
                require(node.operand(0), b.kind() == Op.BinaryKind.MUL ? meet(need, node.operand(1)) : need);
                require(node.operand(1), sum ? need : meet(need, node.operand(0)));
            }
            case Op.Reduce r -> {
                int[] sizes = BlockTensor.sizesOf(node.operand(0).shape());
                require(
                        node.operand(0),
                        r.kind() == Op.ReduceKind.FIRST_MAX
                                ? Masks.anyAlong(need, r.axes())
                                : Masks.restore(need, sizes, r.axes()));
            }
            case Op.Einsum e -> {
                require(
                        node.operand(0),
                        Masks.einsum(e.out(), need, e.right(), seen(node.operand(1)), e.left(), sizes(node, 0)));
                require(
                        node.operand(1),
                        Masks.einsum(e.out(), need, e.left(), seen(node.operand(0)), e.right(), sizes(node, 1)));
            }
            case Op.Conv c -> conv(node, c, need);
            case Op.Move m -> move(node, m, need);
            case Op.Pool p -> pool(node, p, need);
            case Op.Standardise s -> require(node.operand(0), Masks.anyAlong(need, s.axes()));
            case Op.StandardiseWith s -> {
                require(node.operand(0), Masks.anyAlong(need, s.axes()));
                require(node.operand(1), Masks.any(need, s.axes()));
                require(node.operand(2), Masks.any(need, s.axes()));
            }
            case Op.Softmax s -> require(node.operand(0), Masks.anyAlong(need, List.of(s.axis())));
            case Op.Custom c -> custom(node, need);
        }
    }

    private static int[] sizes(Expr node, int i) {
        return BlockTensor.sizesOf(node.operand(i).shape());
    }

    private BlockTensor meet(BlockTensor need, Expr other) {
        return Masks.and(need, seen(other));
    }

    private void custom(Expr node, BlockTensor need) {
        boolean elementwise = ConfirmedDegrees.of(node).isPresent();
        for (int i = 0; i < node.operands().size(); i++) {
            BlockTensor mask = elementwise ? need : Masks.uniform(sizes(node, i), true);
            for (int k = 0; k < node.operands().size() && elementwise; k++) {
                mask = k == i ? mask : meet(mask, node.operand(k));
            }
            require(node.operand(i), mask);
        }
    }

    private void conv(Expr node, Op.Conv c, BlockTensor need) {
        WindowMasks relation = WindowMasks.of(c);
        Expr a = node.operand(0);
        Expr b = node.operand(1);
        switch (c.form()) {
            case FORWARD -> {
                require(a, relation.convCells(need, seen(b), c.groups()));
                require(b, relation.convTaps(seen(a), need, c.groups(), sizes(node, 1)));
            }
            case INPUT_ADJOINT -> {
                require(a, relation.convPlaces(need, seen(b), c.groups()));
                require(b, relation.convTaps(need, seen(a), c.groups(), sizes(node, 1)));
            }
            case KERNEL_ADJOINT -> {
                require(a, relation.convCells(seen(b), need, c.groups()));
                require(b, relation.convPlaces(seen(a), need, c.groups()));
            }
        }
    }

    private void pool(Expr node, Op.Pool p, BlockTensor need) {
        WindowMasks relation = WindowMasks.of(p);
        switch (p.kind()) {
            case SUM, MAX -> require(node.operand(0), relation.cells(need));
            case SUM_ADJOINT -> require(node.operand(0), relation.places(need));
            case MAX_SELECT -> {
                require(node.operand(0), relation.cells(meet(need, node)));
                require(node.operand(1), relation.cells(need));
            }
            case MAX_SCATTER -> {
                require(node.operand(0), meet(need, node));
                require(node.operand(1), relation.places(need));
            }
        }
    }

    private void move(Expr node, Op.Move move, BlockTensor need) {
        List<BlockTensor> parts = MoveAdjoints.of(node, move, need);
        for (int i = 0; i < parts.size(); i++) {
            require(node.operand(i), parts.get(i));
        }
    }
}
