package org.quotient.interop.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;
import org.quotient.interop.onnx.OperatorTable.Rule;

/** Convolutions and pooling on one or two spatial axes. */
final class WindowOperators {
    private static final int MOST = 1 << 20;

    private WindowOperators() {}

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("Conv", OperatorTable.real(WindowOperators::convolution));
        rules.put("ConvTranspose", OperatorTable.real(WindowOperators::transposed));
        rules.put("MaxPool", OperatorTable.real(WindowOperators::maxPool));
        rules.put("AveragePool", OperatorTable.real(WindowOperators::averagePool));
        rules.put("GlobalAveragePool", OperatorTable.real(n -> global(n, false)));
        rules.put("GlobalMaxPool", OperatorTable.real(n -> global(n, true)));
        return rules;
    }

    private static long[] kernelSizes(Node node, Expr kernel) {
        Shape shape = kernel.shape();
        long[] sizes = IntStream.range(2, Math.max(2, shape.rank()))
                .mapToLong(shape::size)
                .toArray();
        long[] declared = node.integers("kernel_shape");
        if (declared != null && !java.util.Arrays.equals(declared, sizes)) {
            throw node.fail("declares the kernel " + java.util.Arrays.toString(declared) + " but is given "
                    + kernel.describe() + ".");
        }
        return sizes;
    }

    private static Expr convolution(Node node) {
        Expr x = node.real(0);
        Expr kernel = node.real(1);
        WindowGeometry geometry = WindowGeometry.of(node, x.shape(), kernelSizes(node, kernel));
        int groups = node.within("the group count", node.integer("group", 1), 1, MOST);
        Expr y = Ops.conv2d(geometry.lift(x), geometry.lift(kernel), geometry.window(), groups);
        return biased(node, geometry.lower(y));
    }

    private static Expr biased(Node node, Expr y) {
        return node.has(2) ? y.plus(Layers.alongAxis(node.real(2), y, 1)) : y;
    }

    /** The adjoint of a convolution: its input is the image gradient's role, so sizes run backwards. */
    private static Expr transposed(Node node) {
        Expr x = node.real(0);
        Expr kernel = node.real(1);
        String auto = node.text("auto_pad", "NOTSET");
        if (node.hasAttribute("output_shape") || !(auto.isEmpty() || auto.equals("NOTSET") || auto.equals("VALID"))) {
            throw node.fail("gives its output's shape instead of its padding, which is not supported. Export with "
                    + "explicit pads and output_padding.");
        }
        WindowGeometry geometry = WindowGeometry.of(node, x.shape(), kernelSizes(node, kernel));
        Window w = geometry.window();
        Expr image = geometry.lift(x);
        long[] extra = node.integers("output_padding");
        int last = extra == null || extra.length == 0 ? 0 : (int) extra[extra.length - 1];
        int first = extra == null || extra.length < 2 ? 0 : (int) extra[0];
        int height = (image.shape().size(2) - 1) * w.strideHeight()
                - w.padTop()
                - w.padBottom()
                + (w.kernelHeight() - 1) * w.dilationHeight()
                + 1
                + first;
        int width = (image.shape().size(3) - 1) * w.strideWidth()
                - w.padLeft()
                - w.padRight()
                + (w.kernelWidth() - 1) * w.dilationWidth()
                + 1
                + last;
        int groups = node.within("the group count", node.integer("group", 1), 1, MOST);
        Op.Conv adjoint = new Op.Conv(
                Op.ConvForm.INPUT_ADJOINT,
                w,
                groups,
                node.within("an output height of", height, 1, MOST),
                node.within("an output width of", width, 1, MOST));
        return biased(node, geometry.lower(Expr.of(adjoint, image, geometry.lift(kernel))));
    }

    // ---- Pooling

    private static long[] poolKernel(Node node) {
        long[] kernel = node.integers("kernel_shape");
        if (kernel == null) {
            throw node.fail("lacks its attribute kernel_shape.");
        }
        return kernel;
    }

    private static Expr maxPool(Node node) {
        Expr x = node.real(0);
        WindowGeometry geometry = WindowGeometry.of(node, x.shape(), poolKernel(node));
        return geometry.lower(
                Ops.maxPool2d(geometry.lift(x), rounded(node, geometry, x).window()));
    }

    private static Expr averagePool(Node node) {
        Expr x = node.real(0);
        WindowGeometry given = WindowGeometry.of(node, x.shape(), poolKernel(node));
        WindowGeometry geometry = rounded(node, given, x);
        boolean countPadding = node.flag("count_include_pad", false);
        if (countPadding && !geometry.equals(given)) {
            throw node.fail("rounds its output size up (ceil_mode) and counts padding, which has no agreed meaning. "
                    + "Export with ceil_mode=False.");
        }
        Expr image = geometry.lift(x);
        long places = (long) geometry.window().outputHeight(image.shape().size(2))
                * geometry.window().outputWidth(image.shape().size(3));
        node.within("a number of windows of", places, 0, MOST);
        return geometry.lower(Ops.averagePool2d(image, geometry.window(), countPadding));
    }

    /** With ceil_mode, the window geometry whose floor is that ceiling: padding never wins and is not counted. */
    private static WindowGeometry rounded(Node node, WindowGeometry geometry, Expr x) {
        if (!node.flag("ceil_mode", false)) {
            return geometry;
        }
        Window w = geometry.window();
        int rank = x.shape().rank();
        int height = rank == 3 ? 1 : x.shape().size(2);
        int width = x.shape().size(rank - 1);
        int bottom = missing(
                height, w.padTop(), w.padBottom(), (w.kernelHeight() - 1) * w.dilationHeight() + 1, w.strideHeight());
        int right = missing(
                width, w.padLeft(), w.padRight(), (w.kernelWidth() - 1) * w.dilationWidth() + 1, w.strideWidth());
        return bottom + right == 0 ? geometry : geometry.extended(bottom, right);
    }

    /** The padding that makes room for one more, partial, window that starts within the input or its left padding. */
    private static int missing(int size, int before, int after, int extent, int stride) {
        int room = size + before + after - extent;
        int remainder = room < 0 ? 0 : room % stride;
        boolean startsInside = room >= 0 && room - remainder + stride < size + before;
        return remainder == 0 || !startsInside ? 0 : stride - remainder;
    }

    private static Expr global(Node node, boolean maximum) {
        Expr x = node.real(0);
        int rank = x.shape().rank();
        if (rank < 3) {
            throw node.fail("expects an input [N, C, ...] with spatial axes; given " + x.describe() + ".");
        }
        List<Integer> axes = IntStream.range(2, rank).boxed().toList();
        int[] array = axes.stream().mapToInt(Integer::intValue).toArray();
        return Shaping.keep(maximum ? Ops.maxOver(x, array) : Ops.mean(x, array), rank, axes, true);
    }
}
