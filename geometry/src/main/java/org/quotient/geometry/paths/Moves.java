package org.quotient.geometry.paths;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;

/** Operations that move elements: their results are the operands' vertices under other indices. */
final class Moves {
    private Moves() {}

    /**
     * The vertices of the result.
     *
     * @param op not a scatter, whose elements may be sums
     * @param operands vertices of the operands, row-major
     * @param shapes bound shapes of the operands
     * @param to bound shape of the result
     */
    static int[] apply(Op.Move op, List<int[]> operands, List<Shape> shapes, Shape to) {
        int[] x = operands.get(0);
        Shape from = shapes.get(0);
        return switch (op) {
            case Op.Reshape r -> x;
            case Op.Transpose t -> {
                int[] strides = from.strides();
                int[] step = t.order().stream().mapToInt(i -> strides[i]).toArray();
                yield Indices.pick(x, Indices.positions(to.sizes(), step, 0));
            }
            case Op.Broadcast b -> {
                int[] strides = from.strides();
                int[] step = new int[to.rank()];
                for (int i = 0; i < strides.length; i++) {
                    step[b.axes().get(i)] = strides[i];
                }
                yield Indices.pick(x, Indices.positions(to.sizes(), step, 0));
            }
            case Op.Slice s -> {
                int[] step = from.strides();
                int base = 0;
                for (int i = 0; i < step.length; i++) {
                    base += step[i] * s.starts().get(i);
                    step[i] *= s.steps().get(i);
                }
                yield Indices.pick(x, Indices.positions(to.sizes(), step, base));
            }
            case Op.Pad p -> {
                int[] step = to.strides();
                int base = 0;
                for (int i = 0; i < step.length; i++) {
                    base += step[i] * p.before().get(i);
                    step[i] *= p.interior().get(i) + 1;
                }
                yield placed(x, Indices.positions(from.sizes(), step, base), zeros(to));
            }
            case Op.Concat c -> {
                int[] out = zeros(to);
                int[] step = to.strides();
                int offset = 0;
                for (int i = 0; i < operands.size(); i++) {
                    Shape part = shapes.get(i);
                    out = placed(operands.get(i), Indices.positions(part.sizes(), step, offset * step[c.axis()]), out);
                    offset += part.size(c.axis());
                }
                yield out;
            }
            case Op.Gather g -> {
                int[] whole = gathered(g.axis(), g.indices(), from);
                yield Indices.pick(x, whole);
            }
            case Op.Scatter s -> throw new IllegalArgumentException("A scatter adds; it is no mere move: " + s);
        };
    }

    private static int[] zeros(Shape shape) {
        int[] zeros = new int[shape.elements()];
        Arrays.fill(zeros, Terms.ZERO);
        return zeros;
    }

    private static int[] placed(int[] x, int[] positions, int[] out) {
        for (int i = 0; i < x.length; i++) {
            out[positions[i]] = x[i];
        }
        return out;
    }

    /**
     * The positions, in a tensor of shape {@code whole}, of the elements whose index along an axis runs through a list:
     * what a gather reads and a scatter adds to.
     */
    static int[] gathered(int axis, List<Integer> indices, Shape whole) {
        int[] strides = whole.strides();
        int[] sizes = whole.sizes();
        int along = strides[axis];
        sizes[axis] = indices.size();
        strides[axis] = 0;
        int[] positions = Indices.positions(sizes, strides, 0);
        int inner = 1;
        for (int i = axis + 1; i < sizes.length; i++) {
            inner *= sizes[i];
        }
        for (int i = 0; i < positions.length; i++) {
            positions[i] += indices.get(i / inner % indices.size()) * along;
        }
        return positions;
    }
}
