package org.quotient.optimizers;

/** θ + ξ. */
enum EuclideanRetraction implements Retraction {
    INSTANCE;

    @Override
    public ParameterVector retract(ParameterVector step, Point at, Memory memory) {
        return at.theta().plus(step);
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
