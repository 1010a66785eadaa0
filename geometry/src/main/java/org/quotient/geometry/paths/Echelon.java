package org.quotient.geometry.paths;

import java.util.Map;
import java.util.TreeMap;

/** A growing row echelon form without fractions; its rank is that of all rows added so far. */
final class Echelon {
    private final Residues residues;
    private final Map<Integer, long[]> rowOfPivot = new TreeMap<>();

    Echelon(Residues residues) {
        this.residues = residues;
    }

    int rank() {
        return rowOfPivot.size();
    }

    /**
     * Adds a row.
     *
     * @param entries any whole numbers, always of the same length; not changed
     * @return whether it was independent of the rows before
     */
    boolean add(long[] entries) {
        long[] row = entries.clone();
        for (int i = 0; i < row.length; i++) {
            row[i] = residues.of(row[i]);
        }
        for (int column = 0; column < row.length; column++) {
            if (row[column] != 0) {
                long[] pivot = rowOfPivot.get(column);
                if (pivot == null) {
                    rowOfPivot.put(column, row);
                    return true;
                }
                eliminate(row, pivot, column);
            }
        }
        return false;
    }

    private void eliminate(long[] row, long[] pivot, int column) {
        long g = gcd(row[column], pivot[column]);
        long a = pivot[column] / g;
        long b = row[column] / g;
        long content = 0;
        for (int i = column; i < row.length; i++) {
            row[i] = residues.combine(a, row[i], -b, pivot[i]);
            content = gcd(content, row[i]);
        }
        for (int i = column; i < row.length && content > 1; i++) {
            row[i] /= content;
        }
    }

    private static long gcd(long a, long b) {
        long x = Math.abs(a);
        long y = Math.abs(b);
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }
}
