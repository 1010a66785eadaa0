package org.quotient.optimizers.zoo;

import java.util.Optional;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Update;

/**
 * An update whose own initialisation is made from the representative of unit norms, {@link UnitSection}: what it begins with then
 * depends on the function's weights modulo rescaling alone. Where the initialisation is left out, as when training goes on from
 * given weights, the update is the inner one.
 *
 * @param inner has an initialisation, and an invariant step
 */
record FromUnitNorms(Update inner) implements Update {
    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }

    @Override
    public Optional<Initialisation> initialisation() {
        return inner.initialisation()
                .map(own -> (problem, weights) ->
                        own.apply(problem, UnitSection.of(problem, name()).lenient(weights)));
    }

    @Override
    public Weights start(Problem problem, Weights weights) {
        return inner.start(problem, weights);
    }

    @Override
    public State init(Problem problem, Weights weights) {
        return inner.init(problem, weights);
    }

    @Override
    public Step step(Point at, Memory memory) {
        return inner.step(at, memory);
    }

    @Override
    public Optional<Between> between() {
        return inner.between();
    }
}
