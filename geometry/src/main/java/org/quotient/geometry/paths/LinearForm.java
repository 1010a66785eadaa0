package org.quotient.geometry.paths;

import java.util.Arrays;

/** A sparse linear form in numbered symbols: numbers increasing, coefficients nonzero residues. Never changed. */
record LinearForm(int[] symbols, long[] coefficients) {
    static final LinearForm ZERO = new LinearForm(new int[0], new long[0]);

    static LinearForm of(int symbol) {
        return new LinearForm(new int[] {symbol}, new long[] {1});
    }

    boolean isZero() {
        return symbols.length == 0;
    }

    boolean same(LinearForm other) {
        return this == other
                || (Arrays.equals(symbols, other.symbols) && Arrays.equals(coefficients, other.coefficients));
    }

    /** {@code this + factor·other}. */
    LinearForm plus(long factor, LinearForm other, Residues residues) {
        if (factor == 0 || other.isZero()) {
            return this;
        }
        if (isZero() && factor == 1) {
            return other;
        }
        int[] s = new int[symbols.length + other.symbols.length];
        long[] c = new long[s.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < symbols.length || j < other.symbols.length) {
            int left = i < symbols.length ? symbols[i] : Integer.MAX_VALUE;
            int right = j < other.symbols.length ? other.symbols[j] : Integer.MAX_VALUE;
            long value = residues.combine(
                    left <= right ? coefficients[i++] : 0, 1, right <= left ? other.coefficients[j++] : 0, factor);
            if (value != 0) {
                s[count] = Math.min(left, right);
                c[count++] = value;
            }
        }
        if (count == 0) {
            return ZERO;
        }
        return count == s.length
                ? new LinearForm(s, c)
                : new LinearForm(Arrays.copyOf(s, count), Arrays.copyOf(c, count));
    }

    /** {@code this/divisor}, divisor not 0. */
    LinearForm over(long divisor, Residues residues) {
        if (divisor == 1 || isZero()) {
            return this;
        }
        long[] c = new long[coefficients.length];
        for (int i = 0; i < c.length; i++) {
            c[i] = residues.divide(coefficients[i], divisor);
        }
        return new LinearForm(symbols, c);
    }
}
