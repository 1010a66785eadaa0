package org.quotient.geometry.manifold;

import java.util.List;
import org.ejml.data.DMatrixSparseCSC;
import org.quotient.geometry.ScaleLaw;

/**
 * Gathers BᵀWB. The weights of elements that share the rows of two factors are summed first, so that a kernel of a convolution
 * counts once per pair of channels.
 */
final class GramBuilder {
    private final SymmetricEntries entries;

    GramBuilder(int generators) {
        entries = new SymmetricEntries(generators);
    }

    void add(ScaleLaw law, double[] weights) {
        List<ScaleLaw.Factor> factors = law.factors();
        for (int f = 0; f < factors.size(); f++) {
            ScaleLaw.Factor first = factors.get(f);
            double[] sums = sums(Blocks.of(law, first.extents()), weights);
            for (int i = 0; i < sums.length; i++) {
                ScaleLaw.Row row = first.rows().get(i);
                for (int a = 0; a < row.generators().length; a++) {
                    for (int b = 0; b <= a; b++) {
                        add(row, a, row, b, sums[i] * (a == b ? 0.5 : 1));
                    }
                }
            }
            for (int g = f + 1; g < factors.size(); g++) {
                cross(law, first, factors.get(g), weights);
            }
        }
    }

    private void cross(ScaleLaw law, ScaleLaw.Factor first, ScaleLaw.Factor second, double[] weights) {
        List<Integer> extents = Blocks.join(first.extents(), second.extents());
        double[] sums = sums(Blocks.of(law, extents), weights);
        int[] strides = first.strides();
        int[] otherStrides = second.strides();
        int[] index = new int[strides.length];
        int i = 0;
        int j = 0;
        for (double sum : sums) {
            ScaleLaw.Row row = first.rows().get(i);
            ScaleLaw.Row other = second.rows().get(j);
            for (int a = 0; a < row.generators().length; a++) {
                for (int b = 0; b < other.generators().length; b++) {
                    add(row, a, other, b, sum);
                }
            }
            for (int k = index.length - 1; k >= 0; k--) {
                i += strides[k];
                j += otherStrides[k];
                if (++index[k] < extents.get(k)) {
                    break;
                }
                i -= strides[k] * extents.get(k);
                j -= otherStrides[k] * extents.get(k);
                index[k] = 0;
            }
        }
    }

    private static double[] sums(Blocks blocks, double[] weights) {
        double[] sums = new double[blocks.count()];
        blocks.forEachRun((from, to, block) -> {
            double sum = sums[block];
            for (int i = from; i < to; i++) {
                sum += weights[i];
            }
            sums[block] = sum;
        });
        return sums;
    }

    /** Adds w·(a bᵀ + b aᵀ) for one entry of either row. */
    private void add(ScaleLaw.Row row, int a, ScaleLaw.Row other, int b, double w) {
        int i = row.generators()[a];
        int j = other.generators()[b];
        double value = w * row.coefficients()[a] * other.coefficients()[b];
        if (i == j) {
            entries.addDiagonal(i, 2 * value);
        } else if (value != 0) {
            entries.add(i, j, value);
        }
    }

    DMatrixSparseCSC build() {
        return entries.build();
    }
}
