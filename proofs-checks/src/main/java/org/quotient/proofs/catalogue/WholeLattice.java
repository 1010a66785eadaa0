package org.quotient.proofs.catalogue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lattices of whole vectors. */
final class WholeLattice {
    private WholeLattice() {}

    /**
     * Whether all whole vectors are combinations of given ones with whole coefficients.
     *
     * @param vectors of n whole numbers each
     * @param n their length
     */
    static boolean spans(List<long[]> vectors, int n) {
        // By column a vector that begins there; together they span what the vectors so far do.
        Map<Integer, BigInteger[]> echelon = new HashMap<>();
        int left = n;
        for (long[] vector : vectors) {
            BigInteger[] row =
                    Arrays.stream(vector).mapToObj(BigInteger::valueOf).toArray(BigInteger[]::new);
            for (int c = 0; c < n && left > 0; c++) {
                if (row[c].signum() == 0) {
                    continue;
                }
                BigInteger[] pivot = echelon.get(c);
                if (pivot == null) {
                    echelon.put(c, row);
                    left -= isUnit(row[c]) ? 1 : 0;
                    break;
                }
                boolean before = isUnit(pivot[c]);
                // Euclid's algorithm on two rows.
                while (row[c].signum() != 0) {
                    BigInteger times = pivot[c].divide(row[c]);
                    BigInteger[] rest = minus(pivot, times, row);
                    pivot = row;
                    row = rest;
                }
                echelon.put(c, pivot);
                left -= isUnit(pivot[c]) && !before ? 1 : 0;
            }
        }
        return left == 0;
    }

    private static boolean isUnit(BigInteger x) {
        return x.abs().equals(BigInteger.ONE);
    }

    private static BigInteger[] minus(BigInteger[] a, BigInteger times, BigInteger[] b) {
        BigInteger[] out = new BigInteger[a.length];
        Arrays.setAll(out, k -> a[k].subtract(times.multiply(b[k])));
        return out;
    }
}
