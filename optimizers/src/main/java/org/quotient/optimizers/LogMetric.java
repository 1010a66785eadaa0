package org.quotient.optimizers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/**
 * The metric Σ dθ_e²/θ_e² on the parameters that the rescaling group moves: P_e = θ_e². It is flat: in y = log|θ| it is Euclidean
 * and the group acts by translations y + Bz. On parameters that no generator moves (a PReLU slope, a weight between two pinned
 * units, an output bias, every weight of a network without symmetries) it stays Euclidean, since nothing has to be compensated.
 *
 * <p>It is singular at θ_e = 0: a moved parameter that is zero stays zero. It asks nothing of the network: weights may be reused
 * along paths and activations may multiply.
 */
public enum LogMetric implements Metric {
    /** The metric. */
    MOVED;

    static final String SLOT = "moved by the group";

    @Override
    public State init(Problem problem, Weights weights) {
        // A row of B is zero exactly if it vanishes on generic z; drawn z hide a non-zero row with chance about 2^-52.
        CounterRandom random = CounterRandom.seeded(0);
        double[] generic = new double[problem.group().rank()];
        for (int k = 0; k < generic.length; k++) {
            generic[k] = 1 + random.uniform(k);
        }
        Map<String, double[]> logs = problem.group().logScales(generic);
        Map<String, Tensor> moved = new LinkedHashMap<>();
        for (Expr p : problem.network().parameters()) {
            double[] mask = java.util.Objects.requireNonNull(logs.get(Network.nameOf(p)))
                    .clone();
            for (int i = 0; i < mask.length; i++) {
                mask[i] = mask[i] != 0 ? 1 : 0;
            }
            moved.put(Network.nameOf(p), Tensor.of(p.shape(), p.dtype(), mask));
        }
        return State.of(SLOT, new State.Slot(moved, 0, true));
    }

    @Override
    public ParameterVector gradient(ParameterVector differential, Point at, Memory memory) {
        Map<String, Tensor> moved = memory.fixed(SLOT);
        return at.theta().mapNamed((name, w) -> {
            Tensor mask = java.util.Objects.requireNonNull(moved.get(name));
            Expr g = differential.get(name);
            double least = 1;
            double most = 0;
            for (int i = 0; i < mask.size(); i++) {
                least = Math.min(least, mask.get(i));
                most = Math.max(most, mask.get(i));
            }
            if (most == 0) {
                return g;
            }
            Expr square = w.times(w);
            Expr metric = least == 1
                    ? square
                    : square.times(Expr.constant(mask)).plus(Ops.fullLike(w, 1).minus(Expr.constant(mask)));
            return metric.times(g);
        });
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
