package org.quotient.autodiff;

import static org.quotient.autodiff.ShapeRule.need;
import static org.quotient.autodiff.ShapeRule.shapeOf;

import java.util.Collections;
import java.util.List;

/** The shapes of the operations that move elements. */
final class MoveShapes {
    private MoveShapes() {}

    static Shape shape(Op.Move move, List<Expr> operands) {
        return switch (move) {
            case Op.Reshape r -> reshape(r, operands);
            case Op.Transpose t -> transpose(t, operands);
            case Op.Broadcast b -> broadcast(b, operands);
            case Op.Slice s -> slice(s, operands);
            case Op.Pad p -> pad(p, operands);
            case Op.Concat c -> concat(c, operands);
            case Op.Gather g -> gather(g, operands);
            case Op.Scatter s -> scatter(s, operands);
        };
    }

    private static Shape reshape(Op.Reshape r, List<Expr> operands) {
        Shape from = shapeOf(operands, 0);
        boolean sameBatch = symbolicAxes(from) == symbolicAxes(r.to())
                && (symbolicAxes(from) == 0 || (from.size(0) == Shape.N && r.to().size(0) == Shape.N));
        need(
                symbolicAxes(from) <= 1 && sameBatch,
                r,
                operands,
                "the batch as the leading axis on both sides of " + r.to());
        need(
                from.bind(1).elements() == r.to().bind(1).elements(),
                r,
                operands,
                "as many elements as the shape " + r.to());
        return r.to();
    }

    private static int symbolicAxes(Shape shape) {
        int count = 0;
        for (int size : shape.sizes()) {
            count += size == Shape.N ? 1 : 0;
        }
        return count;
    }

    private static Shape transpose(Op.Transpose t, List<Expr> operands) {
        Shape from = shapeOf(operands, 0);
        boolean permutation = t.order().size() == from.rank();
        for (int i = 0; i < from.rank() && permutation; i++) {
            permutation = t.order().contains(i);
        }
        need(permutation, t, operands, "an order that lists each of its " + from.rank() + " axes once");
        int[] sizes = new int[from.rank()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = from.size(t.order().get(i));
        }
        return Shape.of(sizes);
    }

    private static Shape broadcast(Op.Broadcast b, List<Expr> operands) {
        Shape from = shapeOf(operands, 0);
        boolean fits = b.axes().size() == from.rank();
        int last = -1;
        for (int i = 0; i < from.rank() && fits; i++) {
            int axis = b.axes().get(i);
            fits = axis > last && axis < b.to().rank() && b.to().size(axis) == from.size(i);
            last = axis;
        }
        need(fits, b, operands, "axes " + b.axes() + " of " + b.to() + " that agree with it");
        return b.to();
    }

    private static Shape slice(Op.Slice s, List<Expr> operands) {
        Shape from = shapeOf(operands, 0);
        need(
                s.starts().size() == from.rank()
                        && s.stops().size() == from.rank()
                        && s.steps().size() == from.rank(),
                s,
                operands,
                "a start, stop and step for each axis");
        int[] sizes = new int[from.rank()];
        for (int i = 0; i < sizes.length; i++) {
            int start = s.starts().get(i);
            int stop = s.stops().get(i);
            int step = s.steps().get(i);
            if (from.size(i) == Shape.N || stop == Shape.N) {
                need(stop == Shape.N && start == 0 && step == 1, s, operands, "the batch axis whole");
                sizes[i] = from.size(i);
            } else {
                need(
                        step > 0 && start >= 0 && start <= stop && stop <= from.size(i),
                        s,
                        operands,
                        "0 <= start <= stop <= size and step > 0 on axis " + i);
                sizes[i] = (stop - start + step - 1) / step;
            }
        }
        return Shape.of(sizes);
    }

    private static Shape pad(Op.Pad p, List<Expr> operands) {
        Shape from = shapeOf(operands, 0);
        need(
                p.before().size() == from.rank()
                        && p.after().size() == from.rank()
                        && p.interior().size() == from.rank(),
                p,
                operands,
                "before, after and interior for each axis");
        int[] sizes = new int[from.rank()];
        for (int i = 0; i < sizes.length; i++) {
            int before = p.before().get(i);
            int after = p.after().get(i);
            int interior = p.interior().get(i);
            need(before >= 0 && after >= 0 && interior >= 0, p, operands, "padding of 0 or more");
            if (from.size(i) == Shape.N) {
                need(before + after + interior == 0, p, operands, "no padding on the batch axis");
                sizes[i] = Shape.N;
            } else {
                int gaps = Math.max(0, from.size(i) - 1) * interior;
                sizes[i] = before + after + from.size(i) + gaps;
            }
        }
        return Shape.of(sizes);
    }

    private static Shape concat(Op.Concat c, List<Expr> operands) {
        need(!operands.isEmpty(), c, operands, "at least one operand");
        int[] sizes = shapeOf(operands, 0).sizes();
        need(
                c.axis() >= 0 && c.axis() < sizes.length && sizes[c.axis()] != Shape.N,
                c,
                operands,
                "an axis with fixed size");
        for (int k = 1; k < operands.size(); k++) {
            Shape other = shapeOf(operands, k);
            boolean fits = other.rank() == sizes.length;
            for (int i = 0; i < sizes.length && fits; i++) {
                fits = i == c.axis() || other.size(i) == sizes[i];
            }
            need(fits && other.size(c.axis()) != Shape.N, c, operands, "equal shapes except along axis " + c.axis());
            sizes[c.axis()] += other.size(c.axis());
        }
        return Shape.of(sizes);
    }

    private static Shape gather(Op.Gather g, List<Expr> operands) {
        Shape from = shapeOf(operands, 0);
        need(
                g.axis() >= 0 && g.axis() < from.rank() && from.size(g.axis()) != Shape.N,
                g,
                operands,
                "an axis of fixed size");
        boolean within = g.indices().isEmpty()
                || (Collections.min(g.indices()) >= 0 && Collections.max(g.indices()) < from.size(g.axis()));
        need(within, g, operands, "indices from 0 to " + (from.size(g.axis()) - 1));
        int[] sizes = from.sizes();
        sizes[g.axis()] = g.indices().size();
        return Shape.of(sizes);
    }

    private static Shape scatter(Op.Scatter s, List<Expr> operands) {
        Shape from = shapeOf(operands, 0);
        need(
                s.axis() >= 0
                        && s.axis() < from.rank()
                        && from.size(s.axis()) == s.indices().size(),
                s,
                operands,
                "an axis of " + s.indices().size() + " elements");
        boolean within =
                s.indices().isEmpty() || (Collections.min(s.indices()) >= 0 && Collections.max(s.indices()) < s.size());
        need(within, s, operands, "indices from 0 to " + (s.size() - 1));
        int[] sizes = from.sizes();
        sizes[s.axis()] = s.size();
        return Shape.of(sizes);
    }
}
