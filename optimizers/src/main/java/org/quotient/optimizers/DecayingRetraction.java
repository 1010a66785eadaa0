package org.quotient.optimizers;

/** What another retraction reaches, minus η·λ·θ. */
record DecayingRetraction(Retraction inner, double decay) implements Retraction {
    @Override
    public ParameterVector retract(ParameterVector step, Point at, Memory memory) {
        return inner.retract(step, at, memory)
                .minus(at.theta().times(at.learningRate().times(decay)));
    }

    @Override
    public Law law() {
        return inner.law();
    }
}
