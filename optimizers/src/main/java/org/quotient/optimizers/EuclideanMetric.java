package org.quotient.optimizers;

/** P = 1: the gradient has the differential's numbers. A differential is not a displacement, so this depends on the units. */
enum EuclideanMetric implements Metric {
    INSTANCE;

    @Override
    public ParameterVector gradient(ParameterVector differential, Point at, Memory memory) {
        return differential;
    }

    @Override
    public int power() {
        return -1;
    }

    @Override
    public Law law() {
        return Law.NONE;
    }
}
