package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** What one tap of a kernel meets: a row of the patch matrix. */
final class PatchRows {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    /** Numbers in a vector. */
    static final int LANES = SPECIES.length();

    private PatchRows() {}

    /**
     * Copies stretches of equal length one after the other. Whole vectors are copied: up to a vector more than is asked for
     * is read and written.
     *
     * @param from where to read
     * @param first index of the first stretch
     * @param images how many times the stretches of one image are read
     * @param imageStride between images
     * @param rows stretches of an image
     * @param rowStride between them
     * @param length of a stretch
     * @param to where to write
     * @param at index of the first element
     */
    static void gather(
            double[] from,
            int first,
            int images,
            int imageStride,
            int rows,
            int rowStride,
            int length,
            double[] to,
            int at) {
        for (int n = 0; n < images; n++) {
            int row = first + n * imageStride;
            int write = at + n * rows * length;
            if (length <= LANES) {
                for (int r = 0; r < rows; r++) {
                    DoubleVector.fromArray(SPECIES, from, row + r * rowStride).intoArray(to, write + r * length);
                }
            } else {
                for (int r = 0; r < rows; r++) {
                    for (int k = 0; k < length; k += LANES) {
                        DoubleVector.fromArray(SPECIES, from, row + r * rowStride + k)
                                .intoArray(to, write + r * length + k);
                    }
                }
            }
        }
    }

    /**
     * Transposes rows into panels: element (row i, column k) goes to panel i/width, row k, column i mod width.
     *
     * @param from where to read
     * @param first index of the first element
     * @param rows how many
     * @param rowStride between rows
     * @param columns how many
     * @param to panels of row-major [height, width]
     * @param at index of row 0 of the first panel to write
     * @param height rows of a panel
     * @param width columns of a panel
     */
    static void transpose(
            double[] from,
            int first,
            int rows,
            int rowStride,
            int columns,
            double[] to,
            int at,
            int height,
            int width) {
        for (int k = 0; k < columns; k += LANES) {
            int end = Math.min(columns, k + LANES);
            for (int i = 0; i < rows; i++) {
                int write = at + i / width * height * width + i % width;
                int read = first + i * rowStride;
                for (int l = k; l < end; l++) {
                    to[write + l * width] = from[read + l];
                }
            }
        }
    }
}
