package org.quotient.optimizers.zoo;

import org.quotient.optimizers.Composition;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Retraction;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.paths.DdpMetric;

/**
 * DDP-SGD (Neyshabur, Tomioka, Salakhutdinov and Srebro 2016, data-dependent path normalisation):
 * w_e ← w_e − (η/κ_e)·∂L/∂w_e with κ_e half the second derivative of Σ_out γ², γ_v² = α·E[z_v²] + (1−α)·Σ_u w_uv²γ_u². Between Path-SGD with
 * inputs scaled by the data (α = 0) and the diagonal of the Gauss-Newton matrix (α = 1). Law: invariant, for every α, the estimate
 * included.
 *
 * <p>Departures: activations' masks are held while γ² is differentiated, as the exact interpolation needs; κ is that of the batch, not a
 * running average; see {@link DdpMetric} for what is supported. γ_v here is the second moment, R = E[hhᵀ]; the paper's covariance would
 * be batch normalisation's.
 */
public final class DdpSgd {
    private DdpSgd() {}

    /**
     * DDP-SGD with the exact κ.
     *
     * @param alpha α, from 0 to 1
     */
    public static Update of(double alpha) {
        return of(new DdpMetric(alpha, 0, 0), Direction.chain());
    }

    /**
     * DDP-SGD.
     *
     * @param metric exact or with an estimate
     * @param direction in between, such as momentum, which is kept in tangent vectors
     */
    public static Update of(DdpMetric metric, Direction direction) {
        return Composition.of("ddp-sgd", metric, direction, Retraction.euclidean());
    }
}
