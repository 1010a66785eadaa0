package org.quotient.autodiff.kernel.f64;

import java.util.stream.IntStream;

/**
 * How images lie in a copy made for convolving them: with a margin of zeros, so that no tap ever leaves the image, and with
 * the columns of each row sorted by their remainder modulo the stride, so that the pixels that one tap meets along an output
 * row are neighbours for any stride. The element of the copy that output pixel p meets through tap t of channel c is then
 * {@code c·plane + tap(t) + pixel(p)}: a sum of three tables.
 *
 * @param height rows of an image
 * @param width columns of an image
 * @param top rows of zeros above; negative where rows of the image are left out
 * @param left columns of zeros to the left; negative where columns are left out
 * @param rows rows of the copy
 * @param phases the column stride
 * @param phaseWidth columns of the copy of each remainder
 * @param usedRows rows of the copy that some tap meets; the others are not filled
 * @param usedPhases remainders that some tap meets
 */
record PaddedLayout(
        int height,
        int width,
        int top,
        int left,
        int rows,
        int phases,
        int phaseWidth,
        int[] usedRows,
        int[] usedPhases) {

    /**
     * The layout for an image correlated with a kernel.
     *
     * @param height rows of the image
     * @param width its columns
     * @param top row of zeros, see above
     * @param left columns of zeros
     * @param rowOffsets row of the copy that the first output row meets, for each kernel row
     * @param columnOffsets the same for columns
     * @param outputRows rows of the output
     * @param outputColumns columns of the output
     * @param rowStride rows of the copy between output rows
     * @param columnStride columns between output columns
     */
    static PaddedLayout of(
            int height,
            int width,
            int top,
            int left,
            int[] rowOffsets,
            int[] columnOffsets,
            int outputRows,
            int outputColumns,
            int rowStride,
            int columnStride) {
        int rows = IntStream.of(rowOffsets).max().orElse(0) + (outputRows - 1) * rowStride + 1;
        int columns = IntStream.of(columnOffsets).max().orElse(0) + (outputColumns - 1) * columnStride + 1;
        int[] usedRows = IntStream.range(0, rows)
                .filter(r -> IntStream.of(rowOffsets)
                        .anyMatch(o -> r >= o && (r - o) % rowStride == 0 && (r - o) / rowStride < outputRows))
                .toArray();
        int[] usedPhases = IntStream.of(columnOffsets)
                .map(o -> o % columnStride)
                .distinct()
                .sorted()
                .toArray();
        return new PaddedLayout(
                height,
                width,
                top,
                left,
                rows,
                columnStride,
                Math.ceilDiv(columns, columnStride),
                usedRows,
                usedPhases);
    }

    /** Elements of a row of the copy. */
    int rowLength() {
        return phases * phaseWidth;
    }

    /** Elements of a channel of the copy. */
    int plane() {
        return rows * rowLength();
    }

    /** Where a row and column of the padded image lie within a channel of the copy. */
    int at(int row, int column) {
        return row * rowLength() + column % phases * phaseWidth + column / phases;
    }

    /**
     * Copies channels. Up to a vector more may be written.
     *
     * @param vector whether the vector code is compiled
     * @param x an image, row-major
     * @param from index of its first element to copy
     * @param channels how many
     * @param to the copy
     * @param start index of its first element
     */
    void copy(boolean vector, double[] x, int from, int channels, double[] to, int start) {
        int plane = plane();
        int length = rowLength();
        boolean whole = vector && phases == 1;
        for (int c = 0; c < channels; c++) {
            int source = from + c * height * width;
            int target = start + c * plane;
            if (whole) {
                VectorCopies.padded(x, source, width, left, usedRows, top, height, to, target, length);
            }
            for (int r : usedRows) {
                int at = target + r * length;
                if (r < top || r >= top + height) {
                    zero(to, at, at + length);
                } else if (!whole) {
                    for (int phase : usedPhases) {
                        copyPhase(x, source + (r - top) * width, phase, to, at + phase * phaseWidth);
                    }
                }
            }
        }
    }

    /** Columns q·phases + phase − left of an image row for q = 0, 1, ..., zero where there is none. */
    private void copyPhase(double[] x, int source, int phase, double[] to, int at) {
        int shift = phase - left;
        int first = Math.min(phaseWidth, Math.max(0, Math.ceilDiv(-shift, phases)));
        int end = Math.max(first, Math.min(phaseWidth, Math.ceilDiv(width - shift, phases)));
        zero(to, at, at + first);
        for (int q = first, k = source + shift + first * phases; q < end; q++, k += phases) {
            to[at + q] = x[k];
        }
        zero(to, at + end, at + phaseWidth);
    }

    private static void zero(double[] to, int start, int end) {
        for (int k = start; k < end; k++) {
            to[k] = 0;
        }
    }
}
