package org.quotient.geometry.functional.jacobian;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.FieldProducts;
import org.quotient.autodiff.field.RowSpace;
import org.quotient.geometry.functional.pattern.Patterns;

/**
 * The rank of a growing Jacobian modulo one prime: rows are made, eliminated and forgotten. When blocks begin to add little, samples
 * whose rows lie in the space already are found by a {@link Sieve} and passed over.
 */
public final class RankStream {
    /** Numbers in a block of rows. */
    public static final int CHUNK = 1 << 21;

    /** Rows that a space takes in together. */
    private static final int SLAB = 256;

    /** Below so many columns rows are as cheap as their sieve. */
    private static final int SIEVED_COLUMNS = 300;

    private final JacobianRows rows;
    private final Numbers.PrimeField field;
    private final RowSpace space;
    private final Map<String, Tensor> parameters;
    private final Optional<Beyond> beyond;
    /** For each row that the space has seen, its number among all rows given. */
    private long[] numbers = new long[0];

    private long given;
    private boolean idle;

    /** At the subject's θ. */
    public RankStream(Subject subject, Numbers.PrimeField field, int bound) {
        this(subject.rows(), subject.residues(field), field, bound);
    }

    /** At any θ, residues by name. */
    public RankStream(JacobianRows rows, Map<String, Tensor> parameters, Numbers.PrimeField field, int bound) {
        this.rows = rows;
        this.field = field;
        this.space = new RowSpace(field, rows.columns(), bound);
        this.parameters = parameters;
        this.beyond = Optional.empty();
    }

    /** A space that is known by vectors that span all that is orthogonal to it. */
    private record Beyond(FieldProducts products, double[] orthogonal, int count, int rank) {}

    /**
     * Counts what rows add to a space that is known already.
     *
     * @param subject the network at θ
     * @param orthogonal columns × (columns − rank) residues: a basis of the vectors that are orthogonal to the space
     * @param rank of the space
     */
    public RankStream(Subject subject, Numbers.PrimeField field, double[] orthogonal, int rank) {
        this.rows = subject.rows();
        this.field = field;
        int count = rows.columns() - rank;
        this.space = new RowSpace(field, count);
        this.parameters = subject.residues(field);
        this.beyond = Optional.of(new Beyond(new FieldProducts(field), orthogonal, count, rank));
    }

    /** The field. */
    public Numbers.PrimeField field() {
        return field;
    }

    /** The rank of the rows so far. */
    public int rank() {
        return beyond.map(Beyond::rank).orElse(0) + space.rank();
    }

    /** How many rows have been given, those passed over included. */
    public long rowsGiven() {
        return given;
    }

    /** The numbers, from 0, of rows given that are independent; increasing, as many as the rank. */
    public long[] pivotRows() {
        return Arrays.stream(space.pivotRows()).map(row -> numbers[(int) row]).toArray();
    }

    /**
     * Adds the rows of points.
     *
     * @return whether more are of use
     */
    public boolean add(Patterns patterns) {
        boolean more = true;
        int step = idle ? sievedPerBlock() : samplesPerBlock();
        for (int from = 0; from < patterns.count() && more; ) {
            int to = Math.min(patterns.count(), from + step);
            Patterns part = patterns.range(from, to);
            more = add(part.points().residues(field), part.masks(), part.count());
            from = to;
            step = idle ? sievedPerBlock() : samplesPerBlock();
        }
        return more;
    }

    /** How many samples make up a block of rows: few hundred rows at least, as products want them, if they are not too wide. */
    public int samplesPerBlock() {
        long perSample = Math.max(1, (long) Math.max(1, rows.widest()) * rows.rowsPerSample());
        long enough = Math.min(Math.ceilDiv(SLAB, Math.max(1, rows.rowsPerSample())), 4L * CHUNK / perSample);
        return (int) Math.max(1, Math.min(4096, Math.max(enough, CHUNK / perSample)));
    }

    /** A sieve works on more samples at a time: it makes no rows. */
    private int sievedPerBlock() {
        return rows.columns() < SIEVED_COLUMNS ? samplesPerBlock() : Math.max(samplesPerBlock(), rows.sievedAtOnce());
    }

    /** Adds rows at any inputs and masks, residues all. */
    public boolean add(List<Tensor> inputs, List<Tensor> masks, int count) {
        JacobianRows.Values values = new JacobianRows.Values(parameters, inputs, masks);
        int perSample = rows.rowsPerSample();
        int[] chosen = IntStream.range(0, count).toArray();
        if (idle && count > 0 && beyond.isEmpty() && rows.columns() >= SIEVED_COLUMNS) {
            CounterRandom random =
                    CounterRandom.seeded(field.p()).split("sieve").split(given);
            boolean[] outside = rows.sieve().outside(space, random, values, count);
            chosen = IntStream.range(0, count).filter(i -> outside[i]).toArray();
        }
        boolean more = true;
        int step = samplesPerBlock();
        int before = space.rank();
        for (int from = 0; from < chosen.length && more; from += step) {
            int[] part = Arrays.copyOfRange(chosen, from, Math.min(chosen.length, from + step));
            JacobianRows.Values some = part.length == count ? values : rows.select(values, count, part);
            long already = space.rowsSeen();
            more = space.add(seen(rows.of(some, part.length, Optional.of(field))), part.length * perSample);
            remember(part, (int) (space.rowsSeen() - already));
        }
        given += (long) count * perSample;
        idle = count > 0 && space.rank() - before < Math.min(space.columns(), count * perSample) / 2;
        return more;
    }

    /** Rows as the space sees them. */
    private double[] seen(double[] block) {
        return beyond.map(b -> b.products()
                        .multiply(block.length / rows.columns(), b.count(), rows.columns(), block, b.orthogonal()))
                .orElse(block);
    }

    private void remember(int[] samples, int taken) {
        int perSample = rows.rowsPerSample();
        int at = (int) space.rowsSeen() - taken;
        if (at + taken > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(at + taken, 3 * numbers.length / 2));
        }
        for (int i = 0; i < taken; i++) {
            numbers[at + i] = given + (long) samples[i / perSample] * perSample + i % perSample;
        }
    }

    /** Rows at any inputs and masks. */
    public double[] block(List<Tensor> inputs, List<Tensor> masks, int count) {
        return rows.of(new JacobianRows.Values(parameters, inputs, masks), count, Optional.of(field));
    }
}
