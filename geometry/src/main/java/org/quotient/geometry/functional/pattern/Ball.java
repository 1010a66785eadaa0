package org.quotient.geometry.functional.pattern;

import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * The values of a node with bounds on their errors: element i of the exact value lies within {@code radius[i]} of
 * {@code middle[i]}. Where {@code nonzero[i]} is 0 the exact value is 0, and stays 0 when the parameters move a little.
 *
 * @param middle values in double precision
 * @param radius error bounds, at least 0, possibly infinite or NaN where nothing is known
 * @param nonzero 0 or 1
 */
record Ball(Tensor middle, Tensor radius, Tensor nonzero) {

    /** Exact numbers that do not change with the parameters. */
    static Ball constant(Tensor values) {
        double[] nonzero = new double[values.size()];
        for (int i = 0; i < nonzero.length; i++) {
            nonzero[i] = values.get(i) != 0 ? 1 : 0;
        }
        return new Ball(values, zeros(values.shape()), Tensor.of(values.shape(), nonzero));
    }

    /** Exact parameters. */
    static Ball parameter(Tensor values) {
        double[] ones = new double[values.size()];
        java.util.Arrays.fill(ones, 1);
        return new Ball(values, zeros(values.shape()), Tensor.of(values.shape(), ones));
    }

    /** Numbers rounded to nearest. */
    static Ball rounded(Tensor values) {
        double[] radius = new double[values.size()];
        double[] nonzero = new double[values.size()];
        for (int i = 0; i < radius.length; i++) {
            radius[i] = Math.ulp(values.get(i));
            nonzero[i] = 1;
        }
        return new Ball(values, Tensor.of(values.shape(), radius), Tensor.of(values.shape(), nonzero));
    }

    private static Tensor zeros(Shape shape) {
        return Tensor.of(shape, new double[shape.elements()]);
    }

    Shape shape() {
        return middle.shape();
    }

    /** Whether an element is 0 at all parameters nearby. */
    boolean vanishes(int i) {
        return nonzero.get(i) == 0;
    }

    /** A lower bound of an element; −∞ if nothing is known. */
    double low(int i) {
        double bound = Math.nextDown(middle.get(i) - radius.get(i));
        return Double.isNaN(bound) ? Double.NEGATIVE_INFINITY : vanishes(i) ? 0 : bound;
    }

    /** An upper bound of an element; +∞ if nothing is known. */
    double high(int i) {
        double bound = Math.nextUp(middle.get(i) + radius.get(i));
        return Double.isNaN(bound) ? Double.POSITIVE_INFINITY : vanishes(i) ? 0 : bound;
    }
}
