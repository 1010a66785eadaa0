package org.quotient.autodiff.field;

import java.util.Arrays;

/**
 * A reduced basis of a space of rows: after a permutation of the columns, pivots first, it is [I | T], and only T is kept. A
 * block of rows is taken in by three operations, two of them matrix products: reduce it against the basis, find a basis of what
 * remains, and append that. The remainder's basis is found in the same manner from two halves of its rows, down to a few
 * rows at a time.
 *
 * <p>All rows have different pivots and each pivot is the first nonzero entry of its row, now and later, since appended rows
 * are 0 at all old pivots. So the pivots are the first columns that are independent, and as rows are taken in order, the
 * rows that gave them are the first rows that are independent.
 */
final class Basis {
    /** Rows that are eliminated one by one. */
    private static final int FEW = 16;

    /** T is made as large as it may become when it has this part of that. */
    private static final int JUMP = 5;

    private final FieldProducts products;
    private final int columns;
    /** How many entries T may come to have. */
    private long limit;

    private int rank;
    /** Number of the row that gave each pivot, relative to the first row of the block that this is a basis of. */
    private long[] rows;

    private int[] pivots;
    private int[] free;
    private double[] t;

    private Basis(FieldProducts products, int columns, int rank, long[] rows, int[] pivots, int[] free, double[] t) {
        this.products = products;
        this.columns = columns;
        this.rank = rank;
        this.rows = rows;
        this.pivots = pivots;
        this.free = free;
        this.t = t;
    }

    /**
     * The basis of no rows.
     *
     * @param most no rank above this is expected; more is allowed and costs copies
     */
    static Basis empty(FieldProducts products, int columns, int most) {
        Basis basis = new Basis(products, columns, 0, new long[0], new int[0], identity(columns), new double[0]);
        basis.limit = entries(columns, most);
        return basis;
    }

    /** How many entries T has at most while the rank is at most so much: r·(n − r), at most n²/4. */
    static long entries(long columns, long most) {
        long rank = Math.min(most, (columns + 1) / 2);
        return rank * (columns - rank);
    }

    /** The most entries that two arrays for T have together while one takes the other's place. */
    static long entriesWhileGrowing(long columns, long most) {
        long limit = entries(columns, most);
        return limit + limit / JUMP + 1;
    }

    int rank() {
        return rank;
    }

    /** Which row gave each pivot; increasing. */
    long[] rows() {
        return rows;
    }

    /** The pivot of each basis row, in the order of those. */
    int[] pivots() {
        return pivots;
    }

    /** The columns that are no pivots, increasing. */
    int[] free() {
        return free;
    }

    /** T, rank × free columns; more may follow in the array. */
    double[] t() {
        return t;
    }

    /**
     * A basis of the rows of y.
     *
     * @param y count × columns from an offset; not modified
     */
    static Basis of(FieldProducts products, double[] y, int offset, int count, int columns) {
        if (count <= FEW || columns == 0) {
            return few(products, y, offset, count, columns);
        }
        int half = Math.ceilDiv(count, 2 * FEW) * FEW;
        Basis basis = of(products, y, offset, half, columns);
        basis.limit = entries(columns, count);
        basis.absorb(y, offset + half * columns, count - half, half);
        return basis;
    }

    /**
     * Takes rows in.
     *
     * @param x count × columns from an offset; not modified
     * @param first number of the first of them
     */
    void absorb(double[] x, int offset, int count, long first) {
        if (free.length > 0) {
            double[] rest = reduce(x, offset, count);
            append(of(products, rest, 0, count, free.length), first);
        }
    }

    /** The free part of X − X_pivots·[I | T]. */
    private double[] reduce(double[] x, int offset, int count) {
        double[] rest = gather(x, offset, count, columns, free);
        double[] factors = gather(x, offset, count, columns, pivots);
        products.accumulate(-1, count, free.length, rank, factors, 0, t, 0, rest, 0);
        return rest;
    }

    /** Appends a basis of rows that are 0 at the pivots; its columns are the free ones. */
    private void append(Basis more, long first) {
        if (more.rank == 0) {
            return;
        }
        int left = more.free.length;
        int kept = rank * left;
        double[] factors = gather(t, 0, rank, free.length, more.pivots);
        keep(more.free);
        if (kept + more.rank * left > t.length) {
            t = Arrays.copyOf(t, capacity(kept + more.rank * left));
        }
        products.accumulate(-1, rank, left, more.rank, factors, 0, more.t, 0, t, 0);
        System.arraycopy(more.t, 0, t, kept, more.rank * left);
        pivots = Arrays.copyOf(pivots, rank + more.rank);
        rows = Arrays.copyOf(rows, rank + more.rank);
        for (int i = 0; i < more.rank; i++) {
            pivots[rank + i] = free[more.pivots[i]];
            rows[rank + i] = first + more.rows[i];
        }
        free = select(free, more.free);
        rank += more.rank;
    }

    /**
     * The next length of T: half as much again, or the largest it may come to have at once when that is not far, so that the old
     * array beside the new one is small.
     */
    private int capacity(int needed) {
        long next = needed > limit / JUMP ? limit : 3L * t.length / 2;
        return (int) Math.max(needed, Math.min(limit, next));
    }

    /**
     * Vectors v with X·v = 0 for all rows X taken in, from their entries at the columns that are no pivots.
     *
     * @param chosen free columns × count
     * @return columns × count
     */
    double[] nullVectors(double[] chosen, int count) {
        double[] atPivots = new double[rank * count];
        products.accumulate(-1, rank, count, free.length, t, 0, chosen, 0, atPivots, 0);
        double[] out = new double[columns * count];
        for (int i = 0; i < rank; i++) {
            System.arraycopy(atPivots, i * count, out, pivots[i] * count, count);
        }
        for (int j = 0; j < free.length; j++) {
            System.arraycopy(chosen, j * count, out, free[j] * count, count);
        }
        return out;
    }

    /** Closes up the columns of T, in place: nothing is written behind what is still to be read. */
    private void keep(int[] which) {
        int to = 0;
        for (int i = 0; i < rank; i++) {
            int from = i * free.length;
            for (int j = 0; j < which.length; ) {
                int run = run(which, j);
                System.arraycopy(t, from + which[j], t, to, run);
                to += run;
                j += run;
            }
        }
    }

    private static Basis few(FieldProducts products, double[] y, int offset, int count, int columns) {
        FewRows rows = new FewRows(products.residues(), y, offset, count, columns);
        int[] pivots = rows.pivots();
        int[] free = others(pivots, columns);
        double[] t = new double[pivots.length * free.length];
        long[] numbers = new long[pivots.length];
        for (int i = 0; i < pivots.length; i++) {
            copy(rows.values(i), 0, free, t, i * free.length);
            numbers[i] = rows.row(i);
        }
        return new Basis(products, columns, pivots.length, numbers, pivots, free, t);
    }

    private static int[] others(int[] pivots, int columns) {
        boolean[] isPivot = new boolean[columns];
        for (int pivot : pivots) {
            isPivot[pivot] = true;
        }
        int[] free = new int[columns - pivots.length];
        for (int j = 0, at = 0; j < columns; j++) {
            if (!isPivot[j]) {
                free[at++] = j;
            }
        }
        return free;
    }

    private static double[] gather(double[] x, int offset, int count, int columns, int[] which) {
        double[] out = new double[count * which.length];
        for (int i = 0; i < count; i++) {
            copy(x, offset + i * columns, which, out, i * which.length);
        }
        return out;
    }

    private static void copy(double[] from, int row, int[] which, double[] to, int at) {
        for (int j = 0; j < which.length; ) {
            int run = run(which, j);
            System.arraycopy(from, row + which[j], to, at + j, run);
            j += run;
        }
    }

    /** How many successive numbers begin at j: usually most of them, as pivots of random rows are successive. */
    private static int run(int[] which, int j) {
        int end = j + 1;
        while (end < which.length && which[end] == which[end - 1] + 1) {
            end++;
        }
        return end - j;
    }

    private static int[] select(int[] from, int[] which) {
        int[] out = new int[which.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = from[which[i]];
        }
        return out;
    }

    private static int[] identity(int n) {
        int[] out = new int[n];
        for (int i = 0; i < n; i++) {
            out[i] = i;
        }
        return out;
    }
}
