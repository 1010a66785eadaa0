package org.quotient.interop.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.interop.onnx.OperatorTable.Rule;

/** Padding. */
final class PaddingOperators {
    private static final int MOST = 1 << 20;

    private PaddingOperators() {}

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>(ResizeOperators.rules());
        rules.put("Pad", OperatorTable.real(PaddingOperators::pad));
        return rules;
    }

    private static Expr pad(Node node) {
        Expr x = node.real(0);
        int rank = x.shape().rank();
        long[] listed = node.ints(1).values();
        List<Integer> axes = new ArrayList<>();
        if (node.has(3)) {
            for (long axis : node.ints(3).values()) {
                axes.add(node.axis(axis, rank));
            }
        } else {
            axes.addAll(IntStream.range(0, rank).boxed().toList());
        }
        if (listed.length != 2 * axes.size()) {
            throw node.fail("has " + listed.length + " pads for " + axes.size() + " axes; expected two for each.");
        }
        String mode = node.text("mode", "constant");
        if (mode.equals("constant") && node.has(2) && node.numbers(2).maxAbs() != 0) {
            throw node.fail("pads with a number other than 0, which is not supported.");
        }
        Expr result = x;
        for (int i = 0; i < axes.size(); i++) {
            int before = node.within("a pad of", listed[i], -MOST, MOST);
            int after = node.within("a pad of", listed[i + axes.size()], -MOST, MOST);
            result = along(node, result, axes.get(i), before, after, mode);
        }
        return result;
    }

    private static Expr along(Node node, Expr x, int axis, int before, int after, String mode) {
        int size = x.shape().size(axis);
        if (before == 0 && after == 0) {
            return x;
        }
        if (size == Shape.N) {
            throw node.fail("pads the batch axis of " + x.shape() + ".");
        }
        if (mode.equals("constant")) {
            int start = Math.min(size, Math.max(0, -before));
            int stop = Math.max(start, size - Math.max(0, -after));
            Expr inner = start == 0 && stop == size ? x : Ops.slice(x, axis, start, stop);
            List<Integer> low = zeros(x.shape().rank());
            List<Integer> high = zeros(x.shape().rank());
            low.set(axis, Math.max(0, before));
            high.set(axis, Math.max(0, after));
            return before <= 0 && after <= 0 ? inner : Ops.pad(inner, low, high);
        }
        int[] indices = IntStream.range(-before, size + after)
                .map(i -> source(node, mode, i, size))
                .toArray();
        return Ops.gather(x, axis, indices);
    }

    private static int source(Node node, String mode, int index, int size) {
        return switch (mode) {
            case "edge" -> Math.max(0, Math.min(size - 1, index));
            case "wrap" -> Math.floorMod(index, size);
            case "reflect" -> {
                int period = Math.max(1, 2 * size - 2);
                int folded = Math.floorMod(index, period);
                yield folded < size ? folded : period - folded;
            }
            default -> throw node.fail("has the mode '" + mode + "'; expected constant, reflect, edge or wrap.");
        };
    }

    private static List<Integer> zeros(int count) {
        return new ArrayList<>(java.util.Collections.nCopies(count, 0));
    }
}
