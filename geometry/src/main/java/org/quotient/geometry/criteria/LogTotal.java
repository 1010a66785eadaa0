package org.quotient.geometry.criteria;

/** Σ log x over positive numbers, with one logarithm for many numbers. */
final class LogTotal {
    private static final double TINY = 1e-140;
    private static final double HUGE = 1e140;

    private double product = 1;
    private double sum;

    void add(double x) {
        if (x < TINY || x > HUGE) {
            sum += Math.log(x);
            return;
        }
        product *= x;
        if (product < TINY || product > HUGE) {
            sum += Math.log(product);
            product = 1;
        }
    }

    double total() {
        return sum + Math.log(product);
    }
}
