package org.quotient.optimizers;

import org.quotient.autodiff.network.Weights;

/**
 * From a differential to a gradient: a Riemannian metric P(θ) on the parameters, or the coordinates of a chart of the quotient.
 * Under a rescaling by χ the differential is divided by χ while displacements are multiplied by χ; so a diagonal metric respects
 * a rescaling exactly when P_e(gθ) = χ_e² P_e(θ).
 */
public interface Metric {

    /**
     * The gradient.
     *
     * @param differential ∂L/∂θ, or what takes its place
     * @param at the point
     * @param memory what {@link #init} made
     */
    ParameterVector gradient(ParameterVector differential, Point at, Memory memory);

    /** What it needs to know of the start; all slots are fixed. */
    default State init(Problem problem, Weights weights) {
        return State.EMPTY;
    }

    /**
     * How its gradient scales: by χ^power. 1 for tangent vectors, 0 for coordinates that no rescaling changes, −1 where the
     * differential itself is taken for a gradient.
     */
    default int power() {
        return 1;
    }

    /** What vectors it yields: one entry per parameter, unless its coordinates are others. */
    default Layout layout(Problem problem, State state) {
        return Layout.parameters(problem, power());
    }

    /** Which rescalings are isometries. */
    Law law();

    /** The metric of plain gradient descent, P = 1: no rescaling but the identity is an isometry. */
    static Metric euclidean() {
        return EuclideanMetric.INSTANCE;
    }
}
