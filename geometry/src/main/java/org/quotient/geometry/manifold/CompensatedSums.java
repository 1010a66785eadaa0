package org.quotient.geometry.manifold;

/**
 * Many sums side by side, each as if computed in twice the working precision and then rounded once (Ogita, Rump and Oishi 2005,
 * algorithms Sum2 and Dot2): the error is about u·|sum| + n²u²·Σ|terms| with u = 2^-53.
 */
final class CompensatedSums {
    private final double[] high;
    private final double[] low;

    CompensatedSums(int count) {
        high = new double[count];
        low = new double[count];
    }

    void add(int at, double x) {
        double a = high[at];
        double s = a + x;
        double b = s - a;
        low[at] += (a - (s - b)) + (x - b);
        high[at] = s;
    }

    /** Adds x·y without rounding the product, short of underflow. */
    void addProduct(int at, double x, double y) {
        double p = x * y;
        add(at, p);
        low[at] += Math.fma(x, y, -p);
    }

    /** Adds c times a sum of another array of sums; exact up to its low part for c a small integer. */
    void add(int at, double c, CompensatedSums other, int from) {
        addProduct(at, c, other.high[from]);
        low[at] += c * other.low[from];
    }

    double[] values() {
        double[] out = new double[high.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = high[i] + low[i];
        }
        return out;
    }
}
