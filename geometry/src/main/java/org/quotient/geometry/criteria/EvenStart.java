package org.quotient.geometry.criteria;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * A start for the minimisation: one shift per family that makes the logarithms of the energies as even as least squares can,
 * Σ_t (log E_t + s·r_t·z − c)². It is the mean-field solution for layered networks (Lebeurrier et al. 2026), knows no underflow,
 * and moves with θ along the orbit.
 */
final class EvenStart {
    private final Families families;
    private final double speed;
    private final DMatrixRMaj normal;
    private final DMatrixRMaj right;

    private EvenStart(Families families, double speed) {
        this.families = families;
        this.speed = speed;
        normal = new DMatrixRMaj(families.count + 1, families.count + 1);
        right = new DMatrixRMaj(families.count + 1, 1);
    }

    /** z, with the ground; zero where the equations have no solution. */
    static double[] of(Terms terms, Families families) {
        EvenStart start = new EvenStart(families, terms.speed);
        terms.panels.forEach(start::add);
        start.add(terms.rest);
        double[] z = new double[terms.scales + 1];
        if (families.count > 0) {
            families.addTo(z, start.solve());
        }
        return z;
    }

    private void add(Panel p) {
        int[] columns = Arrays.stream(p.minus).map(families::group).toArray();
        LogTotal[] logs = new LogTotal[families.count + 1];
        long[] counts = new long[families.count + 1];
        for (int i = 0; i < p.rows(); ) {
            Arrays.setAll(logs, k -> new LogTotal());
            Arrays.fill(counts, 0);
            int row = families.group(p.plus[i]);
            for (; i < p.rows() && families.group(p.plus[i]) == row; i++) {
                for (int j = 0, at = i * columns.length; j < columns.length; j++, at++) {
                    if (p.energy[at] > 0) {
                        logs[columns[j]].add(p.energy[at]);
                        counts[columns[j]]++;
                    }
                }
            }
            for (int column = 0; column <= families.count; column++) {
                if (counts[column] > 0) {
                    int[] index = {row, column};
                    double[] coefficients = {1, -1};
                    double mean = logs[column].total() / counts[column] + p.logScale;
                    equation(index, coefficients, mean, counts[column]);
                }
            }
        }
    }

    private void add(SparseRows rows) {
        IntUnaryOperator group = families::group;
        for (int t = 0; t < rows.count(); t++) {
            if (rows.log[t] != Double.NEGATIVE_INFINITY) {
                int[] index = Arrays.stream(rows.generators, rows.start[t], rows.start[t + 1])
                        .map(group)
                        .toArray();
                double[] coefficients = Arrays.copyOfRange(rows.coefficients, rows.start[t], rows.start[t + 1]);
                equation(index, coefficients, rows.log[t], 1);
            }
        }
    }

    /** The equation s·r·c − t = −log with a weight. */
    private void equation(int[] index, double[] coefficients, double log, double weight) {
        int n = index.length + 1;
        int[] all = Arrays.copyOf(index, n);
        double[] row = new double[n];
        for (int k = 0; k < index.length; k++) {
            row[k] = index[k] == families.count ? 0 : speed * coefficients[k];
        }
        all[n - 1] = families.count;
        row[n - 1] = -1;
        for (int a = 0; a < n; a++) {
            right.add(all[a], 0, -weight * row[a] * log);
            for (int b = 0; b < n; b++) {
                normal.add(all[a], all[b], weight * row[a] * row[b]);
            }
        }
    }

    private double[] solve() {
        int n = families.count + 1;
        double[] out = new double[n];
        double most = 0;
        for (int i = 0; i < n; i++) {
            most = Math.max(most, normal.get(i, i));
        }
        for (int i = 0; i < n; i++) {
            normal.add(i, i, 1e-12 * most);
        }
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(n);
        DMatrixRMaj x = new DMatrixRMaj(n, 1);
        if (solver.setA(normal)) {
            solver.solve(right, x);
            for (int i = 0; i + 1 < n; i++) {
                out[i] = x.get(i, 0);
            }
        }
        return out;
    }
}
