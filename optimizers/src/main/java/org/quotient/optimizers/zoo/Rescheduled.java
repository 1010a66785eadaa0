package org.quotient.optimizers.zoo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Rescaling;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;

/**
 * Any update, begun at a representative of the orbit and, on a schedule, brought back to it: path conditioning at initialisation
 * (Lebeurrier, Vayer and Gribonval 2026) or during training, equi-normalisation, and others. A move keeps the function; what the
 * update remembers is rescaled along, each slot by its own power, so an update that is invariant takes the steps that it would have
 * taken without.
 *
 * <p>Law: that of the update inside, if invariant; otherwise, where the representative is the same for all weights of an orbit, as an
 * exact minimiser is, invariant up to the scales that no criterion moves, those before a normalisation. What is left of the law
 * by them is declared as its surest part, the scales of the last hidden units (of which those that only zeros leave keep theirs, which
 * an update that is not invariant feels); with {@code unit} nothing is left out, and the
 * start is the same bits for all rescalings by powers of two.
 *
 * @param name a short name
 * @param inner the update that takes the steps
 * @param every after how many steps the point is moved again; 0 for at the start only
 * @param representative where it is moved
 * @param exact whether that place is the same for all weights of an orbit
 * @param unit whether weights are brought to unit norms at the start, before the representative is sought: also before a
 *     normalisation, which changes the function to the order of its ε; units with zeros only keep their scale
 */
public record Rescheduled(
        String name, Update inner, long every, Representative representative, boolean exact, boolean unit)
        implements Update {
    private static final String COUNT = "steps since the start";
    private static final String STEPS = "steps";
    private static final String INNER = "inner";

    /** Up to here single precision counts by ones. */
    private static final double MOST = 1 << 24;

    /** Checks the period. */
    public Rescheduled {
        if (every < 0) {
            throw new IllegalArgumentException(
                    "The period of a representative is 0 (at the start only) or a number of steps; given " + every);
        }
    }

    /**
     * Path conditioning around an update, exactly.
     *
     * @param every after how many steps again; 0 for at the start only
     */
    public static Update pathConditioned(Update inner, long every) {
        return new Rescheduled("pathcond+" + inner.name(), inner, every, Representative.pathCond(0), true, false);
    }

    /**
     * Equi-normalisation with 2-norms around an update, exactly.
     *
     * @param every after how many steps again; 0 for at the start only
     */
    public static Update equalised(Update inner, long every) {
        return new Rescheduled("enorm+" + inner.name(), inner, every, Representative.enorm(2, 0), true, false);
    }

    @Override
    public Law law() {
        if (unit || inner.law().isInvariant()) {
            // At the start all is canonical; later moves are made from one point.
            return Law.INVARIANT;
        }
        return exact ? Law.under(Subgroup.LAST_HIDDEN) : Law.NONE;
    }

    @Override
    public Optional<Initialisation> initialisation() {
        return inner.initialisation().map(own -> (problem, weights) -> own.apply(problem, moved(problem, weights)));
    }

    @Override
    public Weights start(Problem problem, Weights weights) {
        return inner.start(problem, moved(problem, weights));
    }

    private Weights moved(Problem problem, Weights weights) {
        Weights from = unit ? UnitSection.of(problem, name).lenient(weights) : weights;
        return representative.of(problem, from).weights(from);
    }

    @Override
    public State init(Problem problem, Weights weights) {
        State state = State.EMPTY.withPart(INNER, inner.init(problem, weights));
        return counts()
                ? state.with(
                        COUNT, new State.Slot(Map.of(STEPS, Tensor.of(Shape.SCALAR, problem.dtype(), 0)), 0, false))
                : state;
    }

    /** Whether two kinds of work are done between steps, so that which one is due has to be known. */
    private boolean counts() {
        return every > 0 && inner.between().isPresent();
    }

    @Override
    public Step step(Point at, Memory memory) {
        Step step = inner.step(at, memory.part(INNER));
        Map<String, Map<String, ParameterVector>> parts = new LinkedHashMap<>();
        parts.put(INNER, step.state());
        Map<String, ParameterVector> state = new LinkedHashMap<>(Update.parts(parts));
        if (counts()) {
            Expr next = memory.get(COUNT).get(STEPS).plus(1);
            double period = period();
            Expr due = Ops.step(next.plus(0.5 - period));
            state.put(COUNT, new ParameterVector(Map.of(STEPS, next.minus(due.times(period)))));
        }
        return new Step(step.theta(), state);
    }

    /** The least common multiple of both periods, after which the count begins anew. */
    private double period() {
        long other = inner.between().orElseThrow().every();
        double period = (double) every / divisor(every, other) * other;
        if (period >= MOST) {
            throw new IllegalArgumentException("The periods " + every + " and " + other + " of '" + name
                    + "' meet only every " + (long) period + " steps; choose periods that are multiples of each other");
        }
        return period;
    }

    private static long divisor(long a, long b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    @Override
    public Optional<Between> between() {
        Optional<Between> other = inner.between();
        if (every == 0) {
            return other.map(work -> new Between(
                    work.every(), (problem, weights, state) -> within(work, problem, new Moved(weights, state))));
        }
        if (other.isEmpty()) {
            return Optional.of(
                    new Between(every, (problem, weights, state) -> again(problem, new Moved(weights, state))));
        }
        Between work = other.get();
        return Optional.of(new Between(divisor(every, work.every()), (problem, weights, state) -> {
            long step = Math.round(
                    state.get(COUNT).values().values().iterator().next().item());
            Moved moved = new Moved(weights, state);
            moved = step % work.every() == 0 ? within(work, problem, moved) : moved;
            return step % every == 0 ? again(problem, moved) : moved;
        }));
    }

    private Moved again(Problem problem, Moved from) {
        Rescaling rescaling = representative.of(problem, from.weights());
        return new Moved(rescaling.weights(from.weights()), from.state().rescaled(rescaling));
    }

    private static Moved within(Between work, Problem problem, Moved from) {
        Moved moved = work.moved(problem, from.weights(), from.state().part(INNER));
        State state = State.EMPTY.withPart(INNER, moved.state());
        State.Slot count = from.state().slots().get(COUNT);
        return new Moved(moved.weights(), count == null ? state : state.with(COUNT, count));
    }
}
