package org.quotient.geometry.lifting;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.geometry.lifting.Summands.Summand;

/** Where the elements of a moved tensor come from. */
final class MoveSummands {
    private MoveSummands() {}

    /**
     * The summands of a move.
     *
     * @param op the move
     * @param operands bound shapes of the operands
     * @param to bound shape of the result
     */
    static Summands of(Op.Move op, List<Shape> operands, Shape to) {
        Shape from = operands.get(0);
        int[] sizes = to.sizes();
        int[] strides = from.strides();
        return switch (op) {
            case Op.Reshape r -> Summands.same(1);
            case Op.Transpose t ->
                strided(sizes, t.order().stream().mapToInt(i -> strides[i]).toArray(), 0);
            case Op.Broadcast b -> {
                int[] step = new int[sizes.length];
                for (int i = 0; i < strides.length; i++) {
                    step[b.axes().get(i)] = strides[i];
                }
                yield strided(sizes, step, 0);
            }
            case Op.Slice s -> {
                int[] step = new int[sizes.length];
                int base = 0;
                for (int i = 0; i < step.length; i++) {
                    step[i] = strides[i] * s.steps().get(i);
                    base += strides[i] * s.starts().get(i);
                }
                yield strided(sizes, step, base);
            }
            case Op.Pad p -> new Summands(1, (e, k) -> unpadded(p, Strides.unravel(e, sizes), from));
            case Op.Concat c -> new Summands(1, (e, k) -> part(Strides.unravel(e, sizes), c.axis(), operands));
            case Op.Gather g ->
                new Summands(1, (e, k) -> {
                    int[] index = Strides.unravel(e, sizes);
                    index[g.axis()] = g.indices().get(index[g.axis()]);
                    return Summand.of(0, position(index, strides));
                });
            case Op.Scatter s ->
                new Summands(s.indices().size(), (e, k) -> {
                    int[] index = Strides.unravel(e, sizes);
                    if (s.indices().get(k) != index[s.axis()]) {
                        return null;
                    }
                    index[s.axis()] = k;
                    return Summand.of(0, position(index, strides));
                });
        };
    }

    private static Summands strided(int[] sizes, int[] step, int base) {
        return new Summands(1, (e, k) -> Summand.of(0, base + Strides.at(e, sizes, step)));
    }

    private static @Nullable Summand unpadded(Op.Pad p, int[] index, Shape from) {
        for (int axis = 0; axis < index.length; axis++) {
            int inside = index[axis] - p.before().get(axis);
            int distance = p.interior().get(axis) + 1;
            if (inside < 0 || inside % distance != 0 || inside / distance >= from.size(axis)) {
                return null;
            }
            index[axis] = inside / distance;
        }
        return Summand.of(0, position(index, from.strides()));
    }

    private static Summand part(int[] index, int axis, List<Shape> operands) {
        int operand = 0;
        while (index[axis] >= operands.get(operand).size(axis)) {
            index[axis] -= operands.get(operand++).size(axis);
        }
        return Summand.of(operand, position(index, operands.get(operand).strides()));
    }

    private static int position(int[] index, int[] strides) {
        int at = 0;
        for (int axis = 0; axis < index.length; axis++) {
            at += index[axis] * strides[axis];
        }
        return at;
    }
}
