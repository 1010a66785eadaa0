package org.quotient.optimizers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.RescalingGroup;

/**
 * The metric {@code Σ dθ_e²/θ_e²} on the parameters that the rescaling group moves: P_e = θ_e². It is flat: in y = log|θ| it is
 * Euclidean and the group acts by translations y + Bz. On parameters that no generator moves (a PReLU slope, a weight between
 * two pinned units, every weight of a network without symmetries) it stays Euclidean, since nothing has to be compensated.
 *
 * <p>It is singular at θ_e = 0: a moved parameter that is zero stays zero.
 */
public final class LogMetric implements Metric {
    private final Map<String, boolean[]> moved;

    private LogMetric(Map<String, boolean[]> moved) {
        this.moved = moved;
    }

    /**
     * The metric for a group.
     *
     * @param group that of the network to be trained
     */
    public static LogMetric of(RescalingGroup group) {
        // A row of B is zero exactly if it vanishes on generic z; drawn z hide a non-zero row with chance about 2^-52.
        CounterRandom random = CounterRandom.seeded(0);
        double[] generic = new double[group.rank()];
        for (int k = 0; k < generic.length; k++) {
            generic[k] = 1 + random.uniform(k);
        }
        Map<String, boolean[]> moved = new LinkedHashMap<>();
        group.logScales(generic).forEach((name, scales) -> {
            boolean[] mask = new boolean[scales.length];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = scales[i] != 0;
            }
            moved.put(name, mask);
        });
        return new LogMetric(moved);
    }

    @Override
    public ParameterVector gradient(ParameterVector theta, ParameterVector differential) {
        return theta.mapTensors(e -> {
            boolean[] mask = moved.get(e.getKey());
            Tensor x = e.getValue();
            Tensor g = differential.get(e.getKey());
            if (mask == null || mask.length != x.size() || g.size() != x.size()) {
                throw new IllegalArgumentException("This metric was made for another network: it knows "
                        + (mask == null ? "no" : mask.length + " elements of a") + " parameter '" + e.getKey() + "' "
                        + x.shape() + "; make it from the group of the network that is trained");
            }
            return Tensor.fill(x.shape(), x.dtype(), i -> mask[i] ? x.get(i) * x.get(i) * g.get(i) : g.get(i));
        });
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
