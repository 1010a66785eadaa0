package org.quotient.autodiff.field;

import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.kernel.Kernels;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/**
 * Products of dense matrices modulo a prime, exactly, at the speed of those in double precision. Matrices are row-major and
 * contiguous, of whole doubles from 0 to p − 1; so are the results. One object serves one thread at a time: it keeps the
 * memory that products pack their operands into.
 */
public final class FieldProducts {
    private static final Kernels KERNELS = Kernels.of(DType.F64);

    private final Residues residues;
    private final Scratch scratch = new Scratch();

    /** Products modulo the prime of a field. */
    public FieldProducts(Numbers.PrimeField field) {
        this.residues = new Residues(field);
    }

    /** The field. */
    public Numbers.PrimeField field() {
        return residues.field();
    }

    /**
     * A·B modulo p.
     *
     * @param a m×k
     * @param b k×n
     * @return m×n
     * @throws IllegalArgumentException if an array is too short for its shape or holds something that is no residue
     */
    public double[] multiply(int m, int n, int k, double[] a, double[] b) {
        Residues.checkShape("A", m, k, a, 0);
        Residues.checkShape("B", k, n, b, 0);
        Residues.checkSize("C", m, n);
        double[] c = new double[m * n];
        add(m, n, k, a, 0, b, 0, c, 0);
        return c;
    }

    /**
     * C ← C + A·B modulo p.
     *
     * @param a m×k from offset {@code ao}; not modified
     * @param b k×n from offset {@code bo}; not modified
     * @param c m×n from offset {@code co}; modified; no part of a or b
     * @throws IllegalArgumentException if an array is too short for its shape or holds something that is no residue
     */
    public void add(int m, int n, int k, double[] a, int ao, double[] b, int bo, double[] c, int co) {
        check(m, n, k, a, ao, b, bo, c, co);
        accumulate(1, m, n, k, a, ao, b, bo, c, co);
    }

    /** C ← C − A·B modulo p; otherwise like {@link #add}. */
    public void subtract(int m, int n, int k, double[] a, int ao, double[] b, int bo, double[] c, int co) {
        check(m, n, k, a, ao, b, bo, c, co);
        accumulate(-1, m, n, k, a, ao, b, bo, c, co);
    }

    private void check(int m, int n, int k, double[] a, int ao, double[] b, int bo, double[] c, int co) {
        Residues.checkShape("A", m, k, a, ao);
        Residues.checkShape("B", k, n, b, bo);
        Residues.checkShape("C", m, n, c, co);
        residues.check("A", a, ao, m * k, k);
        residues.check("B", b, bo, k * n, n);
        residues.check("C", c, co, m * n, n);
    }

    Residues residues() {
        return residues;
    }

    /** C ← C + sign·A·B, unchecked. */
    void accumulate(double sign, int m, int n, int k, double[] a, int ao, double[] b, int bo, double[] c, int co) {
        if (m == 0 || n == 0) {
            return;
        }
        if (n == 1) {
            addToVector(sign, m, k, a, ao, b, bo, c, co);
            return;
        }
        int terms = residues.terms();
        for (int k0 = 0; k0 < k; k0 += terms) {
            int depth = Math.min(terms, k - k0);
            // Rows of A lie k apart whatever part of them is used.
            Product product = new Product(1, m, n, depth, 0, k, 1, 0, n, 1, 0, n, 1, true, sign);
            Temporaries temporaries = new Temporaries();
            List<Step> steps = KERNELS.multiply(
                    product, new Place(a, ao + k0), new Place(b, bo + k0 * n), new Place(c, co), temporaries);
            temporaries.allocate(KERNELS);
            run(steps);
            run(List.of(new ReductionStep(residues, c, co, m * n)));
        }
    }

    /** A times one vector is as fast as A is read: the kernels, which pack it first, take several times as long. */
    private void addToVector(double sign, int m, int k, double[] a, int ao, double[] b, int bo, double[] c, int co) {
        int terms = residues.terms();
        for (int i = 0; i < m; i++) {
            for (int k0 = 0; k0 < k; k0 += terms) {
                int depth = Math.min(terms, k - k0);
                c[co + i] += sign * dot(a, ao + i * k + k0, b, bo + k0, depth);
                residues.reduce(c, co + i, co + i + 1);
            }
        }
    }

    /** A sum in four parts, as additions wait for each other. */
    private static double dot(double[] a, int ao, double[] b, int bo, int count) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            s0 += a[ao + i] * b[bo + i];
            s1 += a[ao + i + 1] * b[bo + i + 1];
            s2 += a[ao + i + 2] * b[bo + i + 2];
            s3 += a[ao + i + 3] * b[bo + i + 3];
        }
        for (; i < count; i++) {
            s0 += a[ao + i] * b[bo + i];
        }
        return s0 + s1 + (s2 + s3);
    }

    /** The one place where work is done: shards in order on the calling thread. */
    private void run(List<Step> steps) {
        for (Step step : steps) {
            for (int shard = 0; shard < step.shards(); shard++) {
                step.run(shard, scratch);
            }
        }
    }
}
