package org.quotient.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The adjoints of the operations that move elements. */
final class MoveAdjoint {
    private MoveAdjoint() {}

    static List<Optional<Expr>> of(Expr node, Op.Move move, Expr g) {
        if (move instanceof Op.Concat c) {
            return concat(node, c, g);
        }
        Shape from = node.operand(0).shape();
        return List.of(Optional.of(
                switch (move) {
                    case Op.Reshape r -> Ops.reshape(g, from);
                    case Op.Transpose t -> Ops.transpose(g, inverse(t.order()));
                    case Op.Broadcast b -> broadcast(node, b, g);
                    case Op.Slice s -> slice(from, s, g);
                    case Op.Pad p -> pad(from, p, g);
                    case Op.Gather a -> Expr.of(new Op.Scatter(a.axis(), a.indices(), from.size(a.axis())), g);
                    case Op.Scatter s -> Expr.of(new Op.Gather(s.axis(), s.indices()), g);
                    case Op.Concat c -> throw new AssertionError("handled above");
                }));
    }

    private static int[] inverse(List<Integer> order) {
        int[] inverse = new int[order.size()];
        for (int i = 0; i < inverse.length; i++) {
            inverse[order.get(i)] = i;
        }
        return inverse;
    }

    private static Expr broadcast(Expr node, Op.Broadcast b, Expr g) {
        int[] repeated = IntStream.range(0, node.shape().rank())
                .filter(i -> !b.axes().contains(i))
                .toArray();
        return repeated.length == 0 ? g : Ops.sum(g, repeated);
    }

    private static Expr slice(Shape from, Op.Slice s, Expr g) {
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        List<Integer> interior = new ArrayList<>();
        for (int i = 0; i < from.rank(); i++) {
            boolean whole = from.size(i) == Shape.N;
            int taken = g.shape().size(i);
            int step = s.steps().get(i);
            int extent = whole || taken == 0 ? 0 : (taken - 1) * step + 1;
            before.add(whole ? 0 : s.starts().get(i));
            after.add(whole ? 0 : from.size(i) - s.starts().get(i) - extent);
            interior.add(whole ? 0 : step - 1);
        }
        return Expr.of(new Op.Pad(before, after, interior), g);
    }

    private static Expr pad(Shape from, Op.Pad p, Expr g) {
        List<Integer> stops = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        for (int i = 0; i < from.rank(); i++) {
            int step = p.interior().get(i) + 1;
            boolean whole = from.size(i) == Shape.N;
            int extent = from.size(i) == 0 ? 0 : (from.size(i) - 1) * step + 1;
            stops.add(whole ? Shape.N : p.before().get(i) + extent);
            steps.add(step);
        }
        return Expr.of(new Op.Slice(p.before(), stops, steps), g);
    }

    private static List<Optional<Expr>> concat(Expr node, Op.Concat c, Expr g) {
        List<Optional<Expr>> parts = new ArrayList<>();
        int start = 0;
        for (Expr operand : node.operands()) {
            int size = operand.shape().size(c.axis());
            parts.add(Optional.of(Ops.slice(g, c.axis(), start, start + size)));
            start += size;
        }
        return parts;
    }
}
