package org.quotient.geometry.criteria;

import java.util.Arrays;
import java.util.List;
import org.quotient.geometry.Rescaling;

/**
 * The minimiser of an orbit criterion, with its certificate.
 *
 * @param criterion what was minimised
 * @param z the log-scales that were chosen, one per generator, within the cap
 * @param before the criterion's value at z = 0
 * @param after its value at z
 * @param gap a bound of F(z*) − min F for the point z* without a cap, from the dual problem (F is the logarithm of a sum of
 *     energies); infinite if the method did not come near a minimum (as after few sweeps)
 * @param residual the largest |∇F|/(m·|s|) at z over the scales that may move: how far energies in and out are from agreeing, as
 *     a fraction of all
 * @param maxAbsLogScale the largest |z*_h| without a cap
 * @param capped how many scales of z are at the cap
 * @param sweeps the number of sweeps, 0 for the exact method
 * @param iterations the number of Newton iterations, 0 for sweeps
 * @param frozen the generators that were not moved
 */
@SuppressWarnings("ArrayRecordComponent")
public record Minimum(
        OrbitCriterion criterion,
        double[] z,
        double before,
        double after,
        double gap,
        double residual,
        double maxAbsLogScale,
        int capped,
        int sweeps,
        int iterations,
        List<OrbitCriterion.Frozen> frozen) {

    /** Copies the list. */
    public Minimum {
        frozen = List.copyOf(frozen);
    }

    /** The same with another number of scales at the cap. */
    Minimum withCapped(int count) {
        return new Minimum(
                criterion, z, before, after, gap, residual, maxAbsLogScale, count, sweeps, iterations, frozen);
    }

    /** The rescaling by z. */
    public Rescaling rescaling() {
        return Rescaling.of(criterion.group(), z);
    }

    /** Such as {@code pathcond 1.51 → 0 (gap 1e-16, 4 iterations, max |z| 0.69)}. */
    @Override
    public String toString() {
        return criterion.name() + " " + before + " → " + after + " (gap " + gap + ", "
                + (sweeps > 0 ? sweeps + " sweeps" : iterations + " iterations") + ", max |z| "
                + Arrays.stream(z).map(Math::abs).max().orElse(0) + ")";
    }
}
