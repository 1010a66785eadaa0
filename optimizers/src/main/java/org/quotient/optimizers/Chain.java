package org.quotient.optimizers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Transformations in a row.
 *
 * @param parts the first one gets the gradient
 */
record Chain(List<Direction> parts) implements Direction {
    Chain {
        parts = List.copyOf(parts);
    }

    @Override
    public State init(Layout layout) {
        State state = State.EMPTY;
        for (int i = 0; i < parts.size(); i++) {
            state = state.withPart(String.valueOf(i), parts.get(i).init(layout));
        }
        return state;
    }

    @Override
    public Result update(ParameterVector vector, Memory memory, Point at) {
        ParameterVector current = vector;
        Map<String, Map<String, ParameterVector>> next = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            Result result = parts.get(i).update(current, memory.part(String.valueOf(i)), at);
            current = result.vector();
            next.put(String.valueOf(i), result.state());
        }
        return new Result(current, Update.parts(next));
    }

    @Override
    public Law law(int power) {
        return parts.stream().map(part -> part.law(power)).reduce(Law.INVARIANT, Law::and);
    }
}
