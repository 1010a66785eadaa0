package org.quotient.autodiff.kernel.f64;

import org.apache.commons.math3.special.Erf;
import org.quotient.autodiff.Op;

/** Elementwise operations on runs of numbers, in plain loops. */
final class PlainLoops {
    private PlainLoops() {}

    /** z[zo + i] = f(x[xo + i]) for i below n; x and z may be the same run. */
    static void unary(Op.UnaryKind kind, int n, double[] x, int xo, double[] z, int zo) {
        switch (kind) {
            case NEG -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = -x[xo + i];
                }
            }
            case ABS -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = Math.abs(x[xo + i]);
                }
            }
            case STEP -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = x[xo + i] > 0 ? 1 : 0;
                }
            }
            case RELU -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = x[xo + i] <= 0 ? 0 : x[xo + i];
                }
            }
            case SQRT -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = (double) Math.sqrt(x[xo + i]);
                }
            }
            case DETACH -> System.arraycopy(x, xo, z, zo, n);
            case EXP -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = (double) Math.exp(x[xo + i]);
                }
            }
            case LOG -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = (double) Math.log(x[xo + i]);
                }
            }
            case TANH -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = (double) Math.tanh(x[xo + i]);
                }
            }
            case SIGMOID -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = sigmoid(x[xo + i]);
                }
            }
            case SOFTPLUS -> {
                for (int i = 0; i < n; i++) {
                    double v = x[xo + i];
                    z[zo + i] = (double) (Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))));
                }
            }
            case ERF -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = (double) Erf.erf(x[xo + i]);
                }
            }
        }
    }

    private static double sigmoid(double x) {
        return (double) (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
    }

    /** z[zo + i] = f(x[xo + i], y[yo + i]) for i below n; z may be the same run as x or y. */
    static void binary(Op.BinaryKind kind, int n, double[] x, int xo, double[] y, int yo, double[] z, int zo) {
        switch (kind) {
            case ADD -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = x[xo + i] + y[yo + i];
                }
            }
            case SUB -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = x[xo + i] - y[yo + i];
                }
            }
            case MUL -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = x[xo + i] * y[yo + i];
                }
            }
            case DIV -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = x[xo + i] / y[yo + i];
                }
            }
            case POW -> {
                for (int i = 0; i < n; i++) {
                    z[zo + i] = (double) Math.pow(x[xo + i], y[yo + i]);
                }
            }
            case MAX -> {
                for (int i = 0; i < n; i++) {
                    double v = x[xo + i];
                    z[zo + i] = v >= y[yo + i] || Double.isNaN(v) ? v : y[yo + i];
                }
            }
            case PRELU -> {
                for (int i = 0; i < n; i++) {
                    double v = x[xo + i];
                    z[zo + i] = v > 0 ? v : v * y[yo + i];
                }
            }
        }
    }

    /** See {@link Loops#addFour}. */
    static void addFour(int n, double[] x, int xo, int xs, double[] z, int zo) {
        for (int i = 0; i < n; i++) {
            double p = x[xo + i] + x[xo + xs + i];
            double q = x[xo + 2 * xs + i] + x[xo + 3 * xs + i];
            z[zo + i] += p + q;
        }
    }

    /** See {@link Loops#addFourProducts}. */
    static void addFourProducts(int n, double[] x, int xo, int xs, double[] y, int yo, int ys, double[] z, int zo) {
        for (int i = 0; i < n; i++) {
            double a = x[xo + i] * y[yo + i];
            double b = x[xo + xs + i] * y[yo + ys + i];
            double c = x[xo + 2 * xs + i] * y[yo + 2 * ys + i];
            double d = x[xo + 3 * xs + i] * y[yo + 3 * ys + i];
            z[zo + i] += (a + b) + (c + d);
        }
    }
}
