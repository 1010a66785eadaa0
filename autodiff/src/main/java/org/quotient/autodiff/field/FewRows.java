package org.quotient.autodiff.field;

import java.util.Arrays;

/**
 * Gauss–Jordan elimination of a few long rows, with few passes over them: what a row needs of all others is worked out from
 * single entries first, then taken off in one pass with one reduction. Each row is an array of its own, without an offset:
 * only then does the compiler know that rows do not overlap, and uses vector instructions.
 */
final class FewRows {
    private final Residues residues;
    private final long p;
    private final double[][] y;
    private final int columns;
    private final int[] pivots;
    private final int[] rows;
    private final double[] factors;
    private int rank;

    /**
     * Copies rows and eliminates them.
     *
     * @param x count × columns residues from an offset
     */
    FewRows(Residues residues, double[] x, int offset, int count, int columns) {
        this.residues = residues;
        this.p = residues.field().p();
        this.columns = columns;
        int most = Math.min(count, columns);
        this.y = new double[most][];
        this.pivots = new int[most];
        this.rows = new int[most];
        this.factors = new double[most];
        for (int i = 0; i < count && rank < most; i++) {
            forward(i, Arrays.copyOfRange(x, offset + i * columns, offset + (i + 1) * columns));
        }
        for (int i = rank - 2; i >= 0; i--) {
            backward(i);
        }
    }

    /** The pivots, in the order of their rows. */
    int[] pivots() {
        return Arrays.copyOf(pivots, rank);
    }

    /** The number of the row that gave a pivot. */
    int row(int pivot) {
        return rows[pivot];
    }

    /** The basis row of a pivot: 1 there and 0 at the other pivots. */
    double[] values(int pivot) {
        return y[pivot];
    }

    /** The rows before are 1 at their pivot and 0 at earlier pivots: the factors solve a triangular system. */
    private void forward(int i, double[] row) {
        for (int k = 0; k < rank; k++) {
            long value = (long) row[pivots[k]];
            for (int l = 0; l < k; l++) {
                value = (value + (long) factors[l] * (long) y[l][pivots[k]]) % p;
            }
            factors[k] = minus(value);
        }
        combine(row, 0);
        int pivot = 0;
        while (pivot < columns && row[pivot] == 0) {
            pivot++;
        }
        if (pivot < columns) {
            long lead = (long) row[pivot];
            if (lead != 1) {
                residues.scale(residues.field().inverse(lead), row);
            }
            y[rank] = row;
            pivots[rank] = pivot;
            rows[rank++] = i;
        }
    }

    /** The rows behind are reduced among themselves: the factors are the entries at their pivots. */
    private void backward(int i) {
        for (int k = i + 1; k < rank; k++) {
            factors[k] = minus((long) y[i][pivots[k]]);
        }
        combine(y[i], i + 1);
    }

    private double minus(long value) {
        return value == 0 ? 0 : p - value;
    }

    /** Adds multiples of basis rows from one on to a row; they are fewer than may be summed before a reduction. */
    private void combine(double[] row, int from) {
        int k = from;
        for (; k + 4 <= rank; k += 4) {
            four(row, k);
        }
        for (; k < rank; k++) {
            one(row, factors[k], y[k]);
        }
        if (from < rank) {
            residues.reduce(row, 0, columns);
        }
    }

    private void four(double[] row, int k) {
        double f0 = factors[k];
        double f1 = factors[k + 1];
        double f2 = factors[k + 2];
        double f3 = factors[k + 3];
        if (f0 == 0 && f1 == 0 && f2 == 0 && f3 == 0) {
            return;
        }
        double[] y0 = y[k];
        double[] y1 = y[k + 1];
        double[] y2 = y[k + 2];
        double[] y3 = y[k + 3];
        for (int j = 0; j < row.length; j++) {
            row[j] += f0 * y0[j] + f1 * y1[j] + f2 * y2[j] + f3 * y3[j];
        }
    }

    private static void one(double[] row, double factor, double[] other) {
        if (factor != 0) {
            for (int j = 0; j < row.length; j++) {
                row[j] += factor * other[j];
            }
        }
    }
}
