package org.quotient.optimizers;

/**
 * S ↦ −η·S.
 *
 * @param eta the learning rate, finite and at least 0
 */
record ScaleByLearningRate(double eta) implements Direction {
    ScaleByLearningRate {
        if (!(eta >= 0 && Double.isFinite(eta))) {
            throw new IllegalArgumentException("A learning rate is a finite number of at least 0; given " + eta);
        }
    }

    @Override
    public State init(ParameterVector theta) {
        return State.EMPTY;
    }

    @Override
    public Result update(ParameterVector vector, State state, ParameterVector theta) {
        return new Result(vector.times(-eta), State.EMPTY);
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
