package org.quotient.optimizers;

import java.util.List;
import java.util.Map;

/**
 * A pure transformation of gradients with a state that is a value (Optax's GradientTransformation; DeepMind 2020). What it does to
 * a gradient makes the direction of a step; several in a row are a {@link #chain}.
 */
public interface Direction {

    /**
     * What comes out of one step.
     *
     * @param vector the transformed vector
     * @param state what to hand in at the next step, by slot
     */
    record Result(ParameterVector vector, Map<String, ParameterVector> state) {}

    /**
     * The state before the first step.
     *
     * @param layout of the vectors that will come
     */
    default State init(Layout layout) {
        return State.EMPTY;
    }

    /**
     * One step.
     *
     * @param vector what came from the metric or from the part before
     * @param memory from {@link #init} or the last step
     * @param at the point
     */
    Result update(ParameterVector vector, Memory memory, Point at);

    /**
     * With which rescalings it commutes.
     *
     * @param power how the vectors that come scale, see {@link Metric#power}
     */
    Law law(int power);

    /** Several transformations, one after the other; without any, the identity. */
    static Direction chain(Direction... parts) {
        return new Chain(List.of(parts));
    }

    /** S ↦ −η·S: from steepest ascent to a step down. */
    static Direction descent() {
        return Descent.INSTANCE;
    }

    /** Heavy-ball momentum as PyTorch defines it; see {@link Momentum}. */
    static Direction momentum(double mu) {
        return new Momentum(mu, false);
    }

    /** Nesterov's momentum as PyTorch defines it; see {@link Momentum}. */
    static Direction nesterov(double mu) {
        return new Momentum(mu, true);
    }

    /**
     * Adds λ·θ: L2 regularisation as PyTorch's {@code weight_decay} couples it to the gradient. It commutes with rescalings only
     * behind a metric.
     */
    static Direction decay(double lambda) {
        return new CoupledDecay(lambda);
    }
}
