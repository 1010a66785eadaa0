package org.quotient.geometry.functional.jacobian;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.RowSpace;
import org.quotient.geometry.functional.pattern.Patterns;

/** The rank of a growing Jacobian modulo one prime: rows are made, eliminated and forgotten. */
public final class RankStream {
    /** Numbers in a block of rows. */
    public static final int CHUNK = 1 << 21;

    private final JacobianRows rows;
    private final Numbers.PrimeField field;
    private final RowSpace space;
    private final Map<String, Tensor> parameters;

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
    }

    /** The field. */
    public Numbers.PrimeField field() {
        return field;
    }

    /** The space of the rows so far. */
    public RowSpace space() {
        return space;
    }

    /** The rank of the rows so far. */
    public int rank() {
        return space.rank();
    }

    /**
     * Adds the rows of points.
     *
     * @return whether more are of use
     */
    public boolean add(Patterns patterns) {
        boolean more = true;
        int step = samplesPerBlock();
        for (int from = 0; from < patterns.count() && more; from += step) {
            Patterns part = patterns.range(from, Math.min(patterns.count(), from + step));
            more = add(part.points().residues(field), part.masks(), part.count());
        }
        return more;
    }

    /** How many samples make up a block of rows. */
    public int samplesPerBlock() {
        long perSample = (long) Math.max(1, rows.columns()) * rows.rowsPerSample();
        return (int) Math.max(1, Math.min(4096, CHUNK / Math.max(1, perSample)));
    }

    /** Adds rows at any inputs and masks, residues all. */
    public boolean add(List<Tensor> inputs, List<Tensor> masks, int count) {
        return space.add(block(inputs, masks, count), count * rows.rowsPerSample());
    }

    /** Rows at any inputs and masks. */
    public double[] block(List<Tensor> inputs, List<Tensor> masks, int count) {
        return rows.of(new JacobianRows.Values(parameters, inputs, masks), count, Optional.of(field));
    }
}
