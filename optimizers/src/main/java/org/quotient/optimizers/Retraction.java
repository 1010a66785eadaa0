package org.quotient.optimizers;

/** How a step moves the point: a map from tangent vectors back to parameters that agrees with θ + ξ to first order. */
public interface Retraction {

    /**
     * The point reached.
     *
     * @param theta the point, not modified
     * @param step a tangent vector at the point, not modified
     */
    ParameterVector retract(ParameterVector theta, ParameterVector step);

    /** With which rescalings it commutes. */
    Law law();

    /** θ + ξ. It commutes with every rescaling, since these are linear. */
    static Retraction euclidean() {
        return new EuclideanRetraction();
    }
}
