package org.quotient.optimizers;

/**
 * An optimizer as a composition of small values: the metric makes a gradient of the differential, the direction makes a step of
 * it, the retraction moves the point. Both functions are pure.
 *
 * @param name for reports
 * @param metric differential to gradient
 * @param direction gradient to step, with the state
 * @param retraction step to new point
 */
public record Update(String name, Metric metric, Direction direction, Retraction retraction) {

    /**
     * Where a step leads.
     *
     * @param theta the new point
     * @param state the new state
     */
    public record Result(ParameterVector theta, State state) {}

    /** The state before the first step from a point. */
    public State init(ParameterVector theta) {
        return direction.init(theta);
    }

    /**
     * One step. Nothing given is modified.
     *
     * @param theta the point
     * @param differential ∂L/∂θ there
     * @param state from {@link #init} or the last step
     */
    public Result step(ParameterVector theta, ParameterVector differential, State state) {
        Direction.Result result = direction.update(metric.gradient(theta, differential), state, theta);
        return new Result(retraction.retract(theta, result.vector()), result.state());
    }

    /** What the composition owes to the rescaling group: what all its parts respect. */
    public Law law() {
        return metric.law().and(direction.law()).and(retraction.law());
    }
}
