package org.quotient.geometry.functional.pattern;

import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;

/** Einstein summation over the rationals: all index tuples of all letters, one after the other. */
final class ExactEinsum {
    private final ExactValues x;
    private final ExactValues y;
    private final int[] sizes;
    private final int[] left;
    private final int[] right;
    private final int[] out;

    ExactEinsum(Op.Einsum op, ExactValues x, ExactValues y) {
        this.x = x;
        this.y = y;
        StringBuilder letters = new StringBuilder(op.left());
        for (char letter : op.right().toCharArray()) {
            if (op.left().indexOf(letter) < 0) {
                letters.append(letter);
            }
        }
        sizes = new int[letters.length()];
        for (int i = 0; i < sizes.length; i++) {
            int at = op.left().indexOf(letters.charAt(i));
            sizes[i] = at >= 0 ? x.shape().size(at) : y.shape().size(op.right().indexOf(letters.charAt(i)));
        }
        left = strides(letters, op.left(), x.shape());
        right = strides(letters, op.right(), y.shape());
        int[] result = new int[op.out().length()];
        for (int i = 0; i < result.length; i++) {
            result[i] = sizes[letters.indexOf(op.out().substring(i, i + 1))];
        }
        out = strides(letters, op.out(), Shape.of(result));
    }

    private static int[] strides(StringBuilder letters, String part, Shape shape) {
        int[] all = shape.strides();
        int[] step = new int[letters.length()];
        for (int i = 0; i < step.length; i++) {
            int at = part.indexOf(letters.charAt(i));
            step[i] = at < 0 ? 0 : all[at];
        }
        return step;
    }

    ExactValues into(ExactValues result) {
        int[] index = new int[sizes.length];
        int a = 0;
        int b = 0;
        int c = 0;
        boolean more = x.numbers().length > 0 && y.numbers().length > 0;
        while (more) {
            boolean both = x.nonzero()[a] && y.nonzero()[b];
            boolean zero = x.sign(a) == 0 || y.sign(b) == 0;
            result.add(c, zero ? BigFraction.ZERO : x.numbers()[a].multiply(y.numbers()[b]), both);
            int axis = sizes.length - 1;
            for (; axis >= 0; axis--) {
                a += left[axis];
                b += right[axis];
                c += out[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                a -= left[axis] * sizes[axis];
                b -= right[axis] * sizes[axis];
                c -= out[axis] * sizes[axis];
                index[axis] = 0;
            }
            more = axis >= 0;
        }
        return result;
    }
}
