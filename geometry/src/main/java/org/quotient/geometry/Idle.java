package org.quotient.geometry;

import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.network.Network;

/**
 * Which elements have no effect because they only shift something that the next operation subtracts again: a bias before
 * batch normalisation, a key bias under softmax.
 *
 * <p>An element carries a set of axes S when everything downstream is unchanged by adding, to it and to the elements that
 * carry the same S, anything that is constant along S. Normalisation removes what is constant along the axes of its
 * statistics, softmax what is constant along its own axis; operations that turn a constant shift into a constant shift pass
 * the property back. An element whose S has become empty has no effect at all. Sets are kept as bits, so that what several
 * readers ask for is combined by or.
 */
final class Idle {
    private static final int READ = 1 << 30;
    private static final int FELT = 1 << 29;
    private static final int DROPPED = -1;
    private static final int FAILS = -2;

    private final Map<Expr, BlockTensor> codes = new IdentityHashMap<>();

    private Idle() {}

    /** The idle elements of a network's parameters, one after the other, row-major. */
    static BitSet parameters(Network network, List<Expr> topological) {
        Idle pass = new Idle();
        for (Expr output : network.outputs()) {
            pass.add(output, BlockTensor.uniform(BlockTensor.sizesOf(output.shape()), READ | FELT));
        }
        for (int i = topological.size() - 1; i >= 0; i--) {
            pass.pullBack(topological.get(i));
        }
        BitSet idle = new BitSet();
        int offset = 0;
        for (Expr parameter : network.parameters()) {
            int size = parameter.shape().elements();
            BlockTensor code = pass.codes.get(parameter);
            if (code != null) {
                int[] ids = code.expandAll().ids;
                for (int i = 0; i < size; i++) {
                    idle.set(offset + i, ids[i] == READ);
                }
            }
            offset += size;
        }
        return idle;
    }

    private void add(Expr node, BlockTensor code) {
        BlockTensor old = codes.get(node);
        codes.put(node, old == null ? code.compress() : Masks.or(old, code).compress());
    }

    private void pullBack(Expr node) {
        BlockTensor code = codes.get(node);
        if (code == null || node.operands().isEmpty()) {
            return;
        }
        switch (node.op()) {
            case Op.Leaf l -> {}
            case Op.Unary u -> {
                boolean linear = u.kind() == Op.UnaryKind.NEG || u.kind() == Op.UnaryKind.DETACH;
                add(node.operand(0), linear ? code : map(code, Idle::felt));
            }
            case Op.Binary b -> binary(node, b.kind(), code);
            case Op.Reduce r -> reduce(node, r, code);
            case Op.Einsum e -> {
                einsum(node, e, 0, code);
                einsum(node, e, 1, code);
            }
            case Op.Conv c -> conv(node, c, code);
            case Op.Move m -> move(node, m, code);
            case Op.Pool p -> pool(node, p, code);
            case Op.Standardise s -> add(node.operand(0), along(code, s.axes()));
            case Op.StandardiseWith s -> {
                add(node.operand(0), along(code, s.axes()));
                whole(node, 1, code, Idle::felt);
                whole(node, 2, code, Idle::felt);
            }
            case Op.Softmax s -> add(node.operand(0), along(code, List.of(s.axis())));
            case Op.Custom c ->
                IntStream.range(0, node.operands().size()).forEach(i -> whole(node, i, code, Idle::felt));
        }
    }

    // ---- Codes

    /** What a reader that is not blind to shifts makes of a code: no effect stays no effect. */
    private static int felt(int code) {
        return code == 0 || code == READ ? code : READ | FELT;
    }

    private static int bits(List<Integer> axes) {
        return axes.stream().mapToInt(a -> 1 << a).reduce(0, (a, b) -> a | b);
    }

    private static boolean meets(int code, int axes) {
        return (code & axes) != 0;
    }

    private static BlockTensor map(BlockTensor code, IntUnaryOperator f) {
        int[] ids = code.ids.clone();
        for (int i = 0; i < ids.length; i++) {
            ids[i] = f.applyAsInt(ids[i]);
        }
        return new BlockTensor(code.sizes, code.extents, ids);
    }

    /** A code with its axes renamed; an axis may also be dropped, or make the shift felt. */
    private static int renamed(int code, IntUnaryOperator axis) {
        if (code == 0 || (code & FELT) != 0) {
            return code;
        }
        int out = READ;
        for (int a = 0; a < 29; a++) {
            if ((code & (1 << a)) != 0) {
                int to = axis.applyAsInt(a);
                if (to == FAILS) {
                    return READ | FELT;
                }
                out |= to == DROPPED ? 0 : 1 << to;
            }
        }
        return out;
    }

    /** The code of all elements together, after f, for a whole operand. */
    private void whole(Expr node, int i, BlockTensor code, IntUnaryOperator f) {
        int all = 0;
        for (int id : code.ids) {
            all |= f.applyAsInt(id);
        }
        add(
                node.operand(i),
                BlockTensor.uniform(BlockTensor.sizesOf(node.operand(i).shape()), all));
    }

    /** Statistics over the axes are subtracted: shifts that are constant along them vanish. */
    private static BlockTensor along(BlockTensor code, List<Integer> axes) {
        return Masks.anyAlong(map(code, c -> c == 0 || c == READ ? c : READ | bits(axes)), axes);
    }

    // ---- Families

    private void binary(Expr node, Op.BinaryKind kind, BlockTensor code) {
        for (int i = 0; i < 2; i++) {
            Expr other = node.operand(1 - i);
            boolean factor = kind == Op.BinaryKind.MUL || (kind == Op.BinaryKind.DIV && i == 0);
            boolean term = kind == Op.BinaryKind.ADD || kind == Op.BinaryKind.SUB;
            BlockTensor own = term
                    ? code
                    : map(code, c -> factor ? renamed(c, a -> constantAlong(other, a) ? a : FAILS) : felt(c));
            add(node.operand(i), own);
        }
    }

    /** Whether a node is visibly the same along an axis: repeated there, or without extent. */
    private static boolean constantAlong(Expr node, int axis) {
        return switch (node.op()) {
            case Op.Broadcast b -> !b.axes().contains(axis);
            case Op.Constant c -> uniform(c.value().data());
            default -> node.shape().size(axis) == 1;
        };
    }

    private static boolean uniform(double[] values) {
        for (double value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    private void reduce(Expr node, Op.Reduce r, BlockTensor code) {
        if (r.kind() == Op.ReduceKind.FIRST_MAX) {
            whole(node, 0, code, Idle::felt);
            return;
        }
        int[] sizes = BlockTensor.sizesOf(node.operand(0).shape());
        int[] kept = IntStream.range(0, sizes.length)
                .filter(a -> !r.axes().contains(a))
                .toArray();
        // A maximum moves with a shift that all its candidates share.
        int extra = r.kind() == Op.ReduceKind.MAX ? bits(r.axes()) : 0;
        BlockTensor own = map(code, c -> {
            int to = renamed(c, a -> kept[a]);
            return to == 0 || to == READ ? to : to | extra;
        });
        add(node.operand(0), Masks.restore(own, sizes, r.axes()));
    }

    private void einsum(Expr node, Op.Einsum e, int i, BlockTensor code) {
        String own = i == 0 ? e.left() : e.right();
        String other = i == 0 ? e.right() : e.left();
        Expr factor = node.operand(1 - i);
        BlockTensor renamed = map(
                code,
                c -> renamed(c, axis -> {
                    int place = own.indexOf(e.out().charAt(axis));
                    int elsewhere = other.indexOf(e.out().charAt(axis));
                    boolean same = elsewhere < 0 || constantAlong(factor, elsewhere);
                    return !same ? FAILS : place < 0 ? DROPPED : place;
                }));
        BlockTensor ones = BlockTensor.uniform(BlockTensor.sizesOf(factor.shape()), -1);
        int[] sizes = BlockTensor.sizesOf(node.operand(i).shape());
        add(node.operand(i), Masks.einsum(e.out(), renamed, other, ones, own, sizes));
    }

    /** A shift that is constant over the image stays so through a convolution, unless padding cuts it off. */
    private void conv(Expr node, Op.Conv c, BlockTensor code) {
        boolean forward = c.form() == Op.ConvForm.FORWARD;
        int image = bits(List.of(2, 3));
        whole(node, 0, code, id -> {
            boolean lost = !forward || meets(id, 1 << 1) || (c.window().padded() && meets(id, image));
            return lost ? felt(id) : id;
        });
        whole(node, 1, code, Idle::felt);
    }

    private void pool(Expr node, Op.Pool p, BlockTensor code) {
        int image = bits(List.of(2, 3));
        IntUnaryOperator own = switch (p.kind()) {
            case SUM -> id -> p.window().padded() && meets(id, image) ? felt(id) : id;
            case MAX -> id -> id == 0 || id == READ ? id : id | image;
            case SUM_ADJOINT, MAX_SELECT, MAX_SCATTER -> Idle::felt;
        };
        BlockTensor channels = Masks.any(map(code, own), List.of(2, 3));
        for (Expr operand : node.operands()) {
            add(operand, Masks.restore(channels, BlockTensor.sizesOf(operand.shape()), List.of(2, 3)));
        }
    }

    private void move(Expr node, Op.Move move, BlockTensor code) {
        List<Expr> operands = node.operands();
        IntUnaryOperator axis = switch (move) {
            case Op.Reshape r ->
                a -> sameAxis(
                        node.shape().bind(1).sizes(),
                        a,
                        BlockTensor.sizesOf(operands.get(0).shape()));
            case Op.Transpose t -> a -> t.order().get(a);
            case Op.Broadcast b -> a -> b.axes().contains(a) ? b.axes().indexOf(a) : DROPPED;
            case Op.Slice s -> a -> a;
            case Op.Gather g -> a -> a;
            case Op.Pad p ->
                a -> p.before().get(a) + p.after().get(a) + p.interior().get(a) == 0 ? a : FAILS;
            case Op.Concat c -> a -> a == c.axis() && operands.size() > 1 ? FAILS : a;
            case Op.Scatter s -> a -> a == s.axis() ? FAILS : a;
        };
        List<BlockTensor> parts = MoveAdjoints.of(node, move, map(code, c -> renamed(c, axis)));
        for (int i = 0; i < parts.size(); i++) {
            add(operands.get(i), parts.get(i));
        }
    }

    /** The axis of {@code from} that a reshape neither splits nor merges into others; a size-1 axis is dropped. */
    private static int sameAxis(int[] to, int axis, int[] from) {
        if (to[axis] == 1) {
            return DROPPED;
        }
        int before = leading(to, axis);
        for (int k = 0; k < from.length; k++) {
            if (leading(from, k) == before && from[k] == to[axis]) {
                return k;
            }
        }
        return FAILS;
    }

    private static int leading(int[] sizes, int axis) {
        int product = 1;
        for (int k = 0; k < axis; k++) {
            product *= sizes[k];
        }
        return product;
    }
}
