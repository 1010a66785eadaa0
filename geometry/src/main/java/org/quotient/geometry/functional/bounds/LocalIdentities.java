package org.quotient.geometry.functional.bounds;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.field.RowSpace;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.functional.jacobian.JacobianRows;
import org.quotient.geometry.functional.jacobian.Primes;
import org.quotient.geometry.functional.jacobian.RankStream;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Degrees;

/**
 * An upper bound of the rank for networks too large to eliminate twice: null vectors that can be found in parts of the columns, and the
 * rescalings on the rest.
 *
 * <p>Let Z be the columns that are 0 at random parameters, inputs and masks (weights of inputs that are always 0, for one). Let
 * S_1, S_2, ... be disjoint sets of other columns, those of parameters that act together linearly (see {@link LinearNeighbours}; of
 * the largest ones those that belong to input coordinates which are constant or depend on each other, see {@link InputParts}), and k_i
 * = |S_i| − rank of these columns at random values: so many null vectors live on S_i alone. Let W be the union of the S_i with k_i &gt; 0.
 * The vertical vectors diag(θ)·B are null vectors too, and those that are independent outside of Z ∪ W are independent of the
 * former. So rank J ≤ live − |Z| − Σ k_i − rank of B on the columns outside of Z ∪ W. (At random θ; for special θ by
 * semicontinuity, as in {@link SpanBound}, whose probabilities of error apply with the small ranks of the parts.)
 *
 * @param upper the bound
 * @param zeroColumns |Z|
 * @param local Σ k_i
 * @param vertical the rank of B outside
 * @param error a bound of the probability that the bound is too low
 */
public record LocalIdentities(int upper, int zeroColumns, int local, int vertical, double error) {
    /** Parts with more columns than that are left to the rescalings. */
    private static final int LARGEST_PART = 3000;

    private static final int PROBES = 24;

    /**
     * The bound.
     *
     * @param subject the network; θ does not matter
     * @param group its rescalings
     * @param support where the inputs lie
     */
    public static LocalIdentities of(Subject subject, RescalingGroup group, Support support) {
        Numbers.PrimeField field = Primes.largest(1).get(0);
        double degree = Degrees.ofJacobian(subject.masked());
        BitSet zero = zeroColumns(subject, support, field);
        double error = subject.rows().columns() * Math.pow(degree / field.p(), PROBES);
        BitSet outside = (BitSet) subject.live().clone();
        outside.andNot(zero);
        int local = 0;
        for (List<Integer> part : LinearNeighbours.of(subject.masked())) {
            BitSet columns = columns(subject, part);
            columns.and(subject.live());
            columns.andNot(zero);
            for (BitSet some : columns.cardinality() <= LARGEST_PART
                    ? List.of(columns)
                    : InputParts.of(subject, support, columns)) {
                if (some.isEmpty() || some.cardinality() > LARGEST_PART) {
                    continue;
                }
                JacobianRows rows = new JacobianRows(subject.masked(), some);
                SpanBound span = SpanBound.generic(subject.masked(), rows, support, Map.of(), 3, some.cardinality());
                int lost = some.cardinality() - span.rank();
                if (lost > 0) {
                    local += lost;
                    error += span.error();
                    outside.andNot(some);
                }
            }
        }
        int vertical = rank(group, outside, field);
        int upper = subject.live().cardinality() - zero.cardinality() - local - vertical;
        return new LocalIdentities(upper, zero.cardinality(), local, vertical, Math.min(1, error));
    }

    /** The columns that are 0 at random values. */
    private static BitSet zeroColumns(Subject subject, Support support, Numbers.PrimeField field) {
        CounterRandom random = CounterRandom.seeded(field.p()).split("zero columns");
        RandomValues draw = new RandomValues(subject.masked(), support, field, random);
        RankStream stream = new RankStream(subject.rows(), draw.theta(Map.of()), field, 0);
        int[] elements = subject.rows().elements();
        BitSet zero = (BitSet) subject.live().clone();
        List<org.quotient.autodiff.Tensor> shared = draw.sharedMasks();
        int step = Math.min(PROBES, stream.samplesPerBlock());
        for (int done = 0; done < PROBES; done += step) {
            CounterRandom here = random.split(done);
            double[] block = stream.block(draw.inputs(here, step), draw.masks(here, step, shared), step);
            for (int i = 0; i < block.length; i++) {
                if (block[i] != 0) {
                    zero.clear(elements[i % elements.length]);
                }
            }
        }
        return zero;
    }

    private static BitSet columns(Subject subject, List<Integer> parameters) {
        BitSet columns = new BitSet();
        int offset = 0;
        for (int k = 0; k < subject.masked().parameters().size(); k++) {
            Expr parameter = subject.masked().parameters().get(k);
            int size = parameter.shape().elements();
            if (parameters.contains(k)) {
                columns.set(offset, offset + size);
            }
            offset += size;
        }
        return columns;
    }

    /** The rank of B on some rows. */
    private static int rank(RescalingGroup group, BitSet elements, Numbers.PrimeField field) {
        Map<Map<Integer, Long>, Boolean> seen = new HashMap<>();
        RowSpace space = new RowSpace(field, group.rank());
        List<Map<Integer, Long>> rows = new ArrayList<>();
        for (int e = elements.nextSetBit(0); e >= 0; e = elements.nextSetBit(e + 1)) {
            Map<Integer, Long> row = group.row(e);
            if (!row.isEmpty() && seen.put(row, true) == null) {
                rows.add(row);
            }
        }
        for (Map<Integer, Long> row : rows) {
            double[] values = new double[group.rank()];
            row.forEach((generator, power) -> values[generator] = Math.floorMod(power, (long) field.p()));
            if (!space.add(values, 1)) {
                break;
            }
        }
        return space.rank();
    }
}
