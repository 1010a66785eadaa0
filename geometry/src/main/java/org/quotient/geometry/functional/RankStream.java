package org.quotient.geometry.functional;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.RowSpace;
import org.quotient.geometry.functional.pattern.Patterns;

/** The rank of a growing Jacobian modulo one prime: rows are made, eliminated and forgotten. */
final class RankStream {
    /** Numbers in a block of rows. */
    static final int CHUNK = 1 << 21;

    private final Subject subject;
    private final Numbers.PrimeField field;
    private final RowSpace space;
    private final Map<String, Tensor> parameters;

    RankStream(Subject subject, Numbers.PrimeField field, int bound) {
        this.subject = subject;
        this.field = field;
        this.space = new RowSpace(field, subject.rows().columns(), bound);
        this.parameters = subject.residues(field);
    }

    Numbers.PrimeField field() {
        return field;
    }

    RowSpace space() {
        return space;
    }

    int rank() {
        return space.rank();
    }

    /**
     * Adds the rows of points.
     *
     * @return whether more are of use
     */
    boolean add(Patterns patterns) {
        boolean more = true;
        int step = samplesPerBlock();
        for (int from = 0; from < patterns.count() && more; from += step) {
            Patterns part = patterns.range(from, Math.min(patterns.count(), from + step));
            more = add(parameters, part.points().residues(field), part.masks(), part.count());
        }
        return more;
    }

    /** How many samples make up a block of rows. */
    int samplesPerBlock() {
        long perSample =
                (long) Math.max(1, subject.rows().columns()) * subject.rows().rowsPerSample();
        return (int) Math.max(1, Math.min(4096, CHUNK / Math.max(1, perSample)));
    }

    /** Adds rows at any values, residues all. */
    boolean add(Map<String, Tensor> theta, List<Tensor> inputs, List<Tensor> masks, int count) {
        double[] rows = subject.rows().of(new JacobianRows.Values(theta, inputs, masks), count, Optional.of(field));
        return space.add(rows, count * subject.rows().rowsPerSample());
    }
}
