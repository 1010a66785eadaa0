package org.quotient.optimizers.zoo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Frame;
import org.quotient.optimizers.Composition;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Metric;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Update;

/**
 * Any update in the coordinates of the covariant {@link Frame}: it is handed θ̂ = θ/ε and ĝ = ε∘g, which no rescaling changes, and the
 * point moves to θ + ε∘(θ̂′ − θ̂), where θ̂′ is what it makes of them. What it remembers are then numbers that no rescaling changes.
 * Law: invariant, whatever the direction, coupled weight decay included: λθ̂ is added to ĝ.
 *
 * <p>For directions such as Adam this is {@link org.quotient.optimizers.Updates#frame} up to rounding, which is faster by a pass.
 *
 * @param inner an update that takes the differential for a gradient and all that it knows from the point handed to it: one with a
 *     metric or constraints of its own, which looks at the network itself, is refused
 */
public record Framed(Update inner) implements Update {
    private static final String INNER = "inner";
    private static final String BACKWARD = "units with a backward scale";

    /** Refuses updates with a geometry of their own. */
    public Framed {
        Update at = inner;
        while (at instanceof Rescheduled around) {
            at = around.inner();
        }
        boolean own = at instanceof Composition c && c.metric() != Metric.euclidean()
                || at instanceof UnitNormDescent
                || at instanceof ProjectionBasedWeightNormalisation
                || at instanceof EqualisedDescent;
        if (own) {
            throw new IllegalArgumentException("A frame hands on θ/ε and ε∘g, and '" + at.name()
                    + "' has a metric or constraints of its own, which it computes from the network at θ: they do"
                    + " not fit those coordinates, and the result would be no update of either kind. A frame is for"
                    + " updates that take the differential for the gradient, such as sgd, momentum, adam and adamw");
        }
    }

    @Override
    public String name() {
        return "frame+" + inner.name();
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }

    @Override
    public State init(Problem problem, Weights weights) {
        Frame frame = Frame.of(problem.group(), problem.incidence(), weights);
        Map<String, Expr> theta = new LinkedHashMap<>();
        for (Expr p : problem.network().parameters()) {
            theta.put(Network.nameOf(p), Expr.constant(weights.get(p).cast(DType.F64)));
        }
        Map<String, Tensor> coordinates = new LinkedHashMap<>(weights.asMap());
        Map<String, Expr> units = frame.units(theta);
        theta.forEach((name, w) -> {
            Expr unit = java.util.Objects.requireNonNull(units.get(name));
            Tensor value = Evaluator.evaluate(java.util.List.of(w.times(inverse(unit))), Map.of(), 1)
                    .getFirst();
            coordinates.put(name, value.cast(weights.get(name).dtype()));
        });
        State out = State.of(BACKWARD, new State.Slot(Map.of("generators", frame.backwardUnits()), 0, true));
        for (Map.Entry<String, State.Slot> slot :
                inner.init(problem, Weights.of(coordinates)).slots().entrySet()) {
            State.Slot content = slot.getValue();
            out = out.with(
                    INNER + "." + slot.getKey(),
                    new State.Slot(content.values(), 0, content.degree(), content.fixed()));
        }
        return out;
    }

    @Override
    public Step step(Point at, Memory memory) {
        Tensor backward =
                java.util.Objects.requireNonNull(memory.fixed(BACKWARD).get("generators"));
        Frame frame = Frame.of(at.problem().group(), at.problem().incidence(), backward);
        ParameterVector units = new ParameterVector(frame.units(at.theta().values()));
        ParameterVector coordinates = at.theta().zip(units, (w, unit) -> w.times(inverse(unit)));
        Step step = inner.step(at.with(coordinates, at.differential().times(units)), memory.part(INNER));
        return new Step(
                at.theta().plus(step.theta().minus(coordinates).times(units)),
                Update.parts(Map.of(INNER, step.state())));
    }

    @Override
    public Optional<Initialisation> initialisation() {
        return inner.initialisation();
    }

    @Override
    public Weights start(Problem problem, Weights weights) {
        return inner.start(problem, weights);
    }

    @Override
    public Optional<Between> between() {
        return inner.between()
                .map(work -> new Between(work.every(), (problem, weights, state) -> {
                    Moved moved = work.moved(problem, weights, state.part(INNER));
                    return new Moved(
                            moved.weights(),
                            State.of(BACKWARD, state.get(BACKWARD)).withPart(INNER, moved.state()));
                }));
    }

    /** 1/ε, and 0 where a unit is frozen. */
    private static Expr inverse(Expr unit) {
        Expr positive = Ops.step(unit);
        return positive.over(unit.plus(Ops.fullLike(unit, 1).minus(positive)));
    }
}
