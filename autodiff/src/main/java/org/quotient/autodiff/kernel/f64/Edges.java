package org.quotient.autodiff.kernel.f64;

/** Between a scratch tile and a part of C that is no full tile with contiguous rows. */
final class Edges {
    private Edges() {}

    static void load(int rows, int columns, double[] c, int at, int rowStep, int columnStep, double[] tile, int width) {
        if (rowStep == 1 && rows == Tile.ROWS) {
            int from = at;
            for (int j = 0; j < columns; j++) {
                tile[j] = c[from];
                tile[j + width] = c[from + 1];
                tile[j + 2 * width] = c[from + 2];
                tile[j + 3 * width] = c[from + 3];
                tile[j + 4 * width] = c[from + 4];
                tile[j + 5 * width] = c[from + 5];
                from += columnStep;
            }
            return;
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                tile[i * width + j] = c[at + i * rowStep + j * columnStep];
            }
        }
    }

    static void store(
            int rows, int columns, double[] tile, int width, double[] c, int at, int rowStep, int columnStep) {
        if (rowStep == 1 && rows == Tile.ROWS) {
            turned(columns, tile, width, c, at, columnStep);
            return;
        }
        for (int i = 0; i < rows; i++) {
            if (columnStep == 1) {
                System.arraycopy(tile, i * width, c, at + i * rowStep, columns);
            } else {
                for (int j = 0; j < columns; j++) {
                    c[at + i * rowStep + j * columnStep] = tile[i * width + j];
                }
            }
        }
    }

    /** Six rows of the tile become six neighbouring numbers each. */
    private static void turned(int columns, double[] tile, int width, double[] c, int at, int columnStep) {
        int to = at;
        for (int j = 0; j < columns; j++) {
            c[to] = tile[j];
            c[to + 1] = tile[j + width];
            c[to + 2] = tile[j + 2 * width];
            c[to + 3] = tile[j + 3 * width];
            c[to + 4] = tile[j + 4 * width];
            c[to + 5] = tile[j + 5 * width];
            to += columnStep;
        }
    }
}
