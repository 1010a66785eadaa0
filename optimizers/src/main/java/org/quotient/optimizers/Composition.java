package org.quotient.optimizers;

import java.util.Map;
import org.quotient.autodiff.network.Weights;

/**
 * Metric, direction, retraction: the differential becomes a gradient, the gradient a step, the step a new point. The step
 * includes its length and sign: a direction ends with {@link Direction#descent}, as {@link #of} sees to.
 *
 * @param name a short name
 * @param metric from differentials to gradients, or a chart's coordinates
 * @param direction from gradients to steps
 * @param retraction from steps to points
 */
public record Composition(String name, Metric metric, Direction direction, Retraction retraction) implements Update {

    /** A composition that descends along what a direction makes of the gradient. */
    public static Composition of(String name, Metric metric, Direction direction, Retraction retraction) {
        return new Composition(name, metric, Direction.chain(direction, Direction.descent()), retraction);
    }

    /** Steepest descent in a metric. */
    public static Composition of(String name, Metric metric) {
        return new Composition(name, metric, Direction.descent(), Retraction.euclidean());
    }

    @Override
    public State init(Problem problem, Weights weights) {
        State known = metric.init(problem, weights);
        return State.EMPTY
                .withPart("metric", known)
                .withPart("direction", direction.init(metric.layout(problem, known)));
    }

    @Override
    public Step step(Point at, Memory memory) {
        Memory known = memory.part("metric");
        ParameterVector gradient = metric.gradient(at.differential(), at, known);
        Direction.Result result = direction.update(gradient, memory.part("direction"), at);
        return new Step(
                retraction.retract(result.vector(), at, known), Update.parts(Map.of("direction", result.state())));
    }

    /** What all parts respect. */
    @Override
    public Law law() {
        return metric.law().and(direction.law(metric.power())).and(retraction.law());
    }
}
