package org.quotient.optimizers;

/** θ + ξ. */
record EuclideanRetraction() implements Retraction {
    @Override
    public ParameterVector retract(ParameterVector theta, ParameterVector step) {
        return theta.plus(step);
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
