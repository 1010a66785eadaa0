package org.quotient.interop.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.interop.onnx.OperatorTable.Rule;

/** Operators that give values another shape, and those that ask for a shape. */
final class ShapeOperators {
    private ShapeOperators() {}

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("Reshape", OperatorTable.value(ShapeOperators::reshape));
        rules.put("Flatten", OperatorTable.value(ShapeOperators::flatten));
        rules.put("Squeeze", OperatorTable.value(ShapeOperators::squeeze));
        rules.put("Unsqueeze", OperatorTable.value(ShapeOperators::unsqueeze));
        rules.put("Transpose", OperatorTable.value(ShapeOperators::transpose));
        rules.put("Expand", OperatorTable.value(ShapeOperators::expand));
        rules.put("DepthToSpace", OperatorTable.real(n -> blocks(n, true)));
        rules.put("SpaceToDepth", OperatorTable.real(n -> blocks(n, false)));
        rules.put("Identity", OperatorTable.value(n -> n.untouched(0)));
        rules.put("Dropout", OperatorTable.value(ShapeOperators::dropout));
        rules.put("Shape", OperatorTable.value(ShapeOperators::shape));
        rules.put("Size", OperatorTable.value(ShapeOperators::size));
        return rules;
    }

    private static Value reshape(Node node) {
        long[] sizes = node.ints(1).values();
        boolean zeroMeansZero = node.flag("allowzero", false);
        return Movement.of(node, x -> Ops.reshape(x, Shaping.target(node, x.shape(), sizes, zeroMeansZero)));
    }

    private static Value flatten(Node node) {
        return Movement.of(node, x -> {
            int rank = x.shape().rank();
            long given = node.integer("axis", 1);
            int axis = given == rank ? rank : node.axis(given, Math.max(1, rank));
            int rows = axis == 1 ? x.shape().size(0) : count(node, x.shape(), 0, axis);
            return Ops.reshape(x, Shape.of(rows, count(node, x.shape(), axis, rank)));
        });
    }

    private static int count(Node node, Shape shape, int from, int to) {
        long count = 1;
        for (int i = from; i < to; i++) {
            if (shape.size(i) == Shape.N) {
                throw node.fail("would merge the batch axis of " + shape + " with others.");
            }
            count = Math.multiplyExact(count, shape.size(i));
        }
        return Math.toIntExact(count);
    }

    private static long @org.jspecify.annotations.Nullable [] listedAxes(Node node) {
        return node.has(1) ? node.ints(1).values() : node.integers("axes");
    }

    private static Value squeeze(Node node) {
        long[] listed = listedAxes(node);
        return Movement.of(node, x -> {
            Shape shape = x.shape();
            if (listed == null && shape.isSymbolic() && node.fixedBatch() == 1) {
                throw node.fail("removes all axes of size 1, a batch of 1 among them.");
            }
            List<Integer> axes = listed == null
                    ? IntStream.range(0, shape.rank())
                            .filter(i -> shape.size(i) == 1)
                            .boxed()
                            .toList()
                    : node.axes(listed, shape.rank());
            return Shaping.removeAxes(node, x, axes);
        });
    }

    private static Value unsqueeze(Node node) {
        long[] listed = listedAxes(node);
        if (listed == null) {
            throw node.fail("lacks its axes.");
        }
        return Movement.of(node, x -> {
            int rank = x.shape().rank() + listed.length;
            return Shaping.insertAxes(x, rank, Shaping.others(rank, node.axes(listed, rank)));
        });
    }

    private static Value transpose(Node node) {
        long[] order = node.integers("perm");
        return Movement.of(node, x -> {
            int rank = x.shape().rank();
            int[] axes = order == null
                    ? IntStream.range(0, rank).map(i -> rank - 1 - i).toArray()
                    : Arrays.stream(order).mapToInt(a -> node.axis(a, rank)).toArray();
            return axes.length == 0 ? x : Ops.transpose(x, axes);
        });
    }

    /** Repeats along axes of size 1, both shapes broadcast together; the file's batch size stands for N. */
    private static Value expand(Node node) {
        long[] asked = node.ints(1).values();
        return Movement.of(node, x -> {
            int rank = Math.max(asked.length, x.shape().rank());
            int[] to = new int[rank];
            for (int i = 1; i <= rank; i++) {
                int from = i <= x.shape().rank() ? x.shape().size(x.shape().rank() - i) : 1;
                long wanted = i <= asked.length ? asked[asked.length - i] : 1;
                boolean batch = wanted == Value.BATCH || (from == Shape.N && wanted == node.fixedBatch());
                int size = batch ? Shape.N : node.within("a size of", wanted, 0, Integer.MAX_VALUE);
                to[rank - i] = size == 1 ? from : size;
            }
            if (node.value(0) instanceof Value.Ints) {
                node.within("a number of integers of", Shaping.count(node, Shape.of(to), 0), 0, IntegerArithmetic.MOST);
            }
            return Ops.broadcastTo(x, Shape.of(to));
        });
    }

    /** The identity, as at inference; training files say so by an input. */
    private static Value dropout(Node node) {
        if (node.has(2) && node.ints(2).values().length > 0 && node.ints(2).values()[0] != 0) {
            throw node.fail(
                    "is in training mode, where it is random. Export with the dropout layers in evaluation mode "
                            + "(in PyTorch: model.eval(), or Dropout(0)).");
        }
        return node.untouched(0);
    }

    /** Channels to b x b blocks of pixels (pixel shuffling, Shi et al. 2016), and back. */
    private static Expr blocks(Node node, boolean toSpace) {
        Expr x = node.real(0);
        int b = node.within("a block size of", node.integer("blocksize", 0), 1, 1 << 10);
        Shape s = x.shape();
        int unit = toSpace ? 1 : b;
        if (s.rank() != 4 || s.size(2) % unit != 0 || s.size(3) % unit != 0 || (toSpace && s.size(1) % (b * b) != 0)) {
            throw node.fail("expects an image batch whose sizes fit blocks of " + b + "x" + b + "; given " + s + ".");
        }
        if (!toSpace) {
            return x.reshape(s.size(0), s.size(1), s.size(2) / b, b, s.size(3) / b, b)
                    .transpose(0, 3, 5, 1, 2, 4)
                    .reshape(s.size(0), s.size(1) * b * b, s.size(2) / b, s.size(3) / b);
        }
        int channels = s.size(1) / (b * b);
        boolean channelFirst = node.text("mode", "DCR").equals("CRD");
        Expr apart = channelFirst
                ? x.reshape(s.size(0), channels, b, b, s.size(2), s.size(3)).transpose(0, 1, 4, 2, 5, 3)
                : x.reshape(s.size(0), b, b, channels, s.size(2), s.size(3)).transpose(0, 3, 4, 1, 5, 2);
        return apart.reshape(s.size(0), channels, s.size(2) * b, s.size(3) * b);
    }

    private static Shape shapeOf(Node node) {
        return switch (node.value(0)) {
            case Value.Real real -> real.expr().shape();
            case Value.Ids ids -> ids.expr().shape();
            case Value.Ints ints -> Shape.of(ints.dims());
            case Value.Stored stored -> throw node.fail("has an unresolved input.");
            case Value.Missing missing -> throw missing.refused();
        };
    }

    private static Value shape(Node node) {
        long[] sizes = Shaping.sizes(shapeOf(node));
        int start = clamp(node.integer("start", 0), sizes.length);
        int end = clamp(node.integer("end", sizes.length), sizes.length);
        return Value.Ints.vector(Arrays.copyOfRange(sizes, start, Math.max(start, end)));
    }

    private static int clamp(long index, int rank) {
        return (int) Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
    }

    private static Value size(Node node) {
        Shape shape = shapeOf(node);
        return Value.Ints.scalar(Shaping.count(node, shape, 0));
    }
}
