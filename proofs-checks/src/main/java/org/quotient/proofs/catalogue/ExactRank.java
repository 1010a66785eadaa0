package org.quotient.proofs.catalogue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.field.Echelon;

/** Ranks of integer matrices: over the rationals by fraction-free elimination (Bareiss 1968), and modulo primes. */
final class ExactRank {
    /** Where arithmetic modulo a prime is meant. */
    static final Numbers.PrimeField FIELD = Numbers.PrimeField.largest();

    private ExactRank() {}

    /** The rank over the rationals of a matrix of doubles, taken as the dyadic numbers that they are. */
    static int ofDyadic(List<double[]> rows) {
        Set<List<BigDecimal>> distinct = new LinkedHashSet<>();
        rows.forEach(
                row -> distinct.add(Arrays.stream(row).mapToObj(BigDecimal::new).toList()));
        List<BigInteger[]> matrix = new ArrayList<>();
        for (List<BigDecimal> row : distinct) {
            int scale = row.stream().mapToInt(BigDecimal::scale).max().orElse(0);
            matrix.add(row.stream()
                    .map(x -> x.scaleByPowerOfTen(Math.max(0, scale)).toBigIntegerExact())
                    .toArray(BigInteger[]::new));
        }
        return eliminated(matrix);
    }

    private static int eliminated(List<BigInteger[]> rows) {
        int rank = 0;
        BigInteger before = BigInteger.ONE;
        int columns = rows.isEmpty() ? 0 : rows.getFirst().length;
        for (int column = 0; column < columns && rank < rows.size(); column++) {
            int pivot = rank;
            while (pivot < rows.size() && rows.get(pivot)[column].signum() == 0) {
                pivot++;
            }
            if (pivot == rows.size()) {
                continue;
            }
            java.util.Collections.swap(rows, rank, pivot);
            BigInteger[] top = rows.get(rank);
            for (int r = rank + 1; r < rows.size(); r++) {
                BigInteger[] row = rows.get(r);
                BigInteger factor = row[column];
                for (int c = column; c < columns; c++) {
                    row[c] = row[c].multiply(top[column])
                            .subtract(top[c].multiply(factor))
                            .divide(before);
                }
            }
            before = top[column];
            rank++;
        }
        return rank;
    }

    /** The rank modulo a prime, which is at most that over the rationals. */
    static int modulo(int prime, List<long[]> rows) {
        int columns = rows.isEmpty() ? 0 : rows.getFirst().length;
        double[] residues = new double[rows.size() * columns];
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < columns; c++) {
                residues[r * columns + c] = Math.floorMod(rows.get(r)[c], (long) prime);
            }
        }
        return Echelon.rank(new Numbers.PrimeField(prime), rows.size(), columns, residues);
    }

    /** The rank modulo the largest prime of all; see {@link #modulo}. */
    static int modulo(List<long[]> rows) {
        return modulo(FIELD.p(), rows);
    }
}
