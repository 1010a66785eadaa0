package org.quotient.optimizers.zoo;

import org.quotient.optimizers.Composition;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Retraction;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.paths.NaturalMetric;

/**
 * The natural gradient in its Gauss-Newton form (Amari 1998; Schraudolph 2002; Martens 2020), made covariant under rescaling:
 * ξ = E(EJᵀHJE + λ)⁻¹E g with E = diag(ε) of the forward frame, θ ← θ − η·ξ. For small networks. Law: invariant.
 *
 * <p>Departure: the usual pseudo-inverse (JᵀHJ)⁺g and the usual damping by λ are shortest in, and damp by, the Euclidean metric, which depends on
 * the representative: the function moves alike to first order only. See {@link NaturalMetric}.
 */
public final class NaturalGradient {
    /** Singular values below this share of the largest count as 0. */
    public static final double TOLERANCE = 1e-9;

    private NaturalGradient() {}

    /**
     * The natural gradient.
     *
     * @param damping λ; 0 for the pseudo-inverse
     */
    public static Update of(double damping) {
        return of(new NaturalMetric(damping, TOLERANCE, true), Direction.chain());
    }

    /**
     * The natural gradient.
     *
     * @param metric with its settings
     * @param direction in between, such as momentum, which is kept in tangent vectors
     */
    public static Update of(NaturalMetric metric, Direction direction) {
        return Composition.of("natural", metric, direction, Retraction.euclidean());
    }
}
