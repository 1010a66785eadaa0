package org.quotient.geometry.functional.jacobian;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.Echelon;
import org.quotient.autodiff.field.FieldProducts;
import org.quotient.autodiff.field.RowSpace;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.Patterns;

/**
 * The rank of a Jacobian over whole linear regions, by elimination point by point: see {@link Border}. The rows of one unit vector, with
 * the masks of several regions, are eliminated on the few columns that this point has for itself; what is left of them are rows of
 * the border, whose rank is that of a matrix of few columns. The ranks of all these add up.
 *
 * <p>Why this is a lower bound: in the network's masked form a row at any x with the masks of a region is a combination of rows
 * at points inside that region, since rows are affine in x there. So all rows here lie in the span of the Jacobian at
 * points, over the rationals; and modulo a prime the rank is no larger.
 */
public final class BorderedRank {
    private final JacobianRows rows;
    private final Map<String, Tensor> parameters;
    private final Numbers.PrimeField field;
    private final Border border;
    private final int[] shared;
    private final int[][] local;
    private final RowSpace space;
    private final int[] localRank;
    /** For each point the regions that its own columns are eliminated with. */
    private final List<Masks> base = new ArrayList<>();

    private final List<Kink> kinks;
    private final FieldProducts products;

    /**
     * No rows yet.
     *
     * @param subject the network at θ
     * @param field the arithmetic
     * @param border the shape
     */
    public BorderedRank(Subject subject, Numbers.PrimeField field, Border border) {
        this.rows = subject.rows();
        this.kinks = subject.masked().kinks();
        this.products = new FieldProducts(field);
        this.parameters = subject.residues(field);
        this.field = field;
        this.border = border;
        int[] groups = border.groupOf();
        this.shared = java.util.stream.IntStream.range(0, groups.length)
                .filter(j -> groups[j] < 0)
                .toArray();
        this.local = new int[border.count()][];
        int[] sizes = new int[border.count()];
        Arrays.stream(groups).filter(g -> g >= 0).forEach(g -> sizes[g]++);
        for (int g = 0; g < local.length; g++) {
            local[g] = new int[sizes[g]];
        }
        for (int j = groups.length - 1; j >= 0; j--) {
            if (groups[j] >= 0) {
                local[groups[j]][--sizes[groups[j]]] = j;
            }
        }
        this.space = new RowSpace(field, shared.length);
        this.localRank = new int[border.count()];
        for (int g = 0; g < border.count(); g++) {
            base.add(new Masks(List.of(), 0));
        }
    }

    /** The rank so far. */
    public int rank() {
        return Arrays.stream(localRank).sum() + space.rank();
    }

    /** How many columns are eliminated together: those that several points share. */
    public int borderColumns() {
        return shared.length;
    }

    /** How many bytes the search needs at most, beside the regions. */
    public long bytes() {
        long samples = 2L * regionsPerPoint();
        long own = (long) border.widest() + shared.length;
        long made = samples * rows.rowsPerSample();
        return RowSpace.bytes(shared.length, shared.length, made)
                + rows.bytes(samples)
                + RowSpace.bytes(own, Math.min(own, made), made)
                + 3 * Double.BYTES * made * own;
    }

    /** How many regions a point needs for its own columns, and a few more. */
    public int regionsPerPoint() {
        int most = Arrays.stream(local).mapToInt(c -> c.length).max().orElse(0);
        return 2 + Math.ceilDiv(most + most / 4, rows.rowsPerSample());
    }

    /**
     * Adds the rows of some regions at every point; the points take turns in which of them they use.
     *
     * @param regions one point inside each
     * @param perPoint how many regions each point uses, or as many as there are
     */
    public void add(Patterns regions, int perPoint) {
        int use = Math.min(perPoint, regions.count());
        for (int g = 0; g < border.count() && use > 0; g++) {
            int[] which = turn(g, use, regions.count());
            Masks all = joined(base.get(g), new Masks(regions.select(which).masks(), use));
            Echelon echelon = echelon(g, all);
            int[] pivots = echelon.pivotColumns();
            int own = 0;
            while (own < pivots.length && pivots[own] < local[g].length) {
                own++;
            }
            if (own > localRank[g] || base.get(g).count() == 0) {
                localRank[g] = own;
                base.set(g, needed(g, all));
            }
            if (pivots.length > own) {
                double[] form = echelon.reducedForm();
                double[] rest = new double[(pivots.length - own) * shared.length];
                for (int i = own; i < pivots.length; i++) {
                    System.arraycopy(
                            form,
                            i * echelon.columns() + local[g].length,
                            rest,
                            (i - own) * shared.length,
                            shared.length);
                }
                space.add(rest, pivots.length - own);
            }
        }
    }

    private static int[] turn(int g, int use, int count) {
        int[] which = new int[use];
        for (int i = 0; i < use; i++) {
            which[i] = (int) (((long) g * use + i) % count);
        }
        return which;
    }

    /** The rows of some regions at one point, eliminated on its own columns and then the border's. */
    private Echelon echelon(int g, Masks regions) {
        int count = regions.count();
        JacobianRows.Values values = new JacobianRows.Values(parameters, border.repeated(g, count), regions.masks());
        double[] all = rows.of(values, count, Optional.of(field));
        int columns = rows.columns();
        int width = local[g].length + shared.length;
        double[] some = new double[count * rows.rowsPerSample() * width];
        int kept = 0;
        for (int from = 0; from < all.length; from += columns) {
            if (isClean(all, from, g)) {
                gather(all, from, local[g], some, kept * width);
                gather(all, from, shared, some, kept * width + local[g].length);
                kept++;
            }
        }
        return Echelon.of(field, kept, width, some);
    }

    /** Of some regions those that are enough for the own columns of a point. */
    private Masks needed(int g, Masks regions) {
        int own = local[g].length;
        int perSample = rows.rowsPerSample();
        double[] all = rows.of(
                new JacobianRows.Values(parameters, border.repeated(g, regions.count()), regions.masks()),
                regions.count(),
                Optional.of(field));
        double[] some = new double[regions.count() * perSample * own];
        for (int i = 0; i < regions.count() * perSample; i++) {
            if (isClean(all, i * rows.columns(), g)) {
                gather(all, i * rows.columns(), local[g], some, i * own);
            }
        }
        int[] which = Arrays.stream(Echelon.of(field, regions.count() * perSample, own, some)
                        .pivotRows())
                .mapToInt(row -> (int) (row / perSample))
                .distinct()
                .toArray();
        int[] kept = which.length == 0 ? new int[1] : which;
        List<Tensor> masks = new ArrayList<>();
        for (int k = 0; k < kinks.size(); k++) {
            Tensor mask = regions.masks().get(k);
            masks.add(kinks.get(k).perSample() ? JacobianRows.rowsOf(mask, regions.count(), kept) : mask);
        }
        return new Masks(masks, kept.length);
    }

    /** Whether a row is 0 at the columns of all other points; one that is not would spoil the shape, and is left out. */
    private boolean isClean(double[] all, int from, int g) {
        int[] groups = border.groupOf();
        for (int j = 0; j < groups.length; j++) {
            if (all[from + j] != 0 && groups[j] >= 0 && groups[j] != g) {
                return false;
            }
        }
        return true;
    }

    private static void gather(double[] from, int row, int[] which, double[] to, int at) {
        for (int j = 0; j < which.length; j++) {
            to[at + j] = from[row + which[j]];
        }
    }

    /** Entries on the border continued to the own columns, those that are not determined at random: columns × count. */
    private double[] extended(double[] atBorder, int count, CounterRandom free) {
        double[] out = new double[rows.columns() * count];
        for (int j = 0; j < shared.length; j++) {
            System.arraycopy(atBorder, j * count, out, shared[j] * count, count);
        }
        for (int g = 0; g < local.length; g++) {
            int own = local[g].length;
            if (own == 0) {
                continue;
            }
            Masks regions = base.get(g);
            Echelon echelon = regions.count() == 0
                    ? Echelon.of(field, 0, own + shared.length, new double[0])
                    : echelon(g, regions);
            int[] pivots =
                    Arrays.stream(echelon.pivotColumns()).filter(j -> j < own).toArray();
            boolean[] pivot = new boolean[own];
            Arrays.stream(pivots).forEach(j -> pivot[j] = true);
            // All entries of the vectors, 0 at the pivots.
            double[] known = new double[(own + shared.length) * count];
            for (int j = 0; j < own; j++) {
                for (int c = 0; c < count && !pivot[j]; c++) {
                    known[j * count + c] = free.below((long) local[g][j] * count + c, field.p());
                }
                System.arraycopy(known, j * count, out, local[g][j] * count, count);
            }
            System.arraycopy(atBorder, 0, known, own * count, atBorder.length);
            double[] sums = products.multiply(pivots.length, count, own + shared.length, echelon.reducedForm(), known);
            for (int i = 0; i < pivots.length; i++) {
                for (int c = 0; c < count; c++) {
                    double sum = sums[i * count + c];
                    out[local[g][pivots[i]] * count + c] = sum == 0 ? 0 : field.p() - sum;
                }
            }
        }
        return out;
    }

    /**
     * Random vectors that are orthogonal to all rows so far.
     *
     * @param random decides which
     * @param count how many
     * @return columns × count
     */
    public double[] nullVectors(CounterRandom random, int count) {
        return extended(space.nullVectors(random.split("border"), count), count, random.split("own"));
    }

    /**
     * Goes on from the rows so far with any other rows.
     *
     * @param subject the network at θ
     */
    public RankStream further(Subject subject) {
        int found = rank();
        CounterRandom random = CounterRandom.seeded(field.p()).split("complement");
        // As many random vectors as the complement has dimensions are a basis of it, up to a chance of 1/p.
        return new RankStream(subject, field, nullVectors(random, rows.columns() - found), found);
    }

    /**
     * Which regions have rows, at a random point of the input space, that are outside of the space of the rows so far; each with a
     * chance of 1/p to be missed.
     *
     * @param vector orthogonal to all rows so far, of {@link #nullVectors}
     * @param random decides about the points
     * @param regions one point inside each
     */
    public boolean[] outside(double[] vector, CounterRandom random, Patterns regions) {
        boolean[] outside = new boolean[regions.count()];
        Shape shape = border.points().get(0).shape();
        int size = border.points().get(0).size() / border.count();
        int step = rows.sievedAtOnce();
        for (int from = 0; from < outside.length; from += step) {
            Patterns part = regions.range(from, Math.min(outside.length, from + step));
            double[] x = new double[part.count() * size];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.below((long) from * size + i, field.p());
            }
            int[] sizes = shape.sizes();
            sizes[0] = part.count();
            JacobianRows.Values values =
                    new JacobianRows.Values(parameters, List.of(Tensor.of(Shape.of(sizes), x)), part.masks());
            boolean[] some = rows.sieve().outside(vector, field, values, part.count());
            for (int i = 0; i < some.length; i++) {
                outside[from + i / rows.rowsPerSample()] |= some[i];
            }
        }
        return outside;
    }

    /** What a frozen polynomial needs to know of some regions. */
    private record Masks(List<Tensor> masks, int count) {}

    private Masks joined(Masks a, Masks b) {
        List<Tensor> masks = new ArrayList<>();
        for (int k = 0; k < b.masks().size(); k++) {
            boolean one = a.count() == 0 || !kinks.get(k).perSample();
            masks.add(
                    one ? b.masks().get(k) : joined(a.masks().get(k), b.masks().get(k)));
        }
        return new Masks(masks, a.count() + b.count());
    }

    private static Tensor joined(Tensor a, Tensor b) {
        int[] sizes = a.shape().sizes();
        sizes[0] += b.shape().size(0);
        double[] all = Arrays.copyOf(a.data(), a.size() + b.size());
        System.arraycopy(b.data(), 0, all, a.size(), b.size());
        return Tensor.of(Shape.of(sizes), all);
    }
}
