package org.quotient.autodiff.field;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.quotient.autodiff.Numbers;

/**
 * The reduced row echelon form of a matrix over a prime field, the rank profile that goes with it, and a basis of the null
 * space. With the pivots first it is [I | T].
 */
public final class Echelon {
    private final Numbers.PrimeField field;
    private final int columns;
    private final long[] pivotRows;
    private final int[] pivotColumns;
    private final int[] freeColumns;
    private final double[] t;

    private Echelon(
            Numbers.PrimeField field,
            int columns,
            long[] pivotRows,
            int[] pivotColumns,
            int[] freeColumns,
            double[] t) {
        this.field = field;
        this.columns = columns;
        this.pivotRows = pivotRows;
        this.pivotColumns = pivotColumns;
        this.freeColumns = freeColumns;
        this.t = t;
    }

    /**
     * Eliminates a matrix.
     *
     * @param field the field
     * @param m rows
     * @param n columns, at most 65536
     * @param a m×n residues, row-major; not modified
     * @throws IllegalArgumentException if the array is too short or holds something that is no residue
     */
    public static Echelon of(Numbers.PrimeField field, int m, int n, double[] a) {
        RowSpace space = new RowSpace(field, n);
        space.add(a, m);
        return space.echelon();
    }

    /**
     * The rank of a matrix.
     *
     * @param field the field
     * @param m rows
     * @param n columns, at most 65536
     * @param a m×n residues, row-major; not modified
     * @throws IllegalArgumentException if the array is too short or holds something that is no residue
     */
    public static int rank(Numbers.PrimeField field, int m, int n, double[] a) {
        RowSpace space = new RowSpace(field, n);
        space.add(a, m);
        return space.rank();
    }

    static Echelon of(Basis basis, int columns, Numbers.PrimeField field) {
        int rank = basis.rank();
        int[] pivots = basis.pivots();
        int[] order = IntStream.range(0, rank)
                .boxed()
                .sorted((i, j) -> Integer.compare(pivots[i], pivots[j]))
                .mapToInt(i -> i)
                .toArray();
        int free = basis.free().length;
        double[] t = new double[rank * free];
        int[] sorted = new int[rank];
        for (int i = 0; i < rank; i++) {
            sorted[i] = pivots[order[i]];
            System.arraycopy(basis.t(), order[i] * free, t, i * free, free);
        }
        return new Echelon(
                field, columns, basis.rows().clone(), sorted, basis.free().clone(), t);
    }

    /** The field. */
    public Numbers.PrimeField field() {
        return field;
    }

    /** n, the number of columns of the matrix. */
    public int columns() {
        return columns;
    }

    /** The rank. */
    public int rank() {
        return pivotColumns.length;
    }

    /** The first rows that are independent: each is no combination of rows before it. Increasing, from 0. */
    public long[] pivotRows() {
        return pivotRows.clone();
    }

    /** The first columns that are independent, which are those of the leading ones. Increasing, from 0. */
    public int[] pivotColumns() {
        return pivotColumns.clone();
    }

    /** The other columns, increasing. */
    public int[] freeColumns() {
        return freeColumns.clone();
    }

    /** Entry of the echelon form in a row and a free column, by number. */
    double t(int row, int free) {
        return t[row * freeColumns.length + free];
    }

    /** The nonzero rows of the reduced row echelon form: rank × n residues, row-major. */
    public double[] reducedForm() {
        Residues.checkSize("of the echelon form", rank(), columns);
        double[] out = new double[rank() * columns];
        for (int i = 0; i < rank(); i++) {
            out[i * columns + pivotColumns[i]] = 1;
            for (int j = 0; j < freeColumns.length; j++) {
                out[i * columns + freeColumns[j]] = t(i, j);
            }
        }
        return out;
    }

    /**
     * A basis of the vectors x with A·x = 0: (n − rank) × n residues, row-major, one vector a row: 1 at one free column, 0 at
     * the other ones.
     */
    public double[] nullSpace() {
        Residues.checkSize("of the null space", freeColumns.length, columns);
        double[] out = new double[freeColumns.length * columns];
        for (int j = 0; j < freeColumns.length; j++) {
            out[j * columns + freeColumns[j]] = 1;
            for (int i = 0; i < rank(); i++) {
                double value = t(i, j);
                out[j * columns + pivotColumns[i]] = value == 0 ? 0 : field.p() - value;
            }
        }
        return out;
    }

    @Override
    public String toString() {
        return "rank " + rank() + " of " + columns + " columns modulo " + field.p() + ", pivots "
                + Arrays.toString(pivotColumns);
    }
}
