package org.quotient.autodiff.kernel.f64;

import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.Scratch;

/** A block of rows and of panels of a product, tile by tile: what one shard does. */
final class Block {
    /** Numbers of packed B that stay in the second-level cache while the rows of A pass by. */
    private static final int CACHED = 49_152;

    /** Inner indices between two visits of a tile of C. */
    static final int DEPTH = 1024;

    /** Rows of C from which copying B into contiguous panels pays. */
    private static final int MANY_ROWS = 200;

    /** Panels from which bringing scattered rows of A together pays. */
    private static final int REUSED = 3;

    private Block() {}

    /** Whether B is read where it lies: rows contiguous, nothing to multiply, and few passes over it. */
    static boolean readsInPlace(Product p, int rows) {
        return p.bColumn() == 1 && p.alpha() == 1 && rows < MANY_ROWS;
    }

    /** Panels {@code firstPanel} to {@code lastPanel} − 1 of rows {@code first} to {@code last} − 1, from the given offsets. */
    static void multiply(
            Product p,
            Beside beside,
            int firstPanel,
            int lastPanel,
            int first,
            int last,
            double[] a,
            int ao,
            double[] b,
            int bo,
            double[] c,
            int co,
            Scratch scratch) {
        int width = Tile.COLUMNS;
        boolean direct = readsInPlace(p, last - first);
        int start = 0;
        do {
            int inner = direct ? p.k() : Math.min(DEPTH, p.k() - start);
            // Either all panels stay in the cache and rows of C are written one after the other, or panel by panel.
            int together = Math.clamp(CACHED / Math.max(1, inner * width), 1, lastPanel - firstPanel);
            Beside now = start + inner < p.k() ? beside.withoutResults() : beside;
            for (int panel = firstPanel; panel < lastPanel; panel += together) {
                int end = Math.min(lastPanel, panel + together);
                Beside part = panel == firstPanel ? now : now.withoutSquares();
                double[] packed = scratch.f64(0, Packing.START + (end - panel) * inner * width);
                for (int q = panel; q < end; q++) {
                    int columns = Math.min(width, p.n() - q * width);
                    if (!direct || columns < width) {
                        Packing.rows(
                                inner,
                                columns,
                                b,
                                bo + start * p.bRow() + q * width * p.bColumn(),
                                p.bRow(),
                                p.bColumn(),
                                (double) p.alpha(),
                                packed,
                                Packing.START + (q - panel) * inner * width,
                                width);
                    }
                }
                rows(
                        p,
                        part,
                        panel,
                        end,
                        first,
                        last,
                        start,
                        inner,
                        a,
                        ao,
                        b,
                        bo,
                        direct,
                        packed,
                        Packing.START,
                        inner * width,
                        c,
                        co,
                        scratch);
            }
            start += inner;
        } while (start < p.k());
    }

    /** The same with all of B packed already: panel after panel, each of all k rows. */
    static void packed(
            Product p,
            Beside beside,
            int firstPanel,
            int lastPanel,
            int first,
            int last,
            double[] a,
            int ao,
            double[] packed,
            double[] c,
            int co,
            Scratch scratch) {
        int width = Tile.COLUMNS;
        int start = 0;
        do {
            int inner = Math.min(DEPTH, p.k() - start);
            int together = Math.clamp(CACHED / Math.max(1, inner * width), 1, lastPanel - firstPanel);
            Beside now = start + inner < p.k() ? beside.withoutResults() : beside;
            for (int panel = firstPanel; panel < lastPanel; panel += together) {
                int end = Math.min(lastPanel, panel + together);
                Beside part = panel == firstPanel ? now : now.withoutSquares();
                int from = Packing.START + (panel * p.k() + start) * width;
                rows(
                        p,
                        part,
                        panel,
                        end,
                        first,
                        last,
                        start,
                        inner,
                        a,
                        ao,
                        packed,
                        0,
                        false,
                        packed,
                        from,
                        p.k() * width,
                        c,
                        co,
                        scratch);
            }
            start += inner;
        } while (start < p.k());
    }

    /** All rows against some panels; packed panel q starts at {@code from + (q − panel)·stride}. */
    private static void rows(
            Product p,
            Beside beside,
            int panel,
            int end,
            int first,
            int last,
            int start,
            int inner,
            double[] a,
            int ao,
            double[] b,
            int bo,
            boolean direct,
            double[] packed,
            int from,
            int stride,
            double[] c,
            int co,
            Scratch scratch) {
        int width = Tile.COLUMNS;
        boolean gather = p.aColumn() != 1 && end - panel >= REUSED;
        for (int i = first, height; i < last; i += height) {
            height = Tile.height(last - i);
            int top = Math.min(height, last - i) - 1;
            double[] left = a;
            int at = ao + i * p.aRow() + start * p.aColumn();
            int r = p.aRow();
            int s = p.aColumn();
            if (gather) {
                left = scratch.f64(3, inner * Tile.ROWS + VectorCopies.LANES);
                together(inner, top, a, at, r, s, left);
                at = 0;
                r = 1;
                s = Tile.ROWS;
            }
            for (int q = panel; q < end; q++) {
                boolean inPlace = direct && p.n() - q * width >= width;
                tile(
                        p,
                        beside,
                        i,
                        top,
                        q * width,
                        start,
                        inner,
                        left,
                        at,
                        r,
                        s,
                        inPlace ? b : packed,
                        inPlace ? bo + start * p.bRow() + q * width : from + (q - panel) * stride,
                        inPlace ? p.bRow() : width,
                        c,
                        co,
                        scratch);
            }
            Squares squares = beside.squares();
            if (squares != null) {
                squares.rows(p, i, top + 1, a, ao, scratch);
            }
        }
    }

    /** Six rows of A whose neighbours in k lie apart, brought together. */
    private static void together(int inner, int top, double[] a, int at, int rowStep, int step, double[] to) {
        int r1 = Math.min(1, top) * rowStep;
        int r2 = Math.min(2, top) * rowStep;
        int r3 = Math.min(3, top) * rowStep;
        int r4 = Math.min(4, top) * rowStep;
        int r5 = Math.min(5, top) * rowStep;
        int first = 0;
        if (rowStep == 1 && step > 0 && top == Tile.ROWS - 1 && VectorCopies.LANES > top) {
            // What a vector has beyond six numbers is overwritten by the next; none may reach beyond the end of A.
            first = Math.clamp(Math.floorDiv(a.length - VectorCopies.LANES - at, step) + 1, 0, inner);
            VectorCopies.stream(true, a, at, step, first, to, 0, Tile.ROWS);
        }
        int read = at + first * step;
        int write = first * Tile.ROWS;
        for (int k = first; k < inner; k++) {
            to[write] = a[read];
            to[write + 1] = a[read + r1];
            to[write + 2] = a[read + r2];
            to[write + 3] = a[read + r3];
            to[write + 4] = a[read + r4];
            to[write + 5] = a[read + r5];
            read += step;
            write += Tile.ROWS;
        }
    }

    /** One tile: rows i to i + top, columns from {@code column}, inner indices from {@code start}. */
    private static void tile(
            Product p,
            Beside beside,
            int i,
            int top,
            int column,
            int start,
            int inner,
            double[] a,
            int a0,
            int r,
            int s,
            double[] rows,
            int row,
            int step,
            double[] c,
            int co,
            Scratch scratch) {
        int left = p.n() - column;
        int width = left <= NarrowTile.COLUMNS ? NarrowTile.COLUMNS : Tile.COLUMNS;
        int columns = Math.min(width, left);
        // Rows beyond the last are computed on the last one again, into the scratch tile, and dropped.
        int a1 = a0 + Math.min(1, top) * r;
        int a2 = a0 + Math.min(2, top) * r;
        int a3 = a0 + Math.min(3, top) * r;
        int a4 = a0 + Math.min(4, top) * r;
        int a5 = a0 + Math.min(5, top) * r;
        int at = co + i * p.cRow() + column * p.cColumn();
        boolean adding = p.accumulate() || start > 0;
        Finish finish = beside.finish();
        ResultSquares results = beside.results();
        boolean whole = p.cColumn() == 1 && columns == Tile.COLUMNS && top == Tile.ROWS - 1;
        if (results != null && whole) {
            double[] from = adding ? c : Tile.ZEROS;
            int fo = adding ? at : 0;
            int fs = adding ? p.cRow() : width;
            int so = results.at(i);
            double[] sums = results.parts();
            SquaringTile.multiply(
                    1, inner, a, a0, a1, a2, a3, a4, a5, s, 0, rows, row, step, from, fo, fs, c, at, p.cRow(), sums,
                    so);
            return;
        }
        if (results != null) {
            tile(p, Beside.NONE, i, top, column, start, inner, a, a0, r, s, rows, row, step, c, co, scratch);
            results.add(p, i, i + top + 1, column, column + columns, c, co);
            return;
        }
        if (finish != null) {
            if (adding && whole) {
                FinishingTile.multiply(
                        1,
                        inner,
                        a,
                        a0,
                        a1,
                        a2,
                        a3,
                        a4,
                        a5,
                        s,
                        0,
                        rows,
                        row,
                        step,
                        c,
                        at,
                        p.cRow(),
                        finish.rows(),
                        finish.row() + i,
                        finish.columns(),
                        finish.column() + column);
            } else {
                tile(p, Beside.NONE, i, top, column, start, inner, a, a0, r, s, rows, row, step, c, co, scratch);
                finish.multiply(p, i, i + top + 1, column, column + columns, c, co);
            }
            return;
        }
        if (p.cColumn() == 1 && columns == width && (top == Tile.ROWS - 1 || top == Tile.FLAT - 1)) {
            double[] from = adding ? c : Tile.ZEROS;
            int fo = adding ? at : 0;
            int fs = adding ? p.cRow() : width;
            multiply(width, top, inner, a, a0, a1, a2, a3, a4, a5, s, rows, row, step, from, fo, fs, c, at, p.cRow());
            return;
        }
        double[] tile = scratch.f64(1, Tile.ROWS * width);
        double[] from = Tile.ZEROS;
        if (adding) {
            Edges.load(top + 1, columns, c, at, p.cRow(), p.cColumn(), tile, width);
            from = tile;
        }
        multiply(width, top, inner, a, a0, a1, a2, a3, a4, a5, s, rows, row, step, from, 0, width, tile, 0, width);
        Edges.store(top + 1, columns, tile, width, c, at, p.cRow(), p.cColumn());
    }

    /** The tile of some columns and of rows 0 to top. */
    private static void multiply(
            int width,
            int top,
            int inner,
            double[] a,
            int a0,
            int a1,
            int a2,
            int a3,
            int a4,
            int a5,
            int s,
            double[] rows,
            int row,
            int step,
            double[] from,
            int fo,
            int fs,
            double[] to,
            int o,
            int os) {
        boolean narrow = width < Tile.COLUMNS;
        if (top < Tile.FLAT && narrow) {
            FlatNarrowTile.multiply(1, inner, a, a0, a1, a2, a3, s, 0, rows, row, step, from, fo, fs, to, o, os);
        } else if (top < Tile.FLAT) {
            Tile.flat(1, inner, a, a0, a1, a2, a3, s, 0, rows, row, step, from, fo, fs, to, o, os);
        } else if (narrow) {
            NarrowTile.multiply(1, inner, a, a0, a1, a2, a3, a4, a5, s, 0, rows, row, step, from, fo, fs, to, o, os);
        } else {
            Tile.multiply(1, inner, a, a0, a1, a2, a3, a4, a5, s, 0, rows, row, step, from, fo, fs, to, o, os);
        }
    }
}
