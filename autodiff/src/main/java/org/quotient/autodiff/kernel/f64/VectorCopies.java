package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The copies that feed the register tile of a convolution, vector by vector. Only where the vector module is present; before
 * its code is compiled, the same copies are made in plain loops.
 */
final class VectorCopies {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    /** Numbers in a vector. */
    static final int LANES = SPECIES.length();

    private VectorCopies() {}

    /**
     * Copies one vector per row, {@code from[first + k·fromStep ...]} to {@code to[at + k·toStep ...]}.
     *
     * @param vector whether the vector code is compiled
     */
    static void stream(
            boolean vector, double[] from, int first, int fromStep, int rows, double[] to, int at, int toStep) {
        if (vector) {
            for (int k = 0; k < rows; k++) {
                DoubleVector.fromArray(SPECIES, from, first + k * fromStep).intoArray(to, at + k * toStep);
            }
        } else {
            for (int k = 0; k < rows; k++) {
                copy(from, first + k * fromStep, LANES, to, at + k * toStep);
            }
        }
    }

    /**
     * Copies the first numbers of one vector per row, {@code from[starts[k] + shift ...]} to {@code to[at + k·toStep ...]}. Whole
     * vectors are read.
     *
     * @param count how many numbers, at most a vector
     */
    static void column(
            boolean vector,
            double[] from,
            int[] starts,
            int shift,
            int rows,
            double[] to,
            int at,
            int toStep,
            int count) {
        if (!vector) {
            for (int k = 0; k < rows; k++) {
                copy(from, starts[k] + shift, count, to, at + k * toStep);
            }
        } else if (count == LANES) {
            for (int k = 0; k < rows; k++) {
                DoubleVector.fromArray(SPECIES, from, starts[k] + shift).intoArray(to, at + k * toStep);
            }
        } else {
            VectorMask<Double> mask = SPECIES.indexInRange(0, count);
            for (int k = 0; k < rows; k++) {
                DoubleVector.fromArray(SPECIES, from, starts[k] + shift).intoArray(to, at + k * toStep, mask);
            }
        }
    }

    /**
     * Copies stretches of equal length one after the other. Whole vectors are copied: up to a vector more than is asked for is
     * read and written.
     *
     * @param vector whether the vector code is compiled
     * @param from where to read
     * @param first index of the first stretch
     * @param images how many times the stretches of one image are read
     * @param imageStep between images
     * @param rows stretches of an image
     * @param rowStep between them
     * @param length of a stretch
     * @param to where to write
     * @param at index of the first element
     */
    static void stretches(
            boolean vector,
            double[] from,
            int first,
            int images,
            int imageStep,
            int rows,
            int rowStep,
            int length,
            double[] to,
            int at) {
        for (int n = 0; n < images; n++) {
            int read = first + n * imageStep;
            int write = at + n * rows * length;
            if (!vector) {
                for (int r = 0; r < rows; r++) {
                    copy(from, read + r * rowStep, length, to, write + r * length);
                }
            } else {
                // From right to left, so that what is written beyond the end of a stretch is overwritten by the next.
                for (int k = (length - 1) / LANES * LANES; k >= 0; k -= LANES) {
                    for (int r = 0; r < rows; r++) {
                        DoubleVector.fromArray(SPECIES, from, read + k + r * rowStep)
                                .intoArray(to, write + k + r * length);
                    }
                }
            }
        }
    }

    /**
     * Copies rows of an image into rows with margins of zeros. Whole vectors are written: up to a vector more than is asked
     * for.
     *
     * @param x the image
     * @param first index of row 0 of the image
     * @param width columns of the image
     * @param left columns of zeros before them; negative where columns are left out
     * @param rows the rows of the copy to write, increasing
     * @param top row of the copy at which row 0 of the image lies
     * @param height rows of the image; rows of the copy that meet none are left alone
     * @param to the copy
     * @param at index of its first element
     * @param length of a row of the copy
     */
    static void padded(
            double[] x,
            int first,
            int width,
            int left,
            int[] rows,
            int top,
            int height,
            double[] to,
            int at,
            int length) {
        // No masks: a masked load at the end of an array allocates. What a vector writes beyond the end of a row is
        // overwritten by the zeros after it or by the next row.
        int start = Math.min(length, Math.max(0, left));
        int end = Math.max(start, Math.min(length, left + width));
        for (int row : rows) {
            if (row < top || row >= top + height) {
                continue;
            }
            int write = at + row * length;
            int read = first + (row - top) * width - left;
            for (int k = 0; k < start; k++) {
                to[write + k] = 0;
            }
            // Two loops, so that the machine can check the bounds of the first one before it.
            int safe = Math.min(end, x.length - LANES - read + 1);
            int column = start;
            for (; column < safe; column += LANES) {
                DoubleVector.fromArray(SPECIES, x, read + column).intoArray(to, write + column);
            }
            if (column < end) {
                copy(x, read + column, end - column, to, write + column);
            }
            for (int k = end; k < length; k++) {
                to[write + k] = 0;
            }
        }
    }

    private static void copy(double[] from, int read, int count, double[] to, int write) {
        for (int l = 0; l < count; l++) {
            to[write + l] = from[read + l];
        }
    }

    /** Runs the vector code on nothing in particular until it is compiled. */
    static void warm() {
        int rows = 64;
        double[] from = new double[2 * rows * LANES];
        double[] to = new double[(4 * rows + 1) * LANES];
        int[] starts = new int[rows];
        int[] inside = {0, 1, 2, 3, 4};
        long quick = 0;
        long start = System.nanoTime();
        // Compiled, a round takes about a microsecond; interpreted, milliseconds.
        while (quick < 2_000 && System.nanoTime() - start < 20_000_000_000L) {
            long before = System.nanoTime();
            stream(true, from, 0, LANES, rows, to, 0, 4 * LANES);
            column(true, from, starts, 0, rows, to, 0, 4 * LANES, LANES);
            column(true, from, starts, 0, rows, to, 0, 4 * LANES, LANES - 1);
            stretches(true, from, 0, 2, 0, rows / 4, LANES, LANES - 1, to, 0);
            stretches(true, from, 0, 2, 0, rows / 4, LANES, 2 * LANES - 1, to, 0);
            // With rows and columns that lie outside the image, and one that ends with the array.
            padded(from, 0, 2 * LANES - 3, 1, inside, 1, 2, to, 0, 2 * LANES);
            padded(from, 0, LANES, -1, inside, 0, 2 * rows, to, 0, LANES - 1);
            padded(from, from.length - LANES / 2, LANES / 2, 0, starts, 0, 1, to, 0, LANES);
            quick = System.nanoTime() - before < 40_000 ? quick + 1 : 0;
        }
    }
}
