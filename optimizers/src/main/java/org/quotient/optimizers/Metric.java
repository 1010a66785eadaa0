package org.quotient.optimizers;

/**
 * A Riemannian metric on the parameters: turns a differential into a gradient. Under a rescaling by χ the differential is
 * divided by χ while displacements are multiplied by χ; so a diagonal metric P respects a rescaling exactly when
 * P_e(gθ) = χ_e² P_e(θ).
 */
public interface Metric {

    /**
     * The gradient P(θ)·dL.
     *
     * @param theta the point, not modified
     * @param differential ∂L/∂θ at the point, not modified
     * @return the tangent vector of steepest ascent
     */
    ParameterVector gradient(ParameterVector theta, ParameterVector differential);

    /** Which rescalings are isometries. */
    Law law();

    /** The metric of plain gradient descent, P = 1: no rescaling but the identity is an isometry. */
    static Metric euclidean() {
        return new EuclideanMetric();
    }
}
