package org.quotient.optimizers;

/** P = 1: the gradient has the differential's numbers. A differential is not a displacement, so this depends on the units. */
record EuclideanMetric() implements Metric {
    @Override
    public ParameterVector gradient(ParameterVector theta, ParameterVector differential) {
        return differential;
    }

    @Override
    public Law law() {
        return Law.NONE;
    }
}
