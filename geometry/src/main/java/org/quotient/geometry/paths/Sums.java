package org.quotient.geometry.paths;

import java.util.Arrays;

/** Makes vertices that are sums of products, within a budget of terms. */
final class Sums {
    /** Two factors a term must fit into an array. */
    private static final long LARGEST = 1 << 29;

    private final Terms terms;
    private final long budget;

    Sums(Terms terms, long budget) {
        this.terms = terms;
        this.budget = Math.min(budget, LARGEST);
    }

    /** For each output element the sum of its products. */
    int[] of(int size, Walk walk) {
        return of(size, walk, Degree.ONE, Degree.ONE);
    }

    /** New vertices that are the sums over a walk of a^da · b^db, sorted by output; counted before they are stored. */
    int[] of(int size, Walk walk, Degree da, Degree db) {
        int[] end = new int[size + 1];
        long[] count = {terms.termCount()};
        walk.run((out, a, b) -> {
            if (a != Terms.ZERO && b != Terms.ZERO) {
                end[out + 1]++;
                if (++count[0] > budget) {
                    throw new TooLargeException(
                            "The path graph has more than " + budget + " terms; a larger budget, or a smaller network"
                                    + " of the same kind, is needed",
                            count[0]);
                }
            }
        });
        for (int i = 0; i < size; i++) {
            end[i + 1] += end[i];
        }
        int[] at = Arrays.copyOf(end, size);
        int[] as = new int[end[size]];
        int[] bs = new int[end[size]];
        walk.run((out, a, b) -> {
            if (a != Terms.ZERO && b != Terms.ZERO) {
                as[at[out]] = a;
                bs[at[out]++] = b;
            }
        });
        int[] result = new int[size];
        for (int i = 0; i < size; i++) {
            for (int k = end[i]; k < end[i + 1]; k++) {
                terms.addTerm(as[k], da, bs[k], db);
            }
            result[i] = terms.close();
        }
        return result;
    }

    /** Element i of x is a summand of output element {@code to[i]}. */
    static Walk copies(int[] x, int[] to) {
        return visitor -> {
            for (int i = 0; i < x.length; i++) {
                visitor.visit(to[i], x[i], Terms.ONE);
            }
        };
    }

    /** Output element i is x_i · y_i. */
    static Walk pairs(int[] x, int[] y) {
        return visitor -> {
            for (int i = 0; i < x.length; i++) {
                visitor.visit(i, x[i], y[i]);
            }
        };
    }

    /** Every monomial to a power; the power of a sum is taken monomial by monomial, which has the same scale. */
    int[] power(int[] x, Degree degree) {
        Walk each = visitor -> {
            for (int i = 0; i < x.length; i++) {
                visitor.visit(i, x[i], Terms.ONE);
            }
        };
        return degree.isOne() ? x : of(x.length, each, degree, Degree.ONE);
    }
}
