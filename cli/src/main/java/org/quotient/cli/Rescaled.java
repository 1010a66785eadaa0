package org.quotient.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.criteria.Minimum;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.criteria.Teleport;
import org.quotient.geometry.criteria.UnitNorm;

/**
 * A representative that was chosen, whatever by.
 *
 * @param before the criterion at the given weights
 * @param after the criterion at the chosen ones
 * @param gap a bound of the distance to the minimum; null where there is none
 * @param residual how far the conditions of the criterion are from holding
 * @param maxAbsLogScale the largest |z| without a cap
 * @param capped scales at the cap
 * @param sweeps made, 0 for the exact method
 * @param iterations of the exact method
 * @param frozen scales that were left
 * @param remark what there is to say besides; may be empty
 * @param trace tr G before and after, where it is known already
 */
record Rescaled(
        Rescaling rescaling,
        double before,
        double after,
        @Nullable Double gap,
        double residual,
        double maxAbsLogScale,
        int capped,
        int sweeps,
        int iterations,
        List<OrbitCriterion.Frozen> frozen,
        String remark,
        RescaleCommand.@Nullable Trace trace) {

    static Rescaled of(Minimum minimum) {
        boolean certified = minimum.gap() < 1e-6 * (1 + Math.abs(minimum.before()));
        String remark = "";
        if (minimum.sweeps() == 0 && !certified) {
            remark = "no minimum was certified: the gap is at most " + Table.real(minimum.gap())
                    + "; compare with --sweeps 1000";
        } else if (minimum.capped() > 0) {
            remark = minimum.capped() + " scales are at the cap"
                    + (minimum.sweeps() > 0
                            ? ""
                            : "; without it the largest |z| would be " + Table.real(minimum.maxAbsLogScale()));
        }
        return new Rescaled(
                minimum.rescaling(),
                minimum.before(),
                minimum.after(),
                minimum.sweeps() > 0 || minimum.capped() > 0 || Double.isInfinite(minimum.gap()) ? null : minimum.gap(),
                minimum.residual(),
                minimum.maxAbsLogScale(),
                minimum.capped(),
                minimum.sweeps(),
                minimum.iterations(),
                minimum.frozen(),
                remark,
                null);
    }

    static Rescaled of(UnitNorm section, double before) {
        String remark = section.unsolved().isEmpty()
                ? ""
                : "no rescaling has unit norm everywhere: " + section.unsolved().size()
                        + " norms of weights that write into a class which others write into first are not 1, such as "
                        + section.unsolved().getFirst().parameter();
        double most = 0;
        for (double z : section.z()) {
            most = Math.max(most, Math.abs(z));
        }
        return new Rescaled(
                section.rescaling(),
                before,
                section.residual(),
                null,
                section.residual(),
                most,
                0,
                1,
                0,
                section.frozen(),
                remark,
                null);
    }

    static Rescaled of(Teleport teleport) {
        double most = 0;
        for (double z : teleport.z()) {
            most = Math.max(most, Math.abs(z));
        }
        String remark = teleport.exact()
                ? "the largest value within the region, found among all corners"
                : "a corner where no change of one sign helps; no point of the region has more than "
                        + Table.real(teleport.bound());
        return new Rescaled(
                teleport.rescaling(),
                teleport.before(),
                teleport.after(),
                null,
                0,
                most,
                0,
                0,
                0,
                teleport.criterion().frozen(),
                remark,
                null);
    }

    /** How many generators were left where they are. */
    int frozenCount() {
        return (int) frozen.stream()
                .mapToInt(OrbitCriterion.Frozen::generator)
                .distinct()
                .count();
    }

    /** The same with the trace that its criterion knows. */
    Rescaled withTrace(OrbitCriterion criterion) {
        double[] z = rescaling.z();
        return new Rescaled(
                rescaling,
                before,
                after,
                gap,
                residual,
                maxAbsLogScale,
                capped,
                sweeps,
                iterations,
                frozen,
                remark,
                new RescaleCommand.Trace(criterion.trace(new double[z.length]), criterion.trace(z)));
    }
}
