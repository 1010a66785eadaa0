package org.quotient.autodiff;

import java.util.HashMap;
import java.util.Map;

/** Slow, plain loops over indices, written from the definitions: what the kernels are tested against. */
final class Naive {
    private Naive() {}

    static double at(Tensor x, int... index) {
        int[] strides = x.shape().strides();
        int at = 0;
        for (int i = 0; i < index.length; i++) {
            if (index[i] < 0 || index[i] >= x.shape().size(i)) {
                return 0;
            }
            at += index[i] * strides[i];
        }
        return x.get(at);
    }

    static int[] index(Shape shape, int position) {
        int[] index = new int[shape.rank()];
        int rest = position;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            index[i] = rest % shape.size(i);
            rest /= shape.size(i);
        }
        return index;
    }

    /** y[n, o, r, q] = Σ_{c, i, j} x[n, first channel of o's group + c, row, column] · k[o, c, i, j]; zero outside. */
    static Tensor conv(Tensor x, Tensor k, Window w, int groups) {
        int outputs = k.shape().size(0);
        int channels = k.shape().size(1);
        Shape shape = Shape.of(
                x.shape().size(0),
                outputs,
                w.outputHeight(x.shape().size(2)),
                w.outputWidth(x.shape().size(3)));
        return Tensor.fill(shape, DType.F64, p -> {
            int[] y = index(shape, p);
            int firstChannel = y[1] / (outputs / groups) * channels;
            double sum = 0;
            for (int c = 0; c < channels; c++) {
                for (int i = 0; i < w.kernelHeight(); i++) {
                    for (int j = 0; j < w.kernelWidth(); j++) {
                        int row = y[2] * w.strideHeight() - w.padTop() + i * w.dilationHeight();
                        int column = y[3] * w.strideWidth() - w.padLeft() + j * w.dilationWidth();
                        sum += at(x, y[0], firstChannel + c, row, column) * at(k, y[1], c, i, j);
                    }
                }
            }
            return sum;
        });
    }

    /** The sum and the maximum over the cells of a window that lie inside the image. */
    static double[] window(Tensor x, Window w, int n, int c, int r, int q) {
        double sum = 0;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < w.kernelHeight(); i++) {
            for (int j = 0; j < w.kernelWidth(); j++) {
                int row = r * w.strideHeight() - w.padTop() + i * w.dilationHeight();
                int column = q * w.strideWidth() - w.padLeft() + j * w.dilationWidth();
                if (row >= 0
                        && row < x.shape().size(2)
                        && column >= 0
                        && column < x.shape().size(3)) {
                    sum += at(x, n, c, row, column);
                    max = Math.max(max, at(x, n, c, row, column));
                }
            }
        }
        return new double[] {sum, max};
    }

    /** Every assignment of the letters adds one product to one element. */
    static Tensor einsum(Op.Einsum e, Tensor x, Tensor y, Shape shape) {
        Map<Character, Integer> sizes = new HashMap<>();
        for (int i = 0; i < e.left().length(); i++) {
            sizes.put(e.left().charAt(i), x.shape().size(i));
        }
        for (int i = 0; i < e.right().length(); i++) {
            sizes.put(e.right().charAt(i), y.shape().size(i));
        }
        StringBuilder letters = new StringBuilder();
        sizes.keySet().forEach(letters::append);
        int[] all = letters.chars().map(c -> sizes.getOrDefault((char) c, 1)).toArray();
        Shape space = Shape.of(all);
        double[] out = new double[shape.elements()];
        for (int p = 0; p < space.elements(); p++) {
            int[] index = index(space, p);
            int to = 0;
            for (int i = 0; i < e.out().length(); i++) {
                to = to * shape.size(i) + index[letters.indexOf(e.out().substring(i, i + 1))];
            }
            out[to] += at(x, pick(e.left(), letters, index)) * at(y, pick(e.right(), letters, index));
        }
        return Tensor.of(shape, out);
    }

    private static int[] pick(String part, StringBuilder letters, int[] index) {
        return part.chars()
                .map(c -> index[letters.indexOf(Character.toString(c))])
                .toArray();
    }
}
