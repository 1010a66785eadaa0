package org.quotient.optimizers;

/**
 * Momentum as {@code torch.optim.SGD} defines it, without dampening: m ← μ·m + S from m = 0, and the direction is m, or
 * S + μ·m in Nesterov's form (Sutskever et al. 2013).
 *
 * <p>The average is linear with constant coefficients, so it commutes with every rescaling as long as all vectors scale alike:
 * put it behind the metric. The metric acts at the point where each vector was made; the remembered ones are carried to the new
 * point as they are.
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
    public State init(ParameterVector theta) {
        return State.of(SLOT, theta.zeros());
    }

    @Override
    public Result update(ParameterVector vector, State state, ParameterVector theta) {
        ParameterVector m = state.get(SLOT).zip(vector, (old, s) -> mu * old + s);
        return new Result(nesterov ? vector.zip(m, (s, v) -> s + mu * v) : m, State.of(SLOT, m));
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
