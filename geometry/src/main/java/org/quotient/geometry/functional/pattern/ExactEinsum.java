package org.quotient.geometry.functional.pattern;

import java.math.BigInteger;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;

/**
 * Einstein summation over the rationals: all index tuples of all letters, one after the other, in whole numbers over a common
 * denominator for each operand, so that fractions are reduced once for each result only.
 */
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

    private static BigInteger denominator(ExactValues values) {
        BigInteger common = BigInteger.ONE;
        for (BigFraction value : values.numbers()) {
            BigInteger d = value.getDenominator();
            if (d.bitLength() > common.bitLength() || common.mod(d).signum() != 0) {
                common = common.divide(common.gcd(d)).multiply(d);
            }
        }
        return common;
    }

    private static BigInteger[] numerators(ExactValues values, BigInteger common) {
        BigInteger[] whole = new BigInteger[values.numbers().length];
        for (int i = 0; i < whole.length; i++) {
            BigFraction value = values.numbers()[i];
            whole[i] = value.getNumerator().multiply(common.divide(value.getDenominator()));
        }
        return whole;
    }

    ExactValues into(ExactValues result) {
        BigInteger commonX = denominator(x);
        BigInteger commonY = denominator(y);
        BigInteger[] a = numerators(x, commonX);
        BigInteger[] b = numerators(y, commonY);
        BigInteger[] sums = new BigInteger[result.numbers().length];
        java.util.Arrays.fill(sums, BigInteger.ZERO);
        int[] index = new int[sizes.length];
        int i = 0;
        int j = 0;
        int k = 0;
        boolean more = a.length > 0 && b.length > 0;
        while (more) {
            result.nonzero()[k] |= x.nonzero()[i] && y.nonzero()[j];
            if (a[i].signum() != 0 && b[j].signum() != 0) {
                sums[k] = sums[k].add(a[i].multiply(b[j]));
            }
            int axis = sizes.length - 1;
            for (; axis >= 0; axis--) {
                i += left[axis];
                j += right[axis];
                k += out[axis];
                if (++index[axis] < sizes[axis]) {
                    break;
                }
                i -= left[axis] * sizes[axis];
                j -= right[axis] * sizes[axis];
                k -= out[axis] * sizes[axis];
                index[axis] = 0;
            }
            more = axis >= 0;
        }
        BigInteger common = commonX.multiply(commonY);
        for (int e = 0; e < sums.length; e++) {
            if (sums[e].signum() != 0) {
                result.numbers()[e] = new BigFraction(sums[e], common);
            }
        }
        return result;
    }
}
