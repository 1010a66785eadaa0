package org.quotient.optimizers.conservation;

import java.util.List;
import org.quotient.autodiff.network.Weights;

/**
 * A piece of gradient flow.
 *
 * @param end the weights at its end
 * @param times of the accepted steps, from 0
 * @param charges at these times, one number per generator
 * @param scale what a drift is relative to, one number per generator, not negative
 * @param evaluations how many gradients were computed
 * @param finished whether it reached the time that was asked for; if not, it ends at the last accepted step, mostly because
 *     the flow slides along a kink
 */
public record FlowResult(
        Weights end, List<Double> times, List<double[]> charges, double[] scale, int evaluations, boolean finished) {

    /** Copies the lists. */
    public FlowResult {
        times = List.copyOf(times);
        charges = List.copyOf(charges);
        scale = scale.clone();
    }

    /** The time that was reached. */
    public double time() {
        return times.get(times.size() - 1);
    }

    /** The largest |c_k(t) − c_k(0)|/scale_k over the steps, per generator. */
    public double[] drifts() {
        double[] out = new double[scale.length];
        for (double[] c : charges) {
            for (int k = 0; k < out.length; k++) {
                double moved = Math.abs(c[k] - charges.get(0)[k]);
                out[k] = Math.max(out[k], moved == 0 ? 0 : moved / scale[k]);
            }
        }
        return out;
    }

    /** The largest of {@link #drifts}, 0 if there is no generator. */
    public double drift() {
        double most = 0;
        for (double d : drifts()) {
            most = Math.max(most, d);
        }
        return most;
    }
}
