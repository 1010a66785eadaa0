package org.quotient.autodiff.kernel.f64;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.BlasLibrary;
import org.quotient.autodiff.kernel.Factors;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.RowWise;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/** Batches of matrix products, each cut into blocks of rows and of columns. */
final class Products {
    /** Below this many multiplications and additions plain loops are as good and need no warming up. */
    private static final long SMALL = 2_000;

    /** Shards of large work: enough for the threads of a machine, large enough to be worth handing out. */
    private static final int SHARDS = 8;

    private static final long LEAST_SHARD = 1_000_000;

    /** Bytes that do not stay in the second-level cache of common machines. */
    private static final long LARGE = 1 << 20;

    /** Bytes that stay in the second-level cache besides what a product reads. */
    private static final long CHUNK = 1 << 18;

    /** Blocks of rows with passes after them: enough for some threads, few since each pass costs about a microsecond to begin. */
    private static final int LEAST = 4;

    private static final int MOST = 1 << 10;

    private Products() {}

    static List<Step> steps(Product given, Factors factors, Place a, Place b, Place c, Temporaries temporaries) {
        Product rows = given.cColumn() == 1 ? given : given.transposed();
        List<Step> scaling = Scaling.steps(rows, rows == given ? factors : factors.transposed(), c);
        List<Step> all = new ArrayList<>(factors.after() ? List.of() : scaling);
        if (BlasLibrary.inUse() && given.flops() / Math.max(1, given.batch()) >= SMALL && OpenBlas.takes(rows)) {
            Place left = rows == given ? a : b;
            Place right = rows == given ? b : a;
            all.add(new OpenBlas(
                    rows,
                    F64Kernels.array(left),
                    left.offset(),
                    F64Kernels.array(right),
                    right.offset(),
                    F64Kernels.array(c),
                    c.offset()));
            all.addAll(factors.after() ? scaling : List.of());
            return all;
        }
        Product p = oriented(given);
        boolean swapped = p != given;
        Finish finish = p.flops() < SMALL ? null : Finish.of(p, swapped ? factors.transposed() : factors);
        all.addAll(of(p, Beside.finishing(finish), swapped ? b : a, swapped ? a : b, c, temporaries));
        all.addAll(factors.after() && finish == null ? scaling : List.of());
        return all;
    }

    /** A product with sums of squares of an operand: on the way if the rows of that pass by once, else before. */
    static List<Step> steps(
            Product given, boolean left, Place a, Place b, Place c, Place squares, Temporaries temporaries) {
        boolean library = BlasLibrary.inUse()
                && given.flops() >= SMALL
                && OpenBlas.takes(given.cColumn() == 1 ? given : given.transposed());
        Product p = oriented(given);
        boolean swapped = p != given;
        if (library || left == swapped || p.flops() < SMALL || !Squares.fits(p)) {
            List<Step> all =
                    new ArrayList<>(Squares.alone(left ? given.m() : given.n(), given.k(), left ? a : b, squares));
            all.addAll(steps(given, Factors.NONE, a, b, c, temporaries));
            return all;
        }
        Squares way = new Squares(F64Kernels.array(squares), squares.offset());
        return of(p, Beside.reading(way), swapped ? b : a, swapped ? a : b, c, temporaries);
    }

    /** The product or its transpose, whichever the kernel does sooner. */
    private static Product oriented(Product p) {
        Product turned = p.transposed();
        return cycles(turned) < cycles(p) ? turned : p;
    }

    /** A rough number of cycles: what the tiles take, and bringing operands and result into order. */
    private static double /*wide*/ cycles(Product p) {
        int columns = Math.max(1, Tile.COLUMNS);
        double /*wide*/ tiles = Math.max(p.m() / (double /*wide*/) Tile.ROWS, Tile.FLAT / (double /*wide*/) Tile.ROWS)
                * Math.ceilDiv(p.n(), columns);
        double /*wide*/ packed = Block.readsInPlace(p, p.m()) ? 0 : p.bColumn() == 1 ? 0.25 : 1.5;
        double /*wide*/ stored = p.cColumn() == 1 ? 0 : p.accumulate() ? 3 : 1.5;
        return tiles * p.k() * 24 + packed * p.k() * p.n() + stored * p.m() * p.n();
    }

    /** A product and what is done with the rows of C then: block by block if it goes by rows, else one after the other. */
    static List<Step> steps(
            Product given,
            Factors factors,
            Place a,
            Place b,
            Place c,
            @Nullable Place squares,
            List<RowWise> passes,
            Temporaries temporaries) {
        Finish finish = given.flops() < SMALL ? null : Finish.of(given, factors);
        boolean inTiles = Tile.WIDE && finish == null && squares != null;
        List<Step> alone = squares == null || inTiles ? List.of() : Squares.alone(given.m(), given.n(), c, squares);
        boolean aside = !factors.isNone() && finish == null || !alone.stream().allMatch(Rows.class::isInstance);
        if (aside || !goesByRows(given, squares != null || !passes.isEmpty())) {
            List<Step> all = new ArrayList<>(steps(given, factors, a, b, c, temporaries));
            all.addAll(squares == null ? List.of() : Squares.alone(given.m(), given.n(), c, squares));
            passes.forEach(pass -> all.addAll(Chains.steps(pass.chain(), pass.in(), pass.out())));
            return all;
        }
        int wanted = (int) Math.clamp(bytes(given) / CHUNK, LEAST, MOST);
        int blocks = rowBlocks(given, wanted);
        List<Rows> then = new ArrayList<>();
        ResultSquares results = inTiles ? ResultSquares.of(given.m()) : null;
        if (results != null && squares != null) {
            then.add(results.totals(squares));
        }
        alone.forEach(step -> then.add((Rows) step));
        passes.forEach(pass -> then.add(Chains.rows(pass, blocks)));
        return of(given, new Beside(null, finish, results), 1, blocks, then, a, b, c, temporaries);
    }

    /**
     * Whether a shard takes whole rows of C, where something is done with them then or nothing.
     *
     * @param followed whether rows are summed or passed over then
     */
    static boolean goesByRows(Product p, boolean followed) {
        boolean library = BlasLibrary.inUse() && OpenBlas.takes(p);
        return Tile.COLUMNS > 0
                && !library
                && (followed ? mayGoByRows(p) && bytes(p) > CHUNK : isByRows(p))
                && oriented(p) == p;
    }

    private static int wanted(Product p) {
        return (int) Math.clamp(p.flops() / p.batch() / LEAST_SHARD, 1, SHARDS);
    }

    private static int panels(Product p) {
        return Math.ceilDiv(p.n(), Math.max(1, Tile.COLUMNS));
    }

    private static int rowBlocks(Product p, int wanted) {
        return Math.clamp(wanted, 1, Math.ceilDiv(p.m(), 4 * Tile.ROWS));
    }

    /**
     * Whether a shard takes whole rows of C: those that do not stay in the cache until the next columns come are passed over once.
     * Else, or where B in panels would be larger than C, a shard takes as few columns as may be, so that its part of B stays in the
     * first-level cache.
     */
    private static boolean isByRows(Product p) {
        return mayGoByRows(p) && bytes(p) > LARGE && rowBlocks(p, wanted(p)) == wanted(p);
    }

    private static boolean mayGoByRows(Product p) {
        return p.batch() == 1 && p.cColumn() == 1 && p.k() <= p.m() && p.flops() >= SMALL;
    }

    /** Of what the product makes. */
    private static long bytes(Product p) {
        return (long) p.batch() * p.m() * p.n() * Double.BYTES;
    }

    private static List<Step> of(Product p, Beside beside, Place a, Place b, Place c, Temporaries temporaries) {
        if (p.flops() / Math.max(1, p.batch()) < SMALL) {
            return List.of(new Small(
                    p,
                    F64Kernels.array(a),
                    a.offset(),
                    F64Kernels.array(b),
                    b.offset(),
                    F64Kernels.array(c),
                    c.offset()));
        }
        int columnBlocks = isByRows(p) ? 1 : Math.min(panels(p), wanted(p));
        int rowBlocks = rowBlocks(p, Math.ceilDiv(wanted(p), columnBlocks));
        return of(p, beside, columnBlocks, rowBlocks, List.of(), a, b, c, temporaries);
    }

    private static List<Step> of(
            Product p,
            Beside beside,
            int columnBlocks,
            int rowBlocks,
            List<Rows> then,
            Place a,
            Place b,
            Place c,
            Temporaries temporaries) {
        int columns = Math.max(1, Tile.COLUMNS);
        int panels = panels(p);
        // Blocks of rows share the panels of B: they are packed once, before.
        boolean shared = Tile.COLUMNS > 0 && p.batch() == 1 && rowBlocks > 1 && !Block.readsInPlace(p, p.m());
        Temporaries.Temporary packed = shared ? temporaries.request(0, Packing.START + panels * columns * p.k()) : null;
        Blocked multiply = new Blocked(
                p,
                beside,
                then,
                F64Kernels.array(a),
                a.offset(),
                F64Kernels.array(b),
                b.offset(),
                F64Kernels.array(c),
                c.offset(),
                panels,
                columnBlocks,
                rowBlocks,
                packed);
        return packed == null
                ? List.of(multiply)
                : List.of(new Pack(p, F64Kernels.array(b), b.offset(), panels, packed), multiply);
    }

    /** Brings B into panels; a shard takes some rows of one panel. */
    private record Pack(Product p, double[] b, int bo, int panels, Temporaries.Temporary packed) implements Step {
        private static final int ROWS = 256;

        @Override
        public int shards() {
            return panels * Math.ceilDiv(p.k(), ROWS);
        }

        @Override
        public void run(int shard, Scratch scratch) {
            int width = Tile.COLUMNS;
            int panel = shard % panels;
            int first = shard / panels * ROWS;
            Packing.rows(
                    Math.min(ROWS, p.k() - first),
                    Math.min(width, p.n() - panel * width),
                    b,
                    bo + first * p.bRow() + panel * width * p.bColumn(),
                    p.bRow(),
                    p.bColumn(),
                    (double) p.alpha(),
                    (double[]) packed.array(),
                    Packing.START + (panel * p.k() + first) * width,
                    width);
        }
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
                        p, 0, p.m(), p.n(), a, ao + q * p.aBatch(), b, bo + q * p.bBatch(), c, co + q * p.cBatch());
            }
        }
    }

    /**
     * Shard s is block (s mod columnBlocks) of panels and block (s / columnBlocks mod rowBlocks) of rows of one product; what is done
     * with rows then follows at once, and needs whole ones.
     */
    private record Blocked(
            Product p,
            Beside beside,
            List<Rows> then,
            double[] a,
            int ao,
            double[] b,
            int bo,
            double[] c,
            int co,
            int panels,
            int columnBlocks,
            int rowBlocks,
            Temporaries.@Nullable Temporary packed)
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
            multiply(q, firstRow, lastRow, columnBlock, scratch);
            for (int i = 0; i < then.size(); i++) {
                then.get(i).run(shard, firstRow, lastRow, scratch);
            }
        }

        private void multiply(int q, int firstRow, int lastRow, int columnBlock, Scratch scratch) {
            int firstPanel = panels * columnBlock / columnBlocks;
            int lastPanel = panels * (columnBlock + 1) / columnBlocks;
            int aAt = ao + q * p.aBatch();
            int bAt = bo + q * p.bBatch();
            int cAt = co + q * p.cBatch();
            ResultSquares results = beside.results();
            if (results != null) {
                results.begin(firstRow, lastRow);
            }
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
                        cAt + from * p.cColumn());
                Squares squares = beside.squares();
                if (columnBlock == 0 && squares != null) {
                    squares.rows(p, firstRow, lastRow - firstRow, a, aAt, scratch);
                }
                Finish finish = beside.finish();
                if (finish != null) {
                    finish.multiply(p, firstRow, lastRow, from, to, c, cAt);
                }
                if (results != null) {
                    results.add(p, firstRow, lastRow, from, to, c, cAt);
                }
                return;
            }
            Beside here = columnBlock == 0 ? beside : beside.withoutSquares();
            if (packed != null) {
                Block.packed(
                        p,
                        here,
                        firstPanel,
                        lastPanel,
                        firstRow,
                        lastRow,
                        a,
                        aAt,
                        (double[]) packed.array(),
                        c,
                        cAt,
                        scratch);
                return;
            }
            Block.multiply(p, here, firstPanel, lastPanel, firstRow, lastRow, a, aAt, b, bAt, c, cAt, scratch);
        }
    }
}
