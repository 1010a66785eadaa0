package org.quotient.optimizers;

import java.util.Map;

/**
 * Momentum as {@code torch.optim.SGD} defines it, without dampening: m ← μ·m + S from m = 0, and the direction is m, or
 * S + μ·m in Nesterov's form (Polyak 1964; Sutskever et al. 2013).
 *
 * <p>The average is linear with constant coefficients, so it commutes with every rescaling as long as all vectors scale alike.
 * Behind a metric the remembered vectors are carried to the new point as they are; in coordinates, as coordinates.
 *
 * @param mu the coefficient μ, from 0 to less than 1
 * @param nesterov whether to look ahead
 */
public record Momentum(double mu, boolean nesterov) implements Direction {
    private static final String SLOT = "momentum";

    /** Checks the coefficient. */
    public Momentum {
        if (!(mu >= 0 && mu < 1)) {
            throw new IllegalArgumentException("A momentum coefficient is at least 0 and less than 1; given " + mu);
        }
    }

    @Override
    public State init(Layout layout) {
        return State.of(SLOT, State.Slot.zeros(layout, 1));
    }

    @Override
    public Result update(ParameterVector vector, Memory memory, Point at) {
        ParameterVector m = memory.get(SLOT).times(mu).plus(vector);
        return new Result(nesterov ? vector.plus(m.times(mu)) : m, Map.of(SLOT, m));
    }

    @Override
    public Law law(int power) {
        return Law.INVARIANT;
    }
}
