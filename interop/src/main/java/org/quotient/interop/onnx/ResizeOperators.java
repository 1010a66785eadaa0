package org.quotient.interop.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.interop.onnx.OperatorTable.Rule;

/** Nearest-neighbour resizing: each output place copies one input place, so it is a gather along each axis. */
final class ResizeOperators {
    private ResizeOperators() {}

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("Resize", OperatorTable.real(ResizeOperators::resize));
        rules.put("Upsample", OperatorTable.real(n -> scaled(n, scales(n, 1), "asymmetric", "floor")));
        return rules;
    }

    private static Expr resize(Node node) {
        if (!node.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw node.fail("keeps the aspect ratio, which is not supported.");
        }
        String transformation = node.text("coordinate_transformation_mode", "half_pixel");
        String rounding = node.text("nearest_mode", "round_prefer_floor");
        if (node.has(2) && node.numbers(2).size() > 0) {
            return scaled(node, scales(node, 2), transformation, rounding);
        }
        if (!node.has(3)) {
            throw node.fail("has neither scales nor sizes.");
        }
        requireNearest(node);
        Expr x = node.real(0);
        long[] sizes = node.ints(3).values();
        int[] axes = axes(node, x.shape().rank(), sizes.length);
        for (int i = 0; i < axes.length; i++) {
            int size = x.shape().size(axes[i]);
            boolean whole = size == Shape.N && (sizes[i] == Value.BATCH || sizes[i] == node.fixedBatch());
            if (!whole) {
                int wanted = node.within("an output size of", sizes[i], 0, IntegerArithmetic.MOST);
                x = along(node, x, axes[i], wanted, (double) wanted / size, transformation, rounding);
            }
        }
        return x;
    }

    private static double[] scales(Node node, int input) {
        if (!node.has(input)) {
            double[] attribute = node.numbers("scales");
            if (attribute.length == 0) {
                throw node.fail("lacks its scales.");
            }
            return attribute;
        }
        Tensor scales = node.numbers(input);
        return scales.data();
    }

    private static void requireNearest(Node node) {
        String mode = node.text("mode", "nearest");
        if (!mode.equals("nearest")) {
            throw node.fail("interpolates (mode '" + mode + "'), which is not supported; expected nearest.");
        }
    }

    private static Expr scaled(Node node, double[] scales, String transformation, String rounding) {
        requireNearest(node);
        Expr x = node.real(0);
        int[] axes = axes(node, x.shape().rank(), scales.length);
        for (int i = 0; i < axes.length; i++) {
            if (scales[i] != 1) {
                double size = Math.floor(x.shape().size(axes[i]) * scales[i]);
                boolean bounded = size >= 0 && size <= IntegerArithmetic.MOST;
                if (!bounded) {
                    throw node.fail("scales axis " + axes[i] + " of " + x.shape() + " by " + scales[i] + ".");
                }
                x = along(node, x, axes[i], (int) size, scales[i], transformation, rounding);
            }
        }
        return x;
    }

    private static int[] axes(Node node, int rank, int count) {
        long @Nullable [] listed = node.integers("axes");
        int[] axes = listed == null
                ? IntStream.range(0, rank).toArray()
                : Arrays.stream(listed).mapToInt(a -> node.axis(a, rank)).toArray();
        if (axes.length != count) {
            throw node.fail("has " + count + " factors for " + axes.length + " axes.");
        }
        return axes;
    }

    private static Expr along(
            Node node, Expr x, int axis, int wanted, double scale, String transformation, String rounding) {
        int size = x.shape().size(axis);
        if (size == Shape.N || size == 0) {
            throw node.fail("resizes axis " + axis + " of " + x.shape() + ".");
        }
        int[] indices = IntStream.range(0, wanted)
                .map(i -> rounded(node, place(node, i, size, wanted, scale, transformation), rounding))
                .map(i -> Math.max(0, Math.min(size - 1, i)))
                .toArray();
        boolean identity = wanted == size && IntStream.range(0, size).allMatch(i -> indices[i] == i);
        return identity ? x : Ops.gather(x, axis, indices);
    }

    private static double place(Node node, int i, int size, int wanted, double scale, String transformation) {
        return switch (transformation) {
            case "asymmetric" -> i / scale;
            case "half_pixel" -> (i + 0.5) / scale - 0.5;
            case "pytorch_half_pixel" -> wanted > 1 ? (i + 0.5) / scale - 0.5 : 0;
            case "align_corners" -> wanted > 1 ? i * (size - 1.0) / (wanted - 1.0) : 0;
            default ->
                throw node.fail("has the coordinate transformation '" + transformation
                        + "'; expected asymmetric, half_pixel, pytorch_half_pixel or align_corners.");
        };
    }

    private static int rounded(Node node, double place, String rounding) {
        return (int)
                switch (rounding) {
                    case "floor" -> Math.floor(place);
                    case "ceil" -> Math.ceil(place);
                    case "round_prefer_floor" -> Math.ceil(place - 0.5);
                    case "round_prefer_ceil" -> Math.floor(place + 0.5);
                    default -> throw node.fail("has the rounding '" + rounding + "'.");
                };
    }
}
