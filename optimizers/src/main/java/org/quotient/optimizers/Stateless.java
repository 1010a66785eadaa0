package org.quotient.optimizers;

import java.util.function.Function;

/** An update that remembers nothing. */
record Stateless(String name, Law law, Function<Point, ParameterVector> rule) implements Update {
    @Override
    public Step step(Point at, Memory memory) {
        return Step.to(rule.apply(at));
    }
}
