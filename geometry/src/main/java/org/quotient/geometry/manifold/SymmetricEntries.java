package org.quotient.geometry.manifold;

import java.util.Arrays;
import org.ejml.data.DMatrixSparseCSC;

/** Entries of a symmetric matrix as they come, to be added up in compressed columns. */
final class SymmetricEntries {
    private final double[] diagonal;
    private int[] first = new int[16];
    private int[] second = new int[16];
    private double[] values = new double[16];
    private int count;

    SymmetricEntries(int size) {
        diagonal = new double[size];
    }

    void addDiagonal(int i, double value) {
        diagonal[i] += value;
    }

    /** Adds a value at (i, j) and (j, i), i ≠ j. */
    void add(int i, int j, double value) {
        if (count == values.length) {
            int longer = Math.addExact(count, count);
            first = Arrays.copyOf(first, longer);
            second = Arrays.copyOf(second, longer);
            values = Arrays.copyOf(values, longer);
        }
        first[count] = i;
        second[count] = j;
        values[count++] = value;
    }

    DMatrixSparseCSC build() {
        int n = diagonal.length;
        int[] start = new int[n + 1];
        for (int k = 0; k < count; k++) {
            start[first[k] + 1]++;
            start[second[k] + 1]++;
        }
        for (int j = 0; j < n; j++) {
            start[j + 1] += start[j];
        }
        int[] rows = new int[2 * count];
        double[] entries = new double[2 * count];
        int[] next = start.clone();
        for (int k = 0; k < count; k++) {
            rows[next[second[k]]] = first[k];
            entries[next[second[k]]++] = values[k];
            rows[next[first[k]]] = second[k];
            entries[next[first[k]]++] = values[k];
        }
        return compressed(start, rows, entries);
    }

    /** Adds up entries of one place, sorts rows, puts the diagonal in, and drops what cancelled: it joins no generators. */
    private DMatrixSparseCSC compressed(int[] start, int[] rows, double[] entries) {
        int n = diagonal.length;
        DMatrixSparseCSC matrix = new DMatrixSparseCSC(n, n, rows.length + n);
        double[] column = new double[n];
        boolean[] present = new boolean[n];
        int length = 0;
        for (int j = 0; j < n; j++) {
            int from = length;
            for (int k = start[j]; k < start[j + 1]; k++) {
                int i = rows[k];
                if (!present[i]) {
                    present[i] = true;
                    matrix.nz_rows[length++] = i;
                }
                column[i] += entries[k];
            }
            matrix.nz_rows[length++] = j;
            column[j] = diagonal[j];
            Arrays.sort(matrix.nz_rows, from, length);
            int kept = from;
            for (int k = from; k < length; k++) {
                int i = matrix.nz_rows[k];
                if (column[i] != 0 || i == j) {
                    matrix.nz_rows[kept] = i;
                    matrix.nz_values[kept++] = column[i];
                }
                column[i] = 0;
                present[i] = false;
            }
            length = kept;
            matrix.col_idx[j + 1] = length;
        }
        matrix.nz_length = length;
        matrix.indicesSorted = true;
        return matrix;
    }
}
