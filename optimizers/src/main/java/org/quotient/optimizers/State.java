package org.quotient.optimizers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an optimizer remembers from step to step, as a value: named vectors. A composition keeps the slots of its parts under
 * {@code "0.", "1.", ...}, so that the whole state is one flat map that can be stored and read back.
 *
 * @param slots by name
 */
public record State(Map<String, ParameterVector> slots) {
    /** Nothing to remember. */
    public static final State EMPTY = new State(Map.of());

    /** Keeps its own copy of the map. */
    public State {
        slots = Collections.unmodifiableMap(new LinkedHashMap<>(slots));
    }

    /** A state of one vector. */
    public static State of(String slot, ParameterVector value) {
        return new State(Map.of(slot, value));
    }

    /**
     * A remembered vector.
     *
     * @throws IllegalArgumentException if there is none of that name: the state is another optimizer's
     */
    public ParameterVector get(String slot) {
        ParameterVector value = slots.get(slot);
        if (value == null) {
            throw new IllegalArgumentException("The state has no '" + slot + "' but " + slots.keySet()
                    + "; start from the init of the update that you step with");
        }
        return value;
    }

    /** The state of part i of a composition. */
    State part(int i) {
        String prefix = i + ".";
        Map<String, ParameterVector> out = new LinkedHashMap<>();
        slots.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                out.put(name.substring(prefix.length()), value);
            }
        });
        return new State(out);
    }

    /** This state together with that of part i of a composition. */
    State withPart(int i, State part) {
        Map<String, ParameterVector> out = new LinkedHashMap<>(slots);
        part.slots.forEach((name, value) -> out.put(i + "." + name, value));
        return new State(out);
    }
}
