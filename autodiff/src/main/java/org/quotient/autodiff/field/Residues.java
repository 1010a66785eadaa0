package org.quotient.autodiff.field;

import org.quotient.autodiff.Numbers;

/**
 * Reduction modulo a prime in loops that the compiler turns into vector instructions: no branch, no integer arithmetic.
 *
 * <p>How many products may be summed. With residues 0 ≤ r ≤ p − 1 a sum of K products added to, or taken from, a residue is
 * at most S = K(p − 1)² + p − 1 in size, and so is every partial sum, in whatever order and with or without fused
 * multiplication. All are whole numbers, so all are exact in a double if S ≤ 2^53. We ask for S ≤ 2^53 − p, which
 * {@link #reduce} needs: for p &lt; 2^22 there is room for K = 512, since 512(2^22 − 2)² + 2·2^22 &lt; 2^53. (Centred residues
 * would allow 2048, but a reduction every 512 terms costs a few percent of the product, and residues from 0 on are what
 * {@link Numbers.PrimeField} speaks.)
 *
 * <p>Reduction of x, |x| ≤ 2^53 − p, in two steps. (1) q = rint(x·(1/p)): two roundings, so q differs from x/p by at most
 * 1/2 + δ with δ ≤ |x|/p·2^−52. Then |p·q| ≤ |x| + p/2 + pδ. As |x| ≤ K p² with K ≤ 2048 and |x| ≤ 2^53, pδ ≤ |x|·2^−52 is at
 * most 2, and below 1/2 for p &lt; 2^19; so p·q is exact for p ≥ 4, and for smaller p because |x| ≤ 2^15. y = x − p·q is exact
 * and |y| ≤ p/2 + 2, for p &lt; 2^19 |y| ≤ p/2 + 1/2, in either case |y| ≤ p. (2) z = y − p·⌊(y + 1/2)·(1/p)⌋: (y + 1/2)/p is
 * at least 1/(2p) ≥ 2^−23 from any whole number and at most 2 in size, so the computed product is on the right side and the
 * floor is that of y/p: 0 ≤ z &lt; p.
 */
final class Residues {
    private static final int MOST_TERMS = 2048;

    private final Numbers.PrimeField field;
    private final double p;
    private final double inverse;

    Residues(Numbers.PrimeField field) {
        this.field = field;
        this.p = field.p();
        this.inverse = 1.0 / p;
    }

    Numbers.PrimeField field() {
        return field;
    }

    /** K: how many products may be added to a residue before it is reduced. */
    int terms() {
        long square = (field.p() - 1L) * (field.p() - 1L);
        return (int) Math.min(MOST_TERMS, ((1L << 53) - 2L * field.p()) / square);
    }

    /** Brings sums of at most {@link #terms()} products and one residue back to 0 ... p − 1. */
    void reduce(double[] values, int from, int to) {
        double p = this.p;
        double inverse = this.inverse;
        for (int i = from; i < to; i++) {
            double x = values[i];
            double y = x - p * Math.rint(x * inverse);
            values[i] = y - p * Math.floor((y + 0.5) * inverse);
        }
    }

    /** Multiplies residues by a residue. */
    void scale(double factor, double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        reduce(values, 0, values.length);
    }

    /**
     * Checks residues that a caller has given.
     *
     * @param what the name of the array in the message
     * @param columns how long a row is, to name the place
     * @throws IllegalArgumentException naming the first number that is not a whole one from 0 to p − 1
     */
    void check(String what, double[] values, int from, int count, int columns) {
        if (deviation(values, from, from + count) == 0) {
            return;
        }
        for (int i = from; i < from + count; i++) {
            double x = values[i];
            if (!(x >= 0 && x < p && x == Math.rint(x))) {
                int at = i - from;
                throw new IllegalArgumentException("Element (" + at / columns + ", " + at % columns + ") of " + what
                        + " is " + x + ", which is no residue modulo " + field.p() + ": a whole number from 0 to "
                        + (field.p() - 1) + " is expected. PrimeField.residue(double) gives that of a finite double.");
            }
        }
    }

    /**
     * 0 if all numbers are residues: then each is its own remainder, and whole. A maximum in one expression, because that
     * is what the compiler makes a vector loop of; NaN stays NaN.
     */
    private double deviation(double[] values, int from, int to) {
        double p = this.p;
        double inverse = this.inverse;
        double worst = 0;
        for (int i = from; i < to; i++) {
            double x = values[i];
            worst = Math.max(worst, Math.abs(p * Math.floor((x + 0.5) * inverse)) + Math.abs(x - Math.rint(x)));
        }
        return worst;
    }

    /**
     * Checks that a matrix lies inside its array.
     *
     * @throws IllegalArgumentException if it does not, or a size is negative
     */
    static void checkShape(String what, int rows, int columns, double[] values, int offset) {
        if (rows < 0 || columns < 0 || offset < 0) {
            throw new IllegalArgumentException("Matrix " + what + " of " + rows + "×" + columns + " from index "
                    + offset + " on: sizes and offsets are at least 0");
        }
        if ((long) rows * columns > values.length - offset) {
            throw new IllegalArgumentException("Matrix " + what + " of " + rows + "×" + columns + " needs "
                    + (long) rows * columns + " numbers from index " + offset + " on; the array has " + values.length);
        }
    }

    /**
     * Checks that a matrix fits into one array.
     *
     * @throws IllegalArgumentException if it does not
     */
    static void checkSize(String what, int rows, int columns) {
        if ((long) rows * columns > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("Matrix " + what + " of " + rows + "×" + columns
                    + " does not fit into one array; work with blocks of its rows");
        }
    }
}
