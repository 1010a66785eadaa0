package org.quotient.optimizers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;

/**
 * A {@link State} as a step sees it: expressions for what changes from step to step, numbers for what is fixed.
 *
 * @param vectors the slots that change, by name
 * @param fixed the slots that do not
 */
public record Memory(Map<String, ParameterVector> vectors, State fixed) {
    /** Nothing to remember. */
    public static final Memory EMPTY = new Memory(Map.of(), State.EMPTY);

    /** Keeps its own copy of the map. */
    public Memory {
        vectors = Map.copyOf(vectors);
    }

    /** Variables for the slots of a state. */
    static Memory of(State state) {
        Map<String, ParameterVector> vectors = new LinkedHashMap<>();
        state.slots().forEach((slot, content) -> {
            if (!content.fixed()) {
                Map<String, Expr> variables = new LinkedHashMap<>();
                content.values()
                        .forEach((name, value) ->
                                variables.put(name, Expr.buffer(variable(slot, name), value.dtype(), value.shape())));
                vectors.put(slot, new ParameterVector(variables));
            }
        });
        return new Memory(vectors, state.fixed());
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

    /** The numbers of a slot that is fixed. */
    public Map<String, Tensor> fixed(String slot) {
        return fixed.get(slot).values();
    }

    /** What a part of a composition remembers. */
    public Memory part(String part) {
        String prefix = part + ".";
        Map<String, ParameterVector> out = new LinkedHashMap<>();
        vectors.forEach((name, vector) -> {
            if (name.startsWith(prefix)) {
                out.put(name.substring(prefix.length()), vector);
            }
        });
        return new Memory(out, fixed.part(part));
    }
}
