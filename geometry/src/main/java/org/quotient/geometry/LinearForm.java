package org.quotient.geometry;

import java.util.Arrays;

/**
 * A sparse integer linear form Σ c_i u_i in numbered unknowns, without a constant term. Immutable.
 */
final class LinearForm {
    static final LinearForm ZERO = new LinearForm(new int[0], new long[0]);

    private final int[] unknowns;
    private final long[] coefficients;

    private LinearForm(int[] unknowns, long[] coefficients) {
        this.unknowns = unknowns;
        this.coefficients = coefficients;
    }

    /** The form u. */
    static LinearForm unknown(int u) {
        return new LinearForm(new int[] {u}, new long[] {1});
    }

    boolean isZero() {
        return unknowns.length == 0;
    }

    /** The number of unknowns with a nonzero coefficient. */
    int terms() {
        return unknowns.length;
    }

    /** The k-th unknown, increasing in k. */
    int unknownAt(int k) {
        return unknowns[k];
    }

    /** The k-th coefficient, nonzero. */
    long coefficientAt(int k) {
        return coefficients[k];
    }

    /**
     * This form plus a multiple of another.
     *
     * @throws ArithmeticException if a coefficient leaves the range of a long
     */
    LinearForm plus(LinearForm other, long factor) {
        if (other.isZero() || factor == 0) {
            return this;
        }
        if (isZero() && factor == 1) {
            return other;
        }
        int[] u = new int[unknowns.length + other.unknowns.length];
        long[] c = new long[u.length];
        int n = 0;
        int i = 0;
        int j = 0;
        while (i < unknowns.length || j < other.unknowns.length) {
            int a = i < unknowns.length ? unknowns[i] : Integer.MAX_VALUE;
            int b = j < other.unknowns.length ? other.unknowns[j] : Integer.MAX_VALUE;
            long value = a <= b ? coefficients[i] : 0;
            if (b <= a) {
                value = Math.addExact(value, Math.multiplyExact(factor, other.coefficients[j]));
            }
            i += a <= b ? 1 : 0;
            j += b <= a ? 1 : 0;
            if (value != 0) {
                u[n] = Math.min(a, b);
                c[n++] = value;
            }
        }
        return n == 0 ? ZERO : new LinearForm(Arrays.copyOf(u, n), Arrays.copyOf(c, n));
    }

    /** A multiple of this form. */
    LinearForm times(long factor) {
        return ZERO.plus(this, factor);
    }

    /** All coefficients divided by their greatest common divisor. */
    LinearForm primitive() {
        long gcd = 0;
        for (long c : coefficients) {
            gcd = gcd(gcd, Math.abs(c));
        }
        if (gcd <= 1) {
            return this;
        }
        long[] c = coefficients.clone();
        for (int i = 0; i < c.length; i++) {
            c[i] /= gcd;
        }
        return new LinearForm(unknowns, c);
    }

    static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LinearForm form
                && Arrays.equals(unknowns, form.unknowns)
                && Arrays.equals(coefficients, form.coefficients);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(unknowns) + Arrays.hashCode(coefficients);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < unknowns.length; i++) {
            text.append(coefficients[i] < 0 ? " - " : i == 0 ? "" : " + ");
            long size = Math.abs(coefficients[i]);
            text.append(size == 1 ? "" : size + "*").append('u').append(unknowns[i]);
        }
        return text.length() == 0 ? "0" : text.toString();
    }
}
