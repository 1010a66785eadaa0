package org.quotient.autodiff.field;

import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Numbers;

/**
 * The space spanned by rows that arrive in blocks of any size, for matrices too tall to be kept: rank, the rows and columns
 * that carry it, and a reduced basis at any time. Memory is that of rank × (n − rank) ≤ n²/4 numbers for n columns, and of some
 * hundred rows; see {@link #bytes}. The results do not depend on how the rows are cut into blocks. For one thread at a time.
 */
public final class RowSpace {
    /** Rows that are taken in together: enough for products to pay, few compared with n. */
    private static final int SLAB = 256;

    private final FieldProducts products;
    private final int columns;
    private final int bound;
    private final Basis basis;
    private double[] pending = new double[0];
    private int waiting;
    private long done;

    /**
     * The space of no rows yet.
     *
     * @param field the field
     * @param columns n, the length of a row, at least 0
     */
    public RowSpace(Numbers.PrimeField field, int columns) {
        this(field, columns, columns);
    }

    /**
     * The space of no rows yet, that takes in no more when its rank has reached a bound: one that is known to hold, or one
     * that is enough.
     *
     * @param field the field
     * @param columns n, the length of a row, at least 0
     * @param bound at least 0
     * @throws IllegalArgumentException for negative sizes, and rows so long that a few hundred fill an array
     */
    public RowSpace(Numbers.PrimeField field, int columns, int bound) {
        if (columns < 0 || bound < 0 || columns > (1 << 16)) {
            throw new IllegalArgumentException(
                    "A space of rows needs a length from 0 to 65536, so that a basis fits into "
                            + "one array, and a bound of at least 0; given length " + columns + " and bound " + bound);
        }
        this.products = new FieldProducts(field);
        this.columns = columns;
        this.bound = Math.min(bound, columns);
        this.basis = Basis.empty(products, columns, this.bound);
    }

    /**
     * How many bytes a space may need at most: its basis, the old one beside it while it grows, and a slab of rows while it is
     * taken in.
     *
     * @param columns n, the length of a row, at least 0
     * @param most no rank above this is reached, at least 0
     * @param count how many rows are given before the rank is asked for, at least 0
     */
    public static long bytes(long columns, long most, long count) {
        long rank = Math.min(most, columns);
        // Rows that wait; of those taken in the free parts, a basis that grows from halves, and factors of products
        // with T.
        long slab = SLAB * columns + Math.min(count, SLAB) * (4 * columns + 2 * rank);
        return Double.BYTES * (Basis.entriesWhileGrowing(columns, rank) + slab);
    }

    /** The field. */
    public Numbers.PrimeField field() {
        return products.field();
    }

    /** n, the length of a row. */
    public int columns() {
        return columns;
    }

    /**
     * Takes rows in, until the rank has reached the bound.
     *
     * @param rows count × n residues, row-major; not kept
     * @param count how many
     * @return whether more rows are of use: false when the rank is known to have reached the bound. Rows given after that
     *     are neither read nor counted
     * @throws IllegalArgumentException if the array is shorter than that or holds something that is no residue; then none of
     *     these rows has been taken in
     */
    public boolean add(double[] rows, int count) {
        return add(rows, 0, count);
    }

    /** Takes rows in that begin at an offset; see {@link #add(double[], int)}. */
    public boolean add(double[] rows, int offset, int count) {
        Residues.checkShape("of rows", count, columns, rows, offset);
        if (complete()) {
            return false;
        }
        products.residues().check("the block of rows", rows, offset, count * columns, Math.max(1, columns));
        int taken = 0;
        while (taken < count && !complete()) {
            int next = Math.min(count - taken, SLAB - waiting);
            int at = offset + taken * columns;
            if (next == SLAB) {
                absorb(rows, at, next);
            } else {
                if (pending.length == 0) {
                    pending = new double[SLAB * columns];
                }
                System.arraycopy(rows, at, pending, waiting * columns, next * columns);
                waiting += next;
                if (waiting == SLAB) {
                    flush();
                }
            }
            taken += next;
        }
        return !complete();
    }

    private boolean complete() {
        return basis.rank() >= bound;
    }

    private void flush() {
        int count = waiting;
        waiting = 0;
        absorb(pending, 0, count);
    }

    private void absorb(double[] rows, int offset, int count) {
        if (count > 0) {
            basis.absorb(rows, offset, count, done);
            done += count;
        }
    }

    /**
     * The rank of the rows seen. It may exceed the bound by less than the number of rows that are taken in together: then
     * that was no bound.
     */
    public int rank() {
        flush();
        return basis.rank();
    }

    /** How many rows have been taken in. */
    public long rowsSeen() {
        return done + waiting;
    }

    /** The numbers, from 0, of the first rows that are independent; increasing, as many as the rank. */
    public long[] pivotRows() {
        flush();
        return basis.rows().clone();
    }

    /**
     * Random vectors v with X·v = 0 for all rows X seen, each uniform among all such. A row with Y·v = 0 lies in the space of the
     * rows seen, except with probability 1/p.
     *
     * @param random decides which
     * @param count how many, at least 1
     * @return n × count residues, row-major: one vector a column
     */
    public double[] nullVectors(CounterRandom random, int count) {
        flush();
        double[] chosen = new double[Math.multiplyExact(columns - basis.rank(), count)];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = random.below(i, field().p());
        }
        return basis.nullVectors(chosen, count);
    }

    /** The reduced row echelon form of the rows seen, and what can be read off it. */
    public Echelon echelon() {
        flush();
        return Echelon.of(basis, columns, field());
    }
}
