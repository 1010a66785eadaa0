package org.quotient.autodiff.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rows one after the other, in integers: the definition that the fast elimination is held against. */
final class NaiveElimination {
    private final int p;
    private final int n;
    /** Reduced basis rows, in the order in which they were found. */
    private final List<long[]> basis = new ArrayList<>();

    private final List<Integer> leads = new ArrayList<>();
    private final List<Long> rows = new ArrayList<>();

    NaiveElimination(int p, int m, int n, double[] a) {
        this.p = p;
        this.n = n;
        for (int i = 0; i < m; i++) {
            long[] row = new long[n];
            for (int j = 0; j < n; j++) {
                row[j] = (long) a[i * n + j];
            }
            take(i, row);
        }
    }

    private void take(int number, long[] row) {
        for (int k = 0; k < basis.size(); k++) {
            subtract(row, row[leads.get(k)], basis.get(k));
        }
        int lead = 0;
        while (lead < n && row[lead] == 0) {
            lead++;
        }
        if (lead == n) {
            return;
        }
        long inverse = inverse(row[lead]);
        for (int j = 0; j < n; j++) {
            row[j] = row[j] * inverse % p;
        }
        for (long[] other : basis) {
            subtract(other, other[lead], row);
        }
        basis.add(row);
        leads.add(lead);
        rows.add((long) number);
    }

    private void subtract(long[] from, long factor, long[] row) {
        for (int j = 0; j < n; j++) {
            from[j] = Math.floorMod(from[j] - factor * row[j], (long) p);
        }
    }

    private long inverse(long x) {
        long old = p;
        long now = x;
        long oldFactor = 0;
        long factor = 1;
        while (now != 0) {
            long q = old / now;
            long rest = old - q * now;
            old = now;
            now = rest;
            long next = oldFactor - q * factor;
            oldFactor = factor;
            factor = next;
        }
        return Math.floorMod(oldFactor, (long) p);
    }

    int rank() {
        return basis.size();
    }

    long[] pivotRows() {
        return rows.stream().mapToLong(i -> i).toArray();
    }

    int[] pivotColumns() {
        return leads.stream().mapToInt(i -> i).sorted().toArray();
    }

    /** The reduced row echelon form without its zero rows. */
    double[] reducedForm() {
        double[] out = new double[rank() * n];
        int[] sorted = pivotColumns();
        for (int i = 0; i < sorted.length; i++) {
            long[] row = basis.get(leads.indexOf(sorted[i]));
            for (int j = 0; j < n; j++) {
                out[i * n + j] = row[j];
            }
        }
        return out;
    }

    // ---- Matrices to try

    static double[] random(Random random, int m, int n, int p) {
        return random.doubles((long) m * n).map(x -> Math.floor(x * p)).toArray();
    }

    /** A·B in integers. */
    static double[] product(int m, int n, int k, double[] a, double[] b, int p) {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                long sum = 0;
                for (int l = 0; l < k; l++) {
                    sum = (sum + (long) a[i * k + l] * (long) b[l * n + j]) % p;
                }
                c[i * n + j] = sum;
            }
        }
        return c;
    }

    /**
     * A matrix of rank at most r whose independent rows and columns lie anywhere: a product, with some rows and columns
     * set to zero or repeated.
     */
    static double[] deficient(Random random, int m, int n, int r, int p) {
        double[] a = product(m, n, r, random(random, m, r, p), random(random, r, n, p), p);
        for (int i = 0; i < m; i++) {
            int from = random.nextInt(m);
            switch (random.nextInt(8)) {
                case 0 -> java.util.Arrays.fill(a, i * n, (i + 1) * n, 0);
                case 1 -> System.arraycopy(a, from * n, a, i * n, n);
                default -> {}
            }
        }
        for (int j = 0; j < n; j++) {
            int from = random.nextInt(n);
            int kind = random.nextInt(8);
            for (int i = 0; i < m && kind < 2; i++) {
                a[i * n + j] = kind == 0 ? 0 : a[i * n + from];
            }
        }
        return a;
    }
}
