package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/** Batches of matrix products, each cut into blocks of rows and of columns. */
final class Products {
    /** Below this many multiplications and additions plain loops are as good and need no warming up. */
    private static final long SMALL = 30_000;

    /** Shards of large work: enough for the threads of a machine, large enough to be worth handing out. */
    private static final int SHARDS = 8;

    private static final long LEAST_SHARD = 1_000_000;

    private Products() {}

    static List<Step> steps(Product given, Place a, Place b, Place c) {
        Product p = oriented(given);
        boolean swapped = p != given;
        return List.of(of(p, swapped ? b : a, swapped ? a : b, c));
    }

    /** The product or its transpose, whichever fills the register tile better; at equality with contiguous rows of C. */
    private static Product oriented(Product p) {
        Product turned = p.transposed();
        double /*wide*/ straight = filling(p);
        double /*wide*/ other = filling(turned);
        if (p.cColumn() == 1 || turned.cColumn() != 1) {
            return other > straight * 1.3 ? turned : p;
        }
        return straight > other * 1.3 ? p : turned;
    }

    private static double /*wide*/ filling(Product p) {
        int columns = Math.max(1, Tile.COLUMNS);
        return filled(p.m(), Tile.ROWS) * filled(p.n(), columns);
    }

    private static double /*wide*/ filled(int size, int tile) {
        return (double /*wide*/) size / (Math.ceilDiv(Math.max(1, size), tile) * tile);
    }

    private static Step of(Product p, Place a, Place b, Place c) {
        if (p.flops() / Math.max(1, p.batch()) < SMALL) {
            return new Small(
                    p,
                    F64Kernels.array(a),
                    a.offset(),
                    F64Kernels.array(b),
                    b.offset(),
                    F64Kernels.array(c),
                    c.offset());
        }
        int columns = Math.max(1, Tile.COLUMNS);
        int panels = Math.ceilDiv(p.n(), columns);
        int wanted = (int) Math.clamp(p.flops() / p.batch() / LEAST_SHARD, 1, SHARDS);
        int columnBlocks = Math.min(panels, wanted);
        int rowBlocks = Math.clamp(Math.ceilDiv(wanted, columnBlocks), 1, Math.ceilDiv(p.m(), 4 * Tile.ROWS));
        return new Blocked(
                p,
                F64Kernels.array(a),
                a.offset(),
                F64Kernels.array(b),
                b.offset(),
                F64Kernels.array(c),
                c.offset(),
                panels,
                columnBlocks,
                rowBlocks);
    }

    /** Small products in plain loops, all in one shard where they are tiny. */
    private record Small(Product p, double[] a, int ao, double[] b, int bo, double[] c, int co) implements Step {
        @Override
        public int shards() {
            return (int) Math.clamp(p.flops() / LEAST_SHARD, 1, Math.max(1, Math.min(p.batch(), SHARDS)));
        }

        @Override
        public void run(int shard, Scratch scratch) {
            int shards = shards();
            int last = (int) ((long) p.batch() * (shard + 1) / shards);
            for (int q = (int) ((long) p.batch() * shard / shards); q < last; q++) {
                PlainProducts.multiply(
                        p,
                        0,
                        p.m(),
                        p.n(),
                        a,
                        ao + q * p.aBatch(),
                        b,
                        bo + q * p.bBatch(),
                        c,
                        co + q * p.cBatch(),
                        scratch);
            }
        }
    }

    /** Shard s is block (s mod columnBlocks) of panels and block (s / columnBlocks mod rowBlocks) of rows of one product. */
    private record Blocked(
            Product p,
            double[] a,
            int ao,
            double[] b,
            int bo,
            double[] c,
            int co,
            int panels,
            int columnBlocks,
            int rowBlocks)
            implements Step {
        @Override
        public int shards() {
            return p.batch() * columnBlocks * rowBlocks;
        }

        @Override
        public void run(int shard, Scratch scratch) {
            int columnBlock = shard % columnBlocks;
            int rowBlock = shard / columnBlocks % rowBlocks;
            int q = shard / (columnBlocks * rowBlocks);
            int tiles = Math.ceilDiv(p.m(), Tile.ROWS);
            int firstRow = tiles * rowBlock / rowBlocks * Tile.ROWS;
            int lastRow = Math.min(p.m(), tiles * (rowBlock + 1) / rowBlocks * Tile.ROWS);
            int firstPanel = panels * columnBlock / columnBlocks;
            int lastPanel = panels * (columnBlock + 1) / columnBlocks;
            int aAt = ao + q * p.aBatch();
            int bAt = bo + q * p.bBatch();
            int cAt = co + q * p.cBatch();
            if (!Tile.ready(p.flops() / shards())) {
                int width = Math.max(1, Tile.COLUMNS);
                int from = firstPanel * width;
                int to = Math.min(p.n(), lastPanel * width);
                PlainProducts.multiply(
                        p,
                        firstRow,
                        lastRow,
                        to - from,
                        a,
                        aAt,
                        b,
                        bAt + from * p.bColumn(),
                        c,
                        cAt + from * p.cColumn(),
                        scratch);
                return;
            }
            for (int panel = firstPanel; panel < lastPanel; panel++) {
                Panel.multiply(p, panel, firstRow, lastRow, a, aAt, b, bAt, c, cAt, scratch);
            }
        }
    }
}
