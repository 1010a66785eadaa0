package org.quotient.optimizers;

import java.util.List;

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
    public State init(ParameterVector theta) {
        State state = State.EMPTY;
        for (int i = 0; i < parts.size(); i++) {
            state = state.withPart(i, parts.get(i).init(theta));
        }
        return state;
    }

    @Override
    public Result update(ParameterVector vector, State state, ParameterVector theta) {
        ParameterVector current = vector;
        State next = State.EMPTY;
        for (int i = 0; i < parts.size(); i++) {
            Result result = parts.get(i).update(current, state.part(i), theta);
            current = result.vector();
            next = next.withPart(i, result.state());
        }
        return new Result(current, next);
    }

    @Override
    public Law law() {
        return parts.stream().map(Direction::law).reduce(Law.INVARIANT, Law::and);
    }
}
