package org.quotient.optimizers;

import java.util.Map;

/** S ↦ S + λ·θ. */
record CoupledDecay(double lambda) implements Direction {
    CoupledDecay {
        if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("A weight decay is finite and at least 0; given " + lambda);
        }
    }

    @Override
    public Result update(ParameterVector vector, Memory memory, Point at) {
        return new Result(lambda == 0 ? vector : vector.plus(at.theta().times(lambda)), Map.of());
    }

    @Override
    public Law law(int power) {
        return lambda == 0 || power == 1 ? Law.INVARIANT : Law.NONE;
    }
}
