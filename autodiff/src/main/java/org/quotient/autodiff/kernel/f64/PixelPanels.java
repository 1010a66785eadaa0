package org.quotient.autodiff.kernel.f64;

import java.util.ArrayList;
import java.util.List;

/**
 * The pixels of a pass over several images, row after row and image after image, cut into panels of a tile's columns: where
 * each stretch of them is read in the padded copy, and where it is written in the result.
 */
final class PixelPanels {
    private static final int LANES = VectorCopies.LANES;

    private final int width;
    private final int panels;
    private final int step;
    // Stretches to read, at most a vector long: those of panel p are firstPiece[p] to firstPiece[p + 1] − 1.
    private final int[] firstPiece;
    private final int[] pieceColumn;
    private final int[] pieceSource;
    private final int[] pieceLength;
    // Stretches to write, as long as possible.
    private final int[] firstRun;
    private final int[] runColumn;
    private final int[] runResult;
    private final int[] runLength;

    /**
     * Prepares the tables.
     *
     * @param pass which pixels
     * @param images how many images
     * @param sourceStride elements of the copy between images
     * @param resultStride elements of the result between images
     * @param resultWidth columns of a row of the result
     * @param width columns of a panel, a multiple of the number of lanes
     */
    PixelPanels(Correlation.Pass pass, int images, int sourceStride, int resultStride, int resultWidth, int width) {
        this.width = width;
        this.step = pass.columnStep();
        int pixels = images * pass.pixels();
        this.panels = Math.ceilDiv(pixels, width);
        List<int[]> pieces = new ArrayList<>();
        List<int[]> runs = new ArrayList<>();
        firstPiece = new int[panels + 1];
        firstRun = new int[panels + 1];
        for (int p = 0; p < panels; p++) {
            firstPiece[p] = pieces.size();
            firstRun[p] = runs.size();
            int end = Math.min(pixels, (p + 1) * width);
            for (int q = p * width; q < end; ) {
                int image = q / pass.pixels();
                int row = q % pass.pixels() / pass.columns();
                int column = q % pass.columns();
                int length = Math.min(end - q, pass.columns() - column);
                int source = image * sourceStride + row * pass.sourceRow() + column;
                for (int l = 0; l < length; l += LANES) {
                    // Whole vectors where there is room: what comes after the end is overwritten by the next piece.
                    int at = q + l - p * width;
                    int count = at + LANES <= width ? LANES : Math.min(LANES, length - l);
                    pieces.add(new int[] {at, source + l, count});
                }
                int result = image * resultStride
                        + (pass.firstRow() + row * pass.rowStep()) * resultWidth
                        + pass.firstColumn()
                        + column * step;
                int[] last = runs.size() > firstRun[p] ? runs.getLast() : null;
                if (last != null && last[1] + last[2] * step == result) {
                    last[2] += length;
                } else {
                    runs.add(new int[] {q - p * width, result, length});
                }
                q += length;
            }
        }
        firstPiece[panels] = pieces.size();
        firstRun[panels] = runs.size();
        pieceColumn = column(pieces, 0);
        pieceSource = column(pieces, 1);
        pieceLength = column(pieces, 2);
        runColumn = column(runs, 0);
        runResult = column(runs, 1);
        runLength = column(runs, 2);
    }

    private static int[] column(List<int[]> rows, int which) {
        return rows.stream().mapToInt(r -> r[which]).toArray();
    }

    int panels() {
        return panels;
    }

    /** Whether a panel is full and its columns are neighbours in the result. */
    boolean contiguous(int panel) {
        return step == 1 && firstRun[panel + 1] == firstRun[panel] + 1 && runLength[firstRun[panel]] == width;
    }

    /** Where the first column of a panel is written. */
    int result(int panel) {
        return runResult[firstRun[panel]];
    }

    /**
     * Copies what a panel's pixels meet: row k of the panel is read at {@code taps[k] + pixel}.
     *
     * @param vector whether the vector code is compiled
     * @param panel which
     * @param copy the padded copy; a vector more than its size may be read
     * @param taps where each row starts in the copy
     * @param rows how many
     * @param to row-major [rows, width]
     * @param start index of the first element
     */
    void pack(boolean vector, int panel, double[] copy, int[] taps, int rows, double[] to, int start) {
        for (int p = firstPiece[panel]; p < firstPiece[panel + 1]; p++) {
            VectorCopies.column(
                    vector, copy, taps, pieceSource[p], rows, to, start + pieceColumn[p], width, pieceLength[p]);
        }
    }

    /**
     * Writes the columns of a tile to their places in the result.
     *
     * @param panel which
     * @param tile row-major [rows, width]
     * @param rows how many
     * @param result array of the result
     * @param start index of the first row's channel in the first image
     * @param stride between channels of the result
     */
    void store(int panel, double[] tile, int rows, double[] result, int start, int stride) {
        for (int run = firstRun[panel]; run < firstRun[panel + 1]; run++) {
            int length = runLength[run];
            for (int r = 0; r < rows; r++) {
                int from = r * width + runColumn[run];
                int to = start + r * stride + runResult[run];
                if (step == 1) {
                    for (int k = 0; k < length; k++) {
                        result[to + k] = tile[from + k];
                    }
                } else {
                    for (int k = 0; k < length; k++) {
                        result[to + k * step] = tile[from + k];
                    }
                }
            }
        }
    }

    /** Reads the columns of a tile from their places in the result; see {@link #store}. */
    void load(int panel, double[] tile, int rows, double[] result, int start, int stride) {
        for (int run = firstRun[panel]; run < firstRun[panel + 1]; run++) {
            int length = runLength[run];
            for (int r = 0; r < rows; r++) {
                int to = r * width + runColumn[run];
                int from = start + r * stride + runResult[run];
                for (int k = 0; k < length; k++) {
                    tile[to + k] = result[from + k * step];
                }
            }
        }
    }

    /** Sets the pixels of a panel to zero in consecutive channels of the result. */
    void clear(int panel, int channels, double[] result, int start, int stride) {
        for (int run = firstRun[panel]; run < firstRun[panel + 1]; run++) {
            for (int r = 0; r < channels; r++) {
                int to = start + r * stride + runResult[run];
                for (int k = 0; k < runLength[run]; k++) {
                    result[to + k * step] = 0;
                }
            }
        }
    }
}
