package org.quotient.geometry;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.paths.ConfirmedDegrees;

/** Which elements are not structural zeros: some path from a source reaches them. */
final class LivenessForward {
    private final Map<Expr, BlockTensor> masks = new IdentityHashMap<>();
    private final Map<String, Integer> offsets = new java.util.HashMap<>();
    private final BitSet absent;

    LivenessForward(Network network, BitSet removed, BitSet idle) {
        int offset = 0;
        for (Expr parameter : network.parameters()) {
            offsets.put(Network.nameOf(parameter), offset);
            offset += parameter.shape().elements();
        }
        absent = (BitSet) removed.clone();
        absent.or(idle);
    }

    Map<Expr, BlockTensor> masks() {
        return masks;
    }

    BlockTensor mask(Expr node) {
        BlockTensor mask = masks.get(node);
        if (mask == null) {
            throw new IllegalStateException("Not visited: " + node.describe());
        }
        return mask;
    }

    void visit(Expr node) {
        masks.put(node, compute(node));
    }

    private BlockTensor compute(Expr node) {
        int[] sizes = BlockTensor.sizesOf(node.shape());
        List<BlockTensor> in = new ArrayList<>();
        node.operands().forEach(o -> in.add(mask(o)));
        boolean step = node.op() instanceof Op.Unary u && u.kind() == Op.UnaryKind.STEP;
        if (Liveness.cuts(node) && !step) {
            return Masks.uniform(sizes, true);
        }
        return switch (node.op()) {
            case Op.Variable v -> variable(v, sizes);
            case Op.Constant c -> constant(c, sizes);
            case Op.BatchSize b -> Masks.uniform(sizes, true);
            case Op.Unary u -> in.get(0);
            case Op.Binary b ->
                switch (b.kind()) {
                    case ADD, SUB, MAX -> Masks.or(in.get(0), in.get(1));
                    case MUL -> Masks.and(in.get(0), in.get(1));
                    case DIV, POW, PRELU -> in.get(0);
                };
            case Op.Reduce r -> Masks.any(in.get(0), r.axes());
            case Op.Einsum e -> Masks.einsum(e.left(), in.get(0), e.right(), in.get(1), e.out(), sizes);
            case Op.Conv c -> conv(c, in.get(0), in.get(1), sizes);
            case Op.Scatter s -> Masks.scatterAny(in.get(0), s.axis(), s.indices(), s.size());
            case Op.Move m -> Moves.apply(node, m, in, 0);
            case Op.Pool p ->
                switch (p.kind()) {
                    case SUM, MAX -> WindowMasks.of(p).places(in.get(0));
                    case SUM_ADJOINT -> WindowMasks.of(p).cells(in.get(0));
                    case MAX_SELECT -> WindowMasks.of(p).places(in.get(1));
                    case MAX_SCATTER -> WindowMasks.of(p).cells(in.get(1));
                };
            case Op.Normalise n -> Masks.uniform(sizes, true);
            case Op.Custom c -> {
                List<Integer> degrees = ConfirmedDegrees.of(node).orElseThrow();
                BlockTensor mask = Masks.uniform(sizes, true);
                for (int i = 0; i < in.size(); i++) {
                    mask = degrees.get(i) == 0 ? mask : Masks.and(mask, in.get(i));
                }
                yield mask;
            }
        };
    }

    private BlockTensor variable(Op.Variable v, int[] sizes) {
        Integer offset = offsets.get(v.name());
        if (v.role() != Op.Role.PARAMETER || offset == null) {
            return Masks.uniform(sizes, true);
        }
        int count = BlockTensor.product(sizes);
        int first = absent.nextSetBit(offset);
        if (first < 0 || first >= offset + count) {
            return Masks.uniform(sizes, true);
        }
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = absent.get(offset + i) ? 0 : 1;
        }
        return BlockTensor.full(sizes, ids).compress();
    }

    private static BlockTensor constant(Op.Constant c, int[] sizes) {
        double[] data = c.value().data();
        int[] ids = new int[data.length];
        boolean all = true;
        for (int i = 0; i < ids.length; i++) {
            ids[i] = data[i] == 0 ? 0 : 1;
            all &= ids[i] == 1;
        }
        return all ? Masks.uniform(sizes, true) : BlockTensor.full(sizes, ids).compress();
    }

    static BlockTensor conv(Op.Conv c, BlockTensor a, BlockTensor b, int[] sizes) {
        WindowMasks relation = WindowMasks.of(c);
        return switch (c.form()) {
            case FORWARD -> relation.convPlaces(a, b, c.groups());
            case INPUT_ADJOINT -> relation.convCells(a, b, c.groups());
            case KERNEL_ADJOINT -> relation.convTaps(a, b, c.groups(), sizes);
        };
    }
}
