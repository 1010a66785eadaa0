package org.quotient.interop.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.interop.onnx.OperatorTable.Rule;
import org.quotient.interop.onnx.Value.Ints;

/** Operators that put values together and take them apart. */
final class SelectionOperators {
    private SelectionOperators() {}

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("Concat", OperatorTable.value(SelectionOperators::concat));
        rules.put("Split", SelectionOperators::split);
        rules.put("Slice", OperatorTable.value(SelectionOperators::slice));
        rules.put("Gather", OperatorTable.value(SelectionOperators::gather));
        rules.put("Where", OperatorTable.value(SelectionOperators::where));
        return rules;
    }

    private static Value concat(Node node) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < node.inputCount(); i++) {
            values.add(node.value(i));
        }
        if (values.isEmpty() || !node.hasAttribute("axis")) {
            throw node.fail("lacks its inputs or its axis.");
        }
        return Movement.of(
                node,
                values,
                parts -> Ops.concat(
                        node.axis(node.integer("axis", 0), parts.get(0).shape().rank()), parts));
    }

    private static List<Value> split(Node node) {
        List<Value> parts = new ArrayList<>();
        int[] from = {0};
        Shape[] shape = new Shape[1];
        Movement.of(node, x -> {
            shape[0] = x.shape();
            return x;
        });
        int axis = node.axis(node.integer("axis", 0), shape[0].rank());
        if (shape[0].size(axis) == Shape.N) {
            throw node.fail("splits the batch axis of " + shape[0] + ".");
        }
        for (int size : splitSizes(node, shape[0].size(axis))) {
            int start = from[0];
            parts.add(Movement.of(node, x -> Ops.slice(x, axis, start, start + size)));
            from[0] += size;
        }
        return parts;
    }

    private static int[] splitSizes(Node node, int total) {
        long[] given = node.has(1) ? node.ints(1).values() : node.integers("split");
        int count = given == null
                ? node.within("num_outputs", node.integer("num_outputs", node.outputCount()), 1, 1 << 16)
                : given.length;
        int[] sizes = new int[count];
        int left = total;
        for (int i = 0; i < count; i++) {
            int even = Math.min(left, (total + count - 1) / count);
            sizes[i] = given == null ? even : node.within("a part of size", given[i], 0, left);
            left -= sizes[i];
        }
        if (left != 0) {
            throw node.fail("splits an axis of " + total + " into parts that leave " + left + " over.");
        }
        return sizes;
    }

    // ---- Slice

    private static Value slice(Node node) {
        boolean attributes = node.hasAttribute("starts");
        long[] starts = attributes ? attribute(node, "starts") : node.ints(1).values();
        long[] ends = attributes ? attribute(node, "ends") : node.ints(2).values();
        long[] axes =
                attributes ? node.integers("axes") : node.has(3) ? node.ints(3).values() : null;
        long[] steps = !attributes && node.has(4) ? node.ints(4).values() : null;
        boolean fit = ends.length == starts.length
                && (axes == null || axes.length == starts.length)
                && (steps == null || steps.length == starts.length);
        if (!fit) {
            throw node.fail("has different numbers of starts, ends, axes and steps.");
        }
        return Movement.of(node, x -> {
            Expr result = x;
            for (int i = 0; i < starts.length; i++) {
                int axis = node.axis(axes == null ? i : axes[i], x.shape().rank());
                long step = steps == null ? 1 : steps[i];
                result = along(node, result, axis, starts[i], ends[i], step);
            }
            return result;
        });
    }

    private static long[] attribute(Node node, String name) {
        long[] values = node.integers(name);
        if (values == null) {
            throw node.fail("lacks its attribute " + name + ".");
        }
        return values;
    }

    private static Expr along(Node node, Expr x, int axis, long start, long end, long step) {
        int size = x.shape().size(axis);
        if (size == Shape.N) {
            boolean toEnd = end == Value.BATCH || end >= Integer.MAX_VALUE;
            if (start == 0 && step == 1 && (toEnd || (node.fixedBatch() >= 0 && end >= node.fixedBatch()))) {
                return x;
            }
            throw node.fail("takes part of the batch axis of " + x.shape() + ".");
        }
        IntegerArithmetic.known(node, start);
        IntegerArithmetic.known(node, end);
        if (step == 0) {
            throw node.fail("has a step of 0.");
        }
        boolean forward = step > 0;
        long low = forward ? 0 : -1;
        long high = forward ? size : size - 1L;
        long first = bounded(start, size, forward ? 0 : 0, high);
        long last = bounded(end, size, low, high);
        int stride = (int) Math.max(-Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, step));
        if (forward) {
            return first == 0 && last == size && step == 1
                    ? x
                    : Ops.slice(x, axis, (int) first, (int) Math.max(first, last), stride);
        }
        long count = size == 0 ? 0 : Math.max(0, (first - last - stride - 1L) / -(long) stride);
        node.within("a number of chosen elements of", count, 0, IntegerArithmetic.MOST);
        int from = (int) first;
        return Ops.gather(
                x,
                axis,
                IntStream.range(0, (int) count).map(k -> from + k * stride).toArray());
    }

    private static long bounded(long index, int size, long low, long high) {
        long counted = index < 0 ? (index < -size ? -1 : index + size) : index;
        return Math.max(low, Math.min(high, counted));
    }

    // ---- Gather

    private static Value gather(Node node) {
        if (node.value(1) instanceof Value.Ids ids) {
            Expr table = node.real(0);
            if (node.integer("axis", 0) != 0 || table.shape().rank() != 2) {
                throw node.fail("looks up data-dependent indices in " + table.describe()
                        + "; supported is a table of two axes along axis 0 (an embedding).");
            }
            return new Value.Real(Ops.embedding(table, ids.expr()));
        }
        Ints indices = node.ints(1);
        return Movement.of(node, x -> chosen(node, x, indices));
    }

    private static Expr chosen(Node node, Expr x, Ints indices) {
        Shape from = x.shape();
        int axis = node.axis(node.integer("axis", 0), from.rank());
        int size = from.size(axis);
        if (size == Shape.N) {
            throw node.fail("chooses along the batch axis of " + from + ".");
        }
        int[] list = new int[indices.values().length];
        for (int i = 0; i < list.length; i++) {
            long index = indices.values()[i];
            list[i] = node.within("an index of", index < 0 ? index + size : index, 0, size - 1L);
        }
        Expr gathered = Ops.gather(x, axis, list);
        int[] inner = indices.dims();
        if (inner.length == 1) {
            return gathered;
        }
        if (inner.length == 0) {
            return Shaping.removeAxes(node, gathered, List.of(axis));
        }
        int[] sizes = IntStream.concat(
                        IntStream.concat(Arrays.stream(from.sizes()).limit(axis), Arrays.stream(inner)),
                        Arrays.stream(from.sizes()).skip(axis + 1L))
                .toArray();
        return Ops.reshape(gathered, Shape.of(sizes));
    }

    // ---- Where

    /** A choice by a fixed mask; a constant side enters exactly, so that −∞ may mask scores. */
    private static Value where(Node node) {
        Ints mask = node.ints(0);
        if (node.value(1) instanceof Ints a && node.value(2) instanceof Ints b) {
            int[] dims = IntegerArithmetic.broadcast(
                    node, mask.dims(), IntegerArithmetic.broadcast(node, a.dims(), b.dims()));
            long[] m = IntegerArithmetic.expand(node, mask, dims).values();
            long[] x = IntegerArithmetic.expand(node, a, dims).values();
            long[] y = IntegerArithmetic.expand(node, b, dims).values();
            long[] out = new long[m.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = m[i] != 0 ? x[i] : y[i];
            }
            return new Ints(dims, out);
        }
        Expr chosen = masked(node, node.real(1), mask, false);
        return new Value.Real(chosen.plus(masked(node, node.real(2), mask, true)));
    }

    private static Expr masked(Node node, Expr x, Ints mask, boolean inverted) {
        Shape shape = Shape.of(mask.dims());
        Tensor constant = constant(x);
        if (constant == null) {
            return x.times(
                    Expr.constant(Tensor.fill(shape, x.dtype(), i -> mask.values()[i] != 0 != inverted ? 1 : 0)));
        }
        int[] dims =
                IntegerArithmetic.broadcast(node, mask.dims(), constant.shape().sizes());
        Ints wide = IntegerArithmetic.expand(node, mask, dims);
        int[] one = new int[constant.size()];
        Arrays.setAll(one, i -> i);
        long[] places = Arrays.stream(one).asLongStream().toArray();
        Ints from = IntegerArithmetic.expand(node, new Ints(constant.shape().sizes(), places), dims);
        return Expr.constant(Tensor.fill(
                Shape.of(dims),
                x.dtype(),
                i -> wide.values()[i] != 0 != inverted ? constant.get((int) from.values()[i]) : 0));
    }

    private static @Nullable Tensor constant(Expr x) {
        return x.op() instanceof Op.Constant c ? c.value() : null;
    }
}
