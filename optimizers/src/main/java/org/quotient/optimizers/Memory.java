package org.quotient.optimizers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;

/**
 * A {@link State} as a step sees it: expressions for what changes from step to step, numbers for what is fixed.
 *
 * @param vectors the slots that change, by name
 * @param fixed the slots that do not
 * @param powers how the slots that change scale, see {@link State.Slot#power}
 */
public record Memory(Map<String, ParameterVector> vectors, State fixed, Map<String, Integer> powers) {
    /** Nothing to remember. */
    public static final Memory EMPTY = new Memory(Map.of(), State.EMPTY, Map.of());

    /** Keeps its own copies of the maps. */
    public Memory {
        // In order: a program made from them is then the same each time.
        vectors = Collections.unmodifiableMap(new LinkedHashMap<>(vectors));
        powers = Collections.unmodifiableMap(new LinkedHashMap<>(powers));
    }

    /** Variables for the slots of a state. */
    static Memory of(State state) {
        Map<String, ParameterVector> vectors = new LinkedHashMap<>();
        Map<String, Integer> powers = new LinkedHashMap<>();
        state.slots().forEach((slot, content) -> {
            if (!content.fixed()) {
                Map<String, Expr> variables = new LinkedHashMap<>();
                content.values()
                        .forEach((name, value) ->
                                variables.put(name, Expr.buffer(variable(slot, name), value.dtype(), value.shape())));
                vectors.put(slot, new ParameterVector(variables));
                powers.put(slot, content.power());
            }
        });
        return new Memory(vectors, state.fixed(), powers);
    }

    /** The name of the variable of a remembered tensor. */
    static String variable(String slot, String name) {
        return "state " + slot + " of " + name;
    }

    /**
     * A slot that changes.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public ParameterVector get(String slot) {
        ParameterVector vector = vectors.get(slot);
        if (vector == null) {
            throw new IllegalArgumentException("The state has no '" + slot + "' but " + vectors.keySet());
        }
        return vector;
    }

    /**
     * How a slot that changes scales: a rescaling of θ by χ multiplies it by χ^power.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public int power(String slot) {
        Integer power = powers.get(slot);
        if (power == null) {
            throw new IllegalArgumentException("The state has no '" + slot + "' but " + powers.keySet());
        }
        return power;
    }

    /** The numbers of a slot that is fixed. */
    public Map<String, Tensor> fixed(String slot) {
        return fixed.get(slot).values();
    }

    /** What a part of a composition remembers. */
    public Memory part(String part) {
        String prefix = part + ".";
        Map<String, ParameterVector> out = new LinkedHashMap<>();
        Map<String, Integer> scaling = new LinkedHashMap<>();
        vectors.forEach((name, vector) -> {
            if (name.startsWith(prefix)) {
                out.put(name.substring(prefix.length()), vector);
                scaling.put(name.substring(prefix.length()), power(name));
            }
        });
        return new Memory(out, fixed.part(part), scaling);
    }
}
