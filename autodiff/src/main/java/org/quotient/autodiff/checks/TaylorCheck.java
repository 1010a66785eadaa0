package org.quotient.autodiff.checks;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.quotient.autodiff.CounterRandom;

/** The order of the remainder f(x + hv) − Σ_{k ≤ order} h^k/k! · D^k f(x)[v, ..., v]. */
final class TaylorCheck {
    private static final int STEPS = 24;

    /** How many of the smallest usable steps are fitted: the tail, where the leading term rules. */
    private static final int FITTED = 6;

    private TaylorCheck() {}

    static Finding.Slope run(Subject subject, int order, CounterRandom random) {
        if (order < 1 || order > 2) {
            throw new IllegalArgumentException("Taylor models of order 1 and 2 are checked; given " + order);
        }
        Tolerances tolerances = Tolerances.of(subject.dtype());
        Line line = Line.random(subject, random);
        double[] value = line.value(0);
        double[] first = line.derivative(1);
        double[] second = order > 1 ? line.derivative(2) : new double[value.length];
        List<Double> steps = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        List<double[]> usable = new ArrayList<>();
        for (int k = 0; k < STEPS; k++) {
            double h = tolerances.firstStep() * Math.scalb(1.0, -k);
            double[] moved = line.value(h);
            double[] remainder = new double[moved.length];
            for (int i = 0; i < moved.length; i++) {
                remainder[i] = moved[i] - value[i] - h * (first[i] + h / 2 * second[i]);
            }
            double error = norm(remainder);
            steps.add(h);
            errors.add(error);
            double floor = tolerances.rounding() * tolerances.epsilon() * (norm(moved) + h * norm(first));
            // Written so that NaN counts as an error above rounding.
            if (!(error <= floor)) {
                usable.add(new double[] {Math.log(h), Math.log(error)});
            }
        }
        boolean exact = usable.size() < 3;
        double slope = exact ? Double.NaN : fit(usable.subList(Math.max(0, usable.size() - FITTED), usable.size()));
        return new Finding.Slope(subject.name(), order + 1, slope, exact, steps, errors, tolerances.slope());
    }

    private static double fit(List<double[]> points) {
        SimpleRegression regression = new SimpleRegression();
        for (double[] point : points) {
            regression.addData(point[0], point[1]);
        }
        return regression.getSlope();
    }

    private static double norm(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
