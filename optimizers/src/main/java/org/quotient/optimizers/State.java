package org.quotient.optimizers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.Rescaling;

/**
 * What an update remembers from step to step, as a value: named slots, each of which knows how it scales with the parameters. A
 * composition keeps the slots of its parts under {@code "0.", "1.", ...}, so that the whole state is one flat map that can be
 * stored and read back.
 *
 * @param slots by name
 */
public record State(Map<String, Slot> slots) {
    /** Nothing to remember. */
    public static final State EMPTY = new State(Map.of());

    /** Keeps its own copy of the map. */
    public State {
        slots = Collections.unmodifiableMap(new LinkedHashMap<>(slots));
    }

    /**
     * Remembered tensors.
     *
     * @param values by name of a parameter; other names are allowed where nothing scales
     * @param power what a rescaling of θ by χ does to them: multiplies by χ^power. 1 for displacements, −1 for differentials and
     *     their averages, −2 for averages of their squares, 0 for numbers that no rescaling changes
     * @param degree how they depend on the gradients seen: 1 if linearly, 2 if quadratically, 0 if otherwise
     * @param fixed whether a step leaves them as they are and may be built upon their values, such as a choice of paths
     */
    public record Slot(Map<String, Tensor> values, int power, int degree, boolean fixed) {
        /** Keeps its own copy of the map. */
        public Slot {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        /** A slot that does not depend on gradients in a way that a change of coordinates could carry along. */
        public Slot(Map<String, Tensor> values, int power, boolean fixed) {
            this(values, power, 0, fixed);
        }

        /**
         * Zeros, for averages of gradients or of their squares.
         *
         * @param layout of the gradients
         * @param degree 1 for averages of gradients, 2 for averages of their squares
         */
        public static Slot zeros(Layout layout, int degree) {
            Map<String, Tensor> zeros = new LinkedHashMap<>();
            layout.shapes()
                    .forEach((name, shape) ->
                            zeros.put(name, Tensor.of(shape, layout.dtype(), new double[shape.elements()])));
            return new Slot(zeros, degree * layout.power(), degree, false);
        }

        /** Zeros, one tensor per parameter, that depend linearly on gradients and scale by χ^power. */
        public static Slot zeros(Problem problem, int power) {
            return zeros(Layout.parameters(problem, power), 1);
        }

        /** The same with other values. */
        public Slot with(Map<String, Tensor> others) {
            return new Slot(others, power, degree, fixed);
        }
    }

    /** A state of one slot. */
    public static State of(String name, Slot slot) {
        return new State(Map.of(name, slot));
    }

    /**
     * A slot.
     *
     * @throws IllegalArgumentException if there is none of that name: the state is another update's
     */
    public Slot get(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("The state has no '" + name + "' but " + slots.keySet()
                    + "; start from the init of the update that you step with");
        }
        return slot;
    }

    /** The state of a part of a composition. */
    public State part(String part) {
        String prefix = part + ".";
        Map<String, Slot> out = new LinkedHashMap<>();
        slots.forEach((name, slot) -> {
            if (name.startsWith(prefix)) {
                out.put(name.substring(prefix.length()), slot);
            }
        });
        return new State(out);
    }

    /** This state together with that of a part of a composition. */
    public State withPart(String part, State state) {
        Map<String, Slot> out = new LinkedHashMap<>(slots);
        state.slots.forEach((name, slot) -> out.put(part + "." + name, slot));
        return new State(out);
    }

    /** This state with another slot, or one more. */
    public State with(String name, Slot slot) {
        Map<String, Slot> out = new LinkedHashMap<>(slots);
        out.put(name, slot);
        return new State(out);
    }

    /** The state that belongs to the rescaled point: every slot multiplied by its power of χ. */
    public State rescaled(Rescaling rescaling) {
        Map<String, Slot> out = new LinkedHashMap<>();
        slots.forEach((name, slot) ->
                out.put(name, slot.power == 0 ? slot : slot.with(rescaling.powers(slot.values, slot.power))));
        return new State(out);
    }

    /** Only the slots that a step leaves as they are. */
    public State fixed() {
        Map<String, Slot> out = new LinkedHashMap<>();
        slots.forEach((name, slot) -> {
            if (slot.fixed) {
                out.put(name, slot);
            }
        });
        return new State(out);
    }

    /** Whether names, powers and every bit of every tensor agree. */
    public boolean sameBits(State other) {
        return slots.keySet().equals(other.slots.keySet())
                && slots.entrySet().stream().allMatch(e -> same(e.getValue(), other.get(e.getKey())));
    }

    private static boolean same(Slot a, Slot b) {
        return a.power == b.power
                && a.degree == b.degree
                && a.fixed == b.fixed
                && a.values.keySet().equals(b.values.keySet())
                && a.values.entrySet().stream()
                        .allMatch(e -> java.util.Objects.requireNonNull(b.values.get(e.getKey()))
                                .sameBits(e.getValue()));
    }
}
