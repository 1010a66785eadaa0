package org.quotient.optimizers;

/** How a step moves the point: a map from tangent vectors back to parameters that agrees with θ + ξ to first order. */
public interface Retraction {

    /**
     * The point reached.
     *
     * @param step a tangent vector at the point, or the change of the coordinates of a chart
     * @param at the point
     * @param memory what the metric's init made
     */
    ParameterVector retract(ParameterVector step, Point at, Memory memory);

    /** With which rescalings it commutes. */
    Law law();

    /** θ + ξ. It commutes with every rescaling, since these are linear. */
    static Retraction euclidean() {
        return EuclideanRetraction.INSTANCE;
    }

    /**
     * θ∘exp(ξ/θ): the exponential of the log metric; no weight ever changes its sign, and zeros stay zero.
     */
    static Retraction exponential() {
        return ExponentialRetraction.INSTANCE;
    }

    /**
     * Decoupled weight decay (Loshchilov and Hutter 2019): −η·λ·θ is added to what another retraction reaches. Since θ scales like
     * a displacement it keeps every law.
     *
     * @param decay λ, at least 0
     */
    static Retraction withDecay(Retraction inner, double decay) {
        if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("A weight decay is finite and at least 0; given " + decay);
        }
        return decay == 0 ? inner : new DecayingRetraction(inner, decay);
    }
}
