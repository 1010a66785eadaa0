package org.quotient.optimizers;

import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Frame;

/**
 * Coordinates in a covariant frame: gradients become ĝ = ε∘g, which no rescaling changes, and a step d̂ in them moves the point to
 * θ + ε∘d̂. Any optimizer between the two is invariant, its memory included.
 *
 * @see Frame
 */
public enum FrameMetric implements Metric, Retraction {
    /** The l2 forward frame. */
    FORWARD;

    private static final String BACKWARD = "units with a backward scale";

    @Override
    public State init(Problem problem, Weights weights) {
        Frame frame = Frame.of(problem.group(), problem.incidence(), weights);
        return State.of(BACKWARD, new State.Slot(Map.of("generators", frame.backwardUnits()), 0, true));
    }

    private static ParameterVector units(Point at, Memory memory) {
        Tensor backward =
                java.util.Objects.requireNonNull(memory.fixed(BACKWARD).get("generators"));
        return at.shared(backward, ParameterVector.class, () -> {
            Frame frame = Frame.of(at.problem().group(), at.problem().incidence(), backward);
            return new ParameterVector(frame.units(at.theta().values()));
        });
    }

    @Override
    public ParameterVector gradient(ParameterVector differential, Point at, Memory memory) {
        return differential.times(units(at, memory));
    }

    @Override
    public ParameterVector retract(ParameterVector step, Point at, Memory memory) {
        return at.theta().plus(step.times(units(at, memory)));
    }

    @Override
    public int power() {
        return 0;
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
