package org.quotient.optimizers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /**
     * Momentum and decay, if this is gradient descent with coupled decay and heavy-ball momentum, whose charges change by known
     * amounts; see {@link org.quotient.optimizers.conservation.Ledger}.
     */
    public Optional<HeavyBall> heavyBall() {
        List<Direction> parts = new ArrayList<>();
        flatten(direction, parts);
        double decay = 0;
        double mu = 0;
        // Decays first, then at most one momentum, then the descent.
        int stage = 0;
        boolean known = metric == Metric.euclidean() && retraction == Retraction.euclidean();
        for (Direction part : parts) {
            int next =
                    part instanceof CoupledDecay ? 0 : part instanceof Momentum ? 1 : part instanceof Descent ? 2 : 3;
            known &= next < 3 && (next > stage || next == 0 && stage == 0);
            stage = next;
            if (part instanceof CoupledDecay d) {
                decay += d.lambda();
            } else if (part instanceof Momentum m) {
                known &= !m.nesterov();
                mu = m.mu();
            }
        }
        boolean descends = stage == 2;
        return known && descends ? Optional.of(new HeavyBall(mu, decay)) : Optional.empty();
    }

    private static void flatten(Direction direction, List<Direction> to) {
        if (direction instanceof Chain chain) {
            chain.parts().forEach(part -> flatten(part, to));
        } else {
            to.add(direction);
        }
    }

    /**
     * What describes gradient descent with momentum, m⁺ = μm + g + λθ, θ⁺ = θ − ηm⁺.
     *
     * @param momentum μ
     * @param decay λ
     */
    public record HeavyBall(double momentum, double decay) {}
}
