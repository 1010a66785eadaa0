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
    /** Since a block has added few rows of many. */
    private boolean sieving;

    private boolean complete;
    private int drawn;

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
        for (int from = 0; from < patterns.count() && more; ) {
            int to = Math.min(patterns.count(), from + samplesAtOnce());
            Patterns part = patterns.range(from, to);
            more = add(part.points().residues(field), part.masks(), part.count());
            from = to;
        }
        return more;
    }

    /** How many samples it is best to add at a time now: those of a block, or as many as a sieve works on. */
    public int samplesAtOnce() {
        return sieving ? Math.max(samplesPerBlock(), rows.sievedAtOnce()) : samplesPerBlock();
    }

    /** How many samples make up a block of rows: few hundred rows at least, as products want them, if they are not too wide. */
    public int samplesPerBlock() {
        return samplesPerBlock(rows);
    }

    /** The same for any θ. */
    static int samplesPerBlock(JacobianRows rows) {
        long perSample = Math.max(1, (long) Math.max(1, rows.widest()) * rows.rowsPerSample());
        long enough = Math.min(SLAB / Math.max(1, rows.rowsPerSample()), 4L * CHUNK / perSample);
        return (int) Math.max(1, Math.min(4096, Math.max(enough, CHUNK / perSample)));
    }

    /** Adds rows at any inputs and masks, residues all. */
    public boolean add(List<Tensor> inputs, List<Tensor> masks, int count) {
        JacobianRows.Values values = new JacobianRows.Values(parameters, inputs, masks);
        int[] left = IntStream.range(0, count).toArray();
        while (left.length > 0 && !complete) {
            Optional<boolean[]> outside = Optional.empty();
            if (sieving) {
                JacobianRows.Values some = left.length == count ? values : rows.select(values, count, left);
                boolean[] now = rows.sieve().outside(orthogonal(), field, some, left.length);
                int[] chosen =
                        IntStream.range(0, left.length).filter(i -> any(now, i)).toArray();
                left = select(left, chosen);
                outside = Optional.of(rowsOf(now, chosen));
            }
            int done = 0;
            // As long as the rows chosen are of use, they need not be looked at again.
            boolean useful = true;
            while (done < left.length && !complete && useful) {
                int to = Math.min(left.length, done + samplesPerBlock());
                useful = add(values, count, Arrays.copyOfRange(left, done, to), outside, done);
                done = to;
            }
            left = Arrays.copyOfRange(left, done, left.length);
        }
        given += (long) count * rows.rowsPerSample();
        return !complete;
    }

    /**
     * Adds the rows of some samples, or those of them that are outside.
     *
     * @return whether half of them were of use, or rows are too short for sieves
     */
    private boolean add(JacobianRows.Values values, int count, int[] samples, Optional<boolean[]> outside, int at) {
        int perSample = rows.rowsPerSample();
        JacobianRows.Values some = samples.length == count ? values : rows.select(values, count, samples);
        int[] which = IntStream.range(0, samples.length * perSample)
                .filter(row -> outside.isEmpty() || outside.get()[at * perSample + row])
                .toArray();
        double[] block = rows.of(some, samples.length, Optional.of(field));
        closeUp(block, which);
        int before = space.rank();
        long already = space.rowsSeen();
        complete = !space.add(seen(block, which.length), which.length);
        remember(samples, which, (int) (space.rowsSeen() - already));
        boolean useful =
                rows.columns() < SIEVED_COLUMNS || space.rank() - before >= Math.min(space.columns(), which.length) / 2;
        sieving |= !useful;
        return useful;
    }

    /** A vector orthogonal to all rows so far. */
    private double[] orthogonal() {
        CounterRandom random = CounterRandom.seeded(field.p()).split("sieve").split(drawn++);
        double[] vector = space.nullVectors(random, 1);
        return beyond.map(b -> b.products().multiply(rows.columns(), 1, b.count(), b.orthogonal(), vector))
                .orElse(vector);
    }

    private boolean any(boolean[] outside, int sample) {
        boolean any = false;
        for (int r = 0; r < rows.rowsPerSample(); r++) {
            any |= outside[sample * rows.rowsPerSample() + r];
        }
        return any;
    }

    private boolean[] rowsOf(boolean[] all, int[] samples) {
        int perSample = rows.rowsPerSample();
        boolean[] out = new boolean[samples.length * perSample];
        for (int i = 0; i < samples.length; i++) {
            System.arraycopy(all, samples[i] * perSample, out, i * perSample, perSample);
        }
        return out;
    }

    private static int[] select(int[] from, int[] which) {
        return Arrays.stream(which).map(i -> from[i]).toArray();
    }

    /** Moves some rows to the beginning. */
    private void closeUp(double[] block, int[] which) {
        int columns = rows.columns();
        for (int i = 0; i < which.length; i++) {
            if (which[i] != i) {
                System.arraycopy(block, which[i] * columns, block, i * columns, columns);
            }
        }
    }

    /** Rows as the space sees them. */
    private double[] seen(double[] block, int count) {
        return beyond.map(b -> b.products().multiply(count, b.count(), rows.columns(), block, b.orthogonal()))
                .orElse(block);
    }

    /** Takes down which of all rows given these were, of which the space has taken the first ones. */
    private void remember(int[] samples, int[] which, int taken) {
        int perSample = rows.rowsPerSample();
        int at = (int) space.rowsSeen() - taken;
        if (at + taken > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(at + taken, 3 * numbers.length / 2));
        }
        for (int i = 0; i < taken; i++) {
            numbers[at + i] = given + (long) samples[which[i] / perSample] * perSample + which[i] % perSample;
        }
    }

    /** Rows at any inputs and masks. */
    public double[] block(List<Tensor> inputs, List<Tensor> masks, int count) {
        return rows.of(new JacobianRows.Values(parameters, inputs, masks), count, Optional.of(field));
    }
}
