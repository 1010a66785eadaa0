package org.quotient.interop.onnx;

import java.util.Arrays;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;

/**
 * The window of a convolution or pooling on one or two spatial axes. One axis is read as an image of height 1.
 *
 * @param window the window on images
 * @param spatial how many spatial axes the file's tensors have
 */
record WindowGeometry(Window window, int spatial) {
    private static final int MOST = 1 << 20;

    /** The attributes of a node for an input [N, C, ...] and a kernel of the given size. */
    static WindowGeometry of(Node node, Shape input, long[] kernel) {
        int spatial = input.rank() - 2;
        if (spatial < 1 || spatial > 2) {
            throw node.fail("expects an input [N, C, L] or [N, C, H, W]; given " + input + ".");
        }
        int[] k = sizes(node, "kernel_shape", kernel, spatial, 1);
        int[] strides = sizes(node, "strides", node.integers("strides"), spatial, 1);
        int[] dilations = sizes(node, "dilations", node.integers("dilations"), spatial, 1);
        int[] pads = pads(node, input, k, strides, dilations);
        if (spatial == 1) {
            return new WindowGeometry(
                    new Window(1, k[0], 1, strides[0], 0, pads[0], 0, pads[1], 1, dilations[0]), spatial);
        }
        return new WindowGeometry(
                new Window(
                        k[0],
                        k[1],
                        strides[0],
                        strides[1],
                        pads[0],
                        pads[1],
                        pads[2],
                        pads[3],
                        dilations[0],
                        dilations[1]),
                spatial);
    }

    private static int[] sizes(
            Node node, String what, long @org.jspecify.annotations.Nullable [] given, int count, int otherwise) {
        int[] sizes = new int[count];
        Arrays.fill(sizes, otherwise);
        if (given == null) {
            return sizes;
        }
        if (given.length != count) {
            throw node.fail("has " + given.length + " numbers in " + what + "; expected " + count + ".");
        }
        for (int i = 0; i < count; i++) {
            sizes[i] = node.within("in " + what + " the number", given[i], otherwise, MOST);
        }
        return sizes;
    }

    private static int[] pads(Node node, Shape input, int[] kernel, int[] strides, int[] dilations) {
        int spatial = kernel.length;
        String auto = node.text("auto_pad", "NOTSET");
        int[] pads = new int[2 * spatial];
        switch (auto) {
            case "", "NOTSET" -> {
                return sizes(node, "pads", node.integers("pads"), 2 * spatial, 0);
            }
            case "VALID" -> {
                return pads;
            }
            case "SAME_UPPER", "SAME_LOWER" -> {
                for (int i = 0; i < spatial; i++) {
                    int size = input.size(i + 2);
                    int outputs = (size + strides[i] - 1) / strides[i];
                    int needed = (outputs - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - size;
                    int total = Math.max(0, needed);
                    int less = total / 2;
                    pads[i] = auto.equals("SAME_UPPER") ? less : total - less;
                    pads[i + spatial] = total - pads[i];
                }
                return pads;
            }
            default -> throw node.fail("has auto_pad '" + auto + "'.");
        }
    }

    /** [N, C, L] as an image [N, C, 1, L]; images as they are. Kernels alike. */
    Expr lift(Expr x) {
        Shape s = x.shape();
        return spatial == 2 ? x : x.reshape(s.size(0), s.size(1), 1, s.size(2));
    }

    /** The inverse of {@link #lift}. */
    Expr lower(Expr x) {
        Shape s = x.shape();
        return spatial == 2 ? x : x.reshape(s.size(0), s.size(1), s.size(3));
    }

    /** The same window with more padding at the lower and right edge. */
    WindowGeometry extended(int bottom, int right) {
        Window w = window;
        return new WindowGeometry(
                new Window(
                        w.kernelHeight(),
                        w.kernelWidth(),
                        w.strideHeight(),
                        w.strideWidth(),
                        w.padTop(),
                        w.padLeft(),
                        w.padBottom() + bottom,
                        w.padRight() + right,
                        w.dilationHeight(),
                        w.dilationWidth()),
                spatial);
    }
}
