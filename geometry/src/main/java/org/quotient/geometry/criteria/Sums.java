package org.quotient.geometry.criteria;

import org.quotient.autodiff.Tensor;

/** Sums of a tensor's elements over blocks, as a matrix: each axis belongs to its rows, its columns, or is summed. */
final class Sums {
    private final int[] sizes;
    private final int[] rowSteps;
    private final int[] columnSteps;
    private final int columns;
    private final double[] energies;
    private final double[] rowCounts;
    private final double[] columnCounts;
    private long total;

    Sums(int[] sizes, int[] rowSteps, int[] columnSteps, int rows, int columns) {
        this.sizes = sizes;
        this.rowSteps = rowSteps;
        this.columnSteps = columnSteps;
        this.columns = columns;
        this.energies = new double[Math.multiplyExact(rows, columns)];
        this.rowCounts = new double[rows];
        this.columnCounts = new double[columns];
    }

    /** The sums, row-major. */
    double[] energies() {
        return energies;
    }

    /** The number of positive elements per row. */
    double[] rowCounts() {
        return rowCounts;
    }

    /** The number of positive elements per column. */
    double[] columnCounts() {
        return columnCounts;
    }

    /** The number of positive elements. */
    long total() {
        return total;
    }

    /** The number of positive elements of a tensor. */
    static long positive(Tensor t) {
        long count = 0;
        for (int i = 0; i < t.size(); i++) {
            count += t.get(i) > 0 ? 1 : 0;
        }
        return count;
    }

    void add(Tensor values, LogTotal logs) {
        int outer = sizes.length;
        int run = 1;
        while (outer > 0 && rowSteps[outer - 1] == 0 && columnSteps[outer - 1] == 0) {
            run *= sizes[--outer];
        }
        int size = values.size();
        int[] index = new int[outer];
        int row = 0;
        int column = 0;
        for (int at = 0; at < size; at += run) {
            double sum = 0;
            int count = 0;
            for (int i = at; i < at + run; i++) {
                double x = values.get(i);
                if (x > 0) {
                    sum += x;
                    count++;
                    logs.add(x);
                }
            }
            energies[row * columns + column] += sum;
            rowCounts[row] += count;
            columnCounts[column] += count;
            total += count;
            for (int k = outer - 1; k >= 0; k--) {
                row += rowSteps[k];
                column += columnSteps[k];
                if (++index[k] < sizes[k]) {
                    break;
                }
                row -= rowSteps[k] * sizes[k];
                column -= columnSteps[k] * sizes[k];
                index[k] = 0;
            }
        }
    }
}
