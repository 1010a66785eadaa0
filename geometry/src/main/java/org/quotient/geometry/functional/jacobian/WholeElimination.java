package org.quotient.geometry.functional.jacobian;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;

/** Linear algebra over the rationals in whole numbers, rows without common factors; for small matrices. */
public final class WholeElimination {
    private WholeElimination() {}

    /** Fractions times their least common denominator, without a common factor. */
    public static BigInteger[] whole(List<BigFraction> row) {
        BigInteger common = BigInteger.ONE;
        for (BigFraction x : row) {
            BigInteger d = x.getDenominator();
            common = common.divide(common.gcd(d)).multiply(d);
        }
        BigInteger[] out = new BigInteger[row.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = row.get(i).getNumerator().multiply(common.divide(row.get(i).getDenominator()));
        }
        return primitive(out);
    }

    private static BigInteger[] primitive(BigInteger[] row) {
        BigInteger gcd = BigInteger.ZERO;
        for (BigInteger x : row) {
            gcd = gcd.gcd(x);
        }
        if (gcd.compareTo(BigInteger.ONE) > 0) {
            for (int i = 0; i < row.length; i++) {
                row[i] = row[i].divide(gcd);
            }
        }
        return row;
    }

    /** The sum of products of the entries of two vectors of one length. */
    public static BigInteger dot(BigInteger[] a, BigInteger[] b) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < a.length; i++) {
            if (a[i].signum() != 0 && b[i].signum() != 0) {
                sum = sum.add(a[i].multiply(b[i]));
            }
        }
        return sum;
    }

    /**
     * A basis of the vectors that are orthogonal to all rows.
     *
     * @param rows of n numbers each; not modified
     * @param columns n
     * @return whole numbers without a common factor
     */
    public static List<BigInteger[]> nullSpace(List<BigInteger[]> rows, int columns) {
        List<BigInteger[]> reduced = new ArrayList<>();
        List<Integer> pivots = new ArrayList<>();
        for (BigInteger[] given : rows) {
            BigInteger[] row = given.clone();
            for (int i = 0; i < reduced.size(); i++) {
                row = eliminate(row, reduced.get(i), pivots.get(i));
            }
            int pivot = 0;
            while (pivot < columns && row[pivot].signum() == 0) {
                pivot++;
            }
            if (pivot < columns) {
                for (int i = 0; i < reduced.size(); i++) {
                    reduced.set(i, eliminate(reduced.get(i), row, pivot));
                }
                reduced.add(row);
                pivots.add(pivot);
            }
        }
        List<BigInteger[]> kernel = new ArrayList<>();
        for (int free = 0; free < columns; free++) {
            if (!pivots.contains(free)) {
                kernel.add(kernelVector(reduced, pivots, free, columns));
            }
        }
        return kernel;
    }

    /** 1 at a free column, and what makes all rows 0 at the pivots; times a common denominator. */
    private static BigInteger[] kernelVector(List<BigInteger[]> reduced, List<Integer> pivots, int free, int columns) {
        List<BigFraction> vector = new ArrayList<>();
        for (int j = 0; j < columns; j++) {
            int row = pivots.indexOf(j);
            vector.add(
                    j == free
                            ? BigFraction.ONE
                            : row < 0
                                    ? BigFraction.ZERO
                                    : new BigFraction(reduced.get(row)[free].negate(), reduced.get(row)[j]));
        }
        return whole(vector);
    }

    /** A row minus what another one has of it at a column. */
    private static BigInteger[] eliminate(BigInteger[] row, BigInteger[] by, int column) {
        if (row[column].signum() == 0) {
            return row;
        }
        BigInteger gcd = row[column].gcd(by[column]);
        BigInteger scale = by[column].divide(gcd);
        BigInteger factor = row[column].divide(gcd);
        BigInteger[] out = new BigInteger[row.length];
        for (int j = 0; j < out.length; j++) {
            out[j] = row[j].multiply(scale).subtract(by[j].multiply(factor));
        }
        return primitive(out);
    }
}
