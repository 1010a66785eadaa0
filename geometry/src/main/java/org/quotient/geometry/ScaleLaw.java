package org.quotient.geometry;

import java.util.List;

/**
 * The rows of B for one parameter or buffer, by structure: the log-scale of an element is a sum of factors, each of which
 * depends on some of the axes only, such as +output channel and −input channel for the weights of a convolution.
 *
 * @param sizes the variable's sizes
 * @param factors the addends of the log-scale
 */
public record ScaleLaw(List<Integer> sizes, List<Factor> factors) {

    /** Copies its arguments. */
    public ScaleLaw {
        sizes = List.copyOf(sizes);
        factors = List.copyOf(factors);
    }

    /**
     * One addend: a row over the generators per block of elements.
     *
     * @param extents per axis its size, or 1 where the rows do not depend on the index
     * @param rows row-major over the extents
     */
    public record Factor(List<Integer> extents, List<Row> rows) {
        /** Copies the extents; the rows are kept as they are. */
        public Factor {
            extents = List.copyOf(extents);
        }

        /** Whether every row is zero. */
        public boolean isZero() {
            return rows.stream().allMatch(Row::isZero);
        }

        /** Steps through {@link #rows} along the axes; 0 along axes of extent 1. */
        public int[] strides() {
            int[] strides = new int[extents.size()];
            int step = 1;
            for (int i = strides.length - 1; i >= 0; i--) {
                strides[i] = extents.get(i) == 1 ? 0 : step;
                step *= extents.get(i);
            }
            return strides;
        }
    }

    /**
     * A sparse integer row over the generators. The arrays are not to be modified.
     *
     * @param generators positions in z, each at most once
     * @param coefficients as many, nonzero
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Row(int[] generators, long[] coefficients) {
        /** The row without entries. */
        public static final Row ZERO = new Row(new int[0], new long[0]);

        /** Whether it has no entries. */
        public boolean isZero() {
            return generators.length == 0;
        }

        /** The product with z, one number per generator. */
        public double times(double[] z) {
            double sum = 0;
            for (int k = 0; k < generators.length; k++) {
                sum += coefficients[k] * z[generators[k]];
            }
            return sum;
        }
    }
}
