package org.quotient.geometry.manifold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixSparseCSC;

/**
 * Solves Kt = r for a sparse symmetric positive semi-definite K and r in its range, one connected component after the other: by
 * factors where a component is small, by conjugate gradients where it is large. Where generators are dependent at a point
 * (zero weights), one of the many solutions is returned; the vertical vector Vt is the same for all.
 */
final class GramSolver {
    /** Up to so many generators a component is a dense matrix. */
    static final int DENSE = 400;

    private final DMatrixSparseCSC matrix;
    private final List<int[]> components;
    private final List<Solver> solvers = new ArrayList<>();

    /** An approximate solution for one component, in its own numbering. */
    private interface Solver {
        double[] solve(double[] right);
    }

    GramSolver(DMatrixSparseCSC matrix) {
        this(matrix, DENSE);
    }

    GramSolver(DMatrixSparseCSC matrix, int dense) {
        this.matrix = matrix;
        this.components = components(matrix);
        int[] place = new int[matrix.numCols];
        for (int[] component : components) {
            for (int i = 0; i < component.length; i++) {
                place[component[i]] = i;
            }
            solvers.add(
                    component.length <= dense
                            ? dense(component, place)
                            : new ConjugateGradients(matrix, component, place)::solve);
        }
    }

    DMatrixSparseCSC matrix() {
        return matrix;
    }

    /** A solution. */
    double[] solve(double[] right) {
        double[] out = new double[right.length];
        for (int c = 0; c < solvers.size(); c++) {
            int[] component = components.get(c);
            double[] t = solvers.get(c).solve(gather(component, right));
            for (int i = 0; i < component.length; i++) {
                out[component[i]] = t[i];
            }
        }
        return out;
    }

    private Solver dense(int[] component, int[] place) {
        double[][] k = new double[component.length][component.length];
        for (int j = 0; j < component.length; j++) {
            for (int at = matrix.col_idx[component[j]]; at < matrix.col_idx[component[j] + 1]; at++) {
                k[place[matrix.nz_rows[at]]][j] += matrix.nz_values[at];
            }
        }
        return new SemidefiniteFactors(k)::solve;
    }

    private static double[] gather(int[] component, double[] x) {
        double[] out = new double[component.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = x[component[i]];
        }
        return out;
    }

    /** Sets of generators that no entry of K joins, each in ascending order. */
    private static List<int[]> components(DMatrixSparseCSC k) {
        int n = k.numCols;
        int[] label = new int[n];
        Arrays.fill(label, -1);
        int[] stack = new int[n];
        int[] sizes = new int[n];
        int count = 0;
        for (int start = 0; start < n; start++) {
            if (label[start] >= 0) {
                continue;
            }
            int top = 0;
            stack[top++] = start;
            label[start] = count;
            while (top > 0) {
                int j = stack[--top];
                sizes[count]++;
                for (int at = k.col_idx[j]; at < k.col_idx[j + 1]; at++) {
                    int i = k.nz_rows[at];
                    if (label[i] < 0) {
                        label[i] = count;
                        stack[top++] = i;
                    }
                }
            }
            count++;
        }
        List<int[]> out = new ArrayList<>();
        int[] next = new int[count];
        for (int c = 0; c < count; c++) {
            out.add(new int[sizes[c]]);
        }
        for (int i = 0; i < n; i++) {
            out.get(label[i])[next[label[i]]++] = i;
        }
        return out;
    }
}
