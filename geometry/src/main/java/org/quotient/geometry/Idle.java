package org.quotient.geometry;

import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;

/**
 * Which parts of a graph have no effect because they only shift something that the next operation subtracts again: a bias
 * before batch normalisation, a key bias under softmax.
 *
 * <p>A node carries a set of axes S when everything downstream of it is unchanged by adding to the node any tensor that is
 * constant along S. Normalisation removes what is constant along the axes of its statistics, softmax what is constant along
 * its own axis; linear operations pass the property back. A node whose S has become empty has no effect at all.
 */
final class Idle {
    private final Map<Expr, Set<Integer>> removed = new IdentityHashMap<>();
    private final Set<Expr> effective = Collections.newSetFromMap(new IdentityHashMap<>());

    private Idle() {}

    /** The nodes without effect, among those of a graph. */
    static Set<Expr> nodes(List<Expr> topological, List<Expr> outputs) {
        Idle pass = new Idle();
        pass.effective.addAll(outputs);
        for (int i = topological.size() - 1; i >= 0; i--) {
            pass.pullBack(topological.get(i));
        }
        Set<Expr> idle = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Expr node : topological) {
            Set<Integer> axes = pass.removed.get(node);
            if (axes != null && axes.isEmpty() && !pass.effective.contains(node)) {
                idle.add(node);
            }
        }
        return idle;
    }

    /** Marks the elements of idle parameters. */
    static BitSet parameters(List<Expr> parameters, Set<Expr> idleNodes) {
        BitSet bits = new BitSet();
        int offset = 0;
        for (Expr parameter : parameters) {
            int size = parameter.shape().elements();
            if (idleNodes.contains(parameter)) {
                bits.set(offset, offset + size);
            }
            offset += size;
        }
        return bits;
    }

    private void pullBack(Expr node) {
        boolean matters = effective.contains(node);
        Set<Integer> axes = removed.getOrDefault(node, Set.of());
        if (!matters && axes.isEmpty() && removed.containsKey(node)) {
            node.operands().forEach(o -> add(o, Set.of()));
            return;
        }
        for (int i = 0; i < node.operands().size(); i++) {
            Optional<Set<Integer>> need = requirement(node, i, matters ? Optional.empty() : Optional.of(axes));
            Expr operand = node.operand(i);
            need.ifPresentOrElse(s -> add(operand, s), () -> effective.add(operand));
        }
    }

    private void add(Expr node, Set<Integer> axes) {
        Set<Integer> union = new TreeSet<>(removed.getOrDefault(node, Set.of()));
        union.addAll(axes);
        removed.put(node, union);
    }

    /** S of operand i given S of the node; empty when a constant shift of the operand is felt. */
    private Optional<Set<Integer>> requirement(Expr node, int i, Optional<Set<Integer>> given) {
        Expr operand = node.operand(i);
        if (node.op() instanceof Op.Standardise s) {
            return Optional.of(new TreeSet<>(s.axes()));
        }
        if (node.op() instanceof Op.StandardiseWith s && i == 0) {
            return Optional.of(new TreeSet<>(s.axes()));
        }
        if (node.op() instanceof Op.Softmax s) {
            return Optional.of(Set.of(s.axis()));
        }
        if (given.isEmpty()) {
            return Optional.empty();
        }
        Set<Integer> axes = given.get();
        return switch (node.op()) {
            case Op.Unary u ->
                u.kind() == Op.UnaryKind.NEG || u.kind() == Op.UnaryKind.DETACH ? given : Optional.empty();
            case Op.Binary b -> binary(node, b.kind(), i, axes);
            case Op.Einsum e -> einsum(node, e, i, axes);
            case Op.Conv c -> conv(c, i, axes);
            case Op.Transpose t -> Optional.of(mapped(axes, a -> t.order().get(a)));
            case Op.Broadcast b -> {
                Set<Integer> own = new TreeSet<>();
                for (int k = 0; k < b.axes().size(); k++) {
                    if (axes.contains(b.axes().get(k))) {
                        own.add(k);
                    }
                }
                yield Optional.of(own);
            }
            case Op.Reshape r -> reshape(operand.shape(), r.to(), axes);
            case Op.Slice s -> given;
            case Op.Gather g -> given;
            case Op.Concat c -> axes.contains(c.axis()) ? Optional.empty() : given;
            case Op.Reduce r ->
                r.kind() == Op.ReduceKind.SUM ? Optional.of(unreduced(r.axes(), operand, axes)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Set<Integer> mapped(Set<Integer> axes, java.util.function.IntUnaryOperator map) {
        Set<Integer> out = new TreeSet<>();
        axes.forEach(a -> out.add(map.applyAsInt(a)));
        return out;
    }

    private static Set<Integer> unreduced(List<Integer> reduced, Expr operand, Set<Integer> axes) {
        Set<Integer> out = new TreeSet<>();
        int k = 0;
        for (int a = 0; a < operand.shape().rank(); a++) {
            if (!reduced.contains(a) && axes.contains(k++)) {
                out.add(a);
            }
        }
        return out;
    }

    private static Optional<Set<Integer>> binary(Expr node, Op.BinaryKind kind, int i, Set<Integer> axes) {
        return switch (kind) {
            case ADD, SUB -> Optional.of(axes);
            case MUL -> constantAlong(node.operand(1 - i), axes) ? Optional.of(axes) : Optional.empty();
            case DIV -> i == 0 && constantAlong(node.operand(1), axes) ? Optional.of(axes) : Optional.empty();
            case POW, MAX, PRELU -> Optional.empty();
        };
    }

    /** Whether a node is visibly the same along the axes: repeated there, or without such axes of its own. */
    private static boolean constantAlong(Expr node, Set<Integer> axes) {
        return switch (node.op()) {
            case Op.Broadcast b -> axes.stream().noneMatch(b.axes()::contains);
            case Op.Constant c -> uniform(c.value().data());
            default -> axes.stream().allMatch(a -> node.shape().size(a) == 1);
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

    private static Optional<Set<Integer>> einsum(Expr node, Op.Einsum e, int i, Set<Integer> axes) {
        String own = i == 0 ? e.left() : e.right();
        String other = i == 0 ? e.right() : e.left();
        Set<Integer> out = new TreeSet<>();
        for (int axis : axes) {
            char letter = e.out().charAt(axis);
            int place = own.indexOf(letter);
            int elsewhere = other.indexOf(letter);
            if (elsewhere >= 0 && !constantAlong(node.operand(1 - i), Set.of(elsewhere))) {
                return Optional.empty();
            }
            if (place >= 0) {
                out.add(place);
            }
        }
        return Optional.of(out);
    }

    /** A shift that is constant over the image stays so through an unpadded convolution. */
    private static Optional<Set<Integer>> conv(Op.Conv c, int i, Set<Integer> axes) {
        boolean shifts =
                c.form() == Op.ConvForm.FORWARD && i == 0 && !c.window().padded() && !axes.contains(1);
        return shifts ? Optional.of(axes) : Optional.empty();
    }

    /** Axes survive a reshape when they are not split or merged (size-1 axes aside). */
    private static Optional<Set<Integer>> reshape(Shape from, Shape to, Set<Integer> axes) {
        Set<Integer> out = new TreeSet<>();
        for (int axis : axes) {
            int before = leading(to, axis);
            int match = -1;
            for (int k = 0; k < from.rank(); k++) {
                if (leading(from, k) == before && from.size(k) == to.size(axis)) {
                    match = k;
                }
            }
            if (match < 0) {
                return Optional.empty();
            }
            out.add(match);
        }
        return Optional.of(out);
    }

    private static int leading(Shape shape, int axis) {
        int product = 1;
        for (int k = 0; k < axis; k++) {
            product *= shape.size(k) == Shape.N ? 1 : shape.size(k);
        }
        return product;
    }
}
