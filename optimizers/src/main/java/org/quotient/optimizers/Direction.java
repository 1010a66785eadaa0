package org.quotient.optimizers;

import java.util.List;

/**
 * A pure transformation of tangent vectors with a state that is a value (Optax's GradientTransformation; DeepMind 2020). What
 * it does to a gradient makes the direction of a step; several in a row are a {@link #chain}.
 */
public interface Direction {

    /**
     * What comes out of one step.
     *
     * @param vector the transformed vector
     * @param state what to hand in at the next step
     */
    record Result(ParameterVector vector, State state) {}

    /**
     * The state before the first step.
     *
     * @param theta the point, of which only names, shapes and dtypes matter
     */
    State init(ParameterVector theta);

    /**
     * One step. Nothing given is modified.
     *
     * @param vector what came from the gradient or from the part before
     * @param state from {@link #init} or the last step
     * @param theta the point at which the vector is tangent
     */
    Result update(ParameterVector vector, State state, ParameterVector theta);

    /** With which rescalings it commutes, for vectors and state that are rescaled like displacements. */
    Law law();

    /** Several transformations, one after the other; without any, the identity. */
    static Direction chain(Direction... parts) {
        return new Chain(List.of(parts));
    }

    /** S ↦ −η·S: from steepest ascent to a step down. */
    static Direction scaleByLearningRate(double eta) {
        return new ScaleByLearningRate(eta);
    }

    /** Heavy-ball momentum as PyTorch defines it; see {@link Momentum}. */
    static Direction momentum(double mu) {
        return new Momentum(mu, false);
    }
}
