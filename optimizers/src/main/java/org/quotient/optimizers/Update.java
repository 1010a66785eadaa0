package org.quotient.optimizers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.quotient.autodiff.network.Weights;

/**
 * An update rule (θ, s) ↦ (θ′, s′): pure, with its state as a value, in the manner of Optax (DeepMind 2020). A step is written as
 * expressions and compiled together with the loss and its gradient. What it owes to the rescaling group is its {@link Law},
 * which {@link org.quotient.optimizers.checks.Invariance} measures for any update.
 *
 * <p>Most updates are a {@link Composition} of a metric, a direction and a retraction. A new one may also be a lambda:
 *
 * <pre>{@code
 * Update signs = Update.of("log-sign", Law.INVARIANT, at -> at.theta().zip(at.differential(),
 *         (w, g) -> w.minus(Ops.abs(w).times(Ops.sign(g)).times(at.learningRate()))));   // |θ|·sign(g), a vector
 * }</pre>
 */
public interface Update {

    /** A short name. */
    String name();

    /** What it owes to the rescaling group. */
    Law law();

    /**
     * The initialisation of methods that have one of their own, such as skeleton weights of 1: another function than that of
     * the weights given. It is made once, before {@link #start}, when training begins. Empty for methods that train what they are
     * given.
     */
    default Optional<Initialisation> initialisation() {
        return Optional.empty();
    }

    /** From weights to the weights of another function. */
    interface Initialisation {
        /**
         * The weights to begin with.
         *
         * @param problem what is to be minimised
         * @param weights the weights given
         */
        Weights apply(Problem problem, Weights weights);
    }

    /**
     * Where training begins, for methods that choose a representative: weights of the same function.
     *
     * @param problem what is to be minimised
     * @param weights the weights given, or what {@link #initialisation} made of them
     */
    default Weights start(Problem problem, Weights weights) {
        return weights;
    }

    /**
     * The state before the first step.
     *
     * @param problem what is to be minimised
     * @param weights from {@link #start}
     */
    default State init(Problem problem, Weights weights) {
        return State.EMPTY;
    }

    /**
     * One step.
     *
     * @param at where it is taken
     * @param memory the state of {@link #init}, or of the last step
     */
    Step step(Point at, Memory memory);

    /**
     * What one step yields.
     *
     * @param theta the new parameters
     * @param state the new values of every slot that is not fixed
     */
    record Step(ParameterVector theta, Map<String, ParameterVector> state) {
        /** Keeps its own copies. */
        public Step {
            state = Collections.unmodifiableMap(new LinkedHashMap<>(state));
        }

        /** A step of an update without state. */
        public static Step to(ParameterVector theta) {
            return new Step(theta, Map.of());
        }
    }

    /** What is done between two steps, outside of the compiled program; empty for nothing. */
    default Optional<Between> between() {
        return Optional.empty();
    }

    /**
     * Work between steps, such as moving to another representative.
     *
     * @param every after how many steps it is done, at least 1
     * @param move what it does
     */
    record Between(long every, Move move) {
        /** Checks the period. */
        public Between {
            if (every < 1) {
                throw new IllegalArgumentException("Work between steps is done every 1 or more steps; given " + every);
            }
        }

        /**
         * Does the work, see {@link Move#apply}.
         *
         * @throws IllegalArgumentException if it leads nowhere: it gave no weights, or no state
         */
        @SuppressWarnings("NullAway") // what a user's code gives
        public Moved moved(Problem problem, Weights weights, State state) {
            Moved moved = move.apply(problem, weights, state);
            if (moved == null || moved.weights() == null || moved.state() == null) {
                throw new IllegalArgumentException(
                        "The work between steps of " + move.getClass().getName() + " gave "
                                + (moved == null ? "nothing" : moved.weights() == null ? "no weights" : "no state")
                                + "; it gives weights and a state to go on from, those it was given if nothing moves");
            }
            return moved;
        }
    }

    /** From weights and state to weights and state. */
    interface Move {
        /**
         * The point to go on from.
         *
         * @param problem what is to be minimised
         * @param weights parameters and buffers after the last step
         * @param state what the update remembers
         */
        Moved apply(Problem problem, Weights weights, State state);
    }

    /**
     * Where work between steps leads.
     *
     * @param weights parameters and buffers
     * @param state what the update remembers
     */
    record Moved(Weights weights, State state) {}

    /**
     * An update without state.
     *
     * @param name a short name
     * @param law what it owes to the group
     * @param step from the point to the new parameters
     */
    static Update of(String name, Law law, Function<Point, ParameterVector> step) {
        return new Stateless(name, law, step);
    }

    /** States of parts under their names, as {@link State#withPart} has them. */
    static Map<String, ParameterVector> parts(Map<String, Map<String, ParameterVector>> parts) {
        Map<String, ParameterVector> out = new LinkedHashMap<>();
        parts.forEach((part, slots) -> slots.forEach((name, vector) -> out.put(part + "." + name, vector)));
        return out;
    }
}
