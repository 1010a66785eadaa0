package org.quotient.autodiff;

import java.util.List;
import org.apache.commons.math3.special.Erf;

/** Values of the elementwise operations. The switch is outside the loop, so that each loop is compiled for one function. */
final class ElementwiseKernels {
    private ElementwiseKernels() {}

    static Tensor compute(Op.Elementwise op, List<Tensor> operands, Shape shape, Numbers numbers) {
        double[] x = operands.get(0).data();
        double[] out = new double[x.length];
        switch (op) {
            case Op.Unary u -> unary(u.kind(), x, out);
            case Op.Binary b -> binary(b.kind(), x, operands.get(1).data(), out, numbers);
        }
        numbers.settle(out, 0, out.length);
        return Tensor.of(shape, operands.get(0).dtype(), out);
    }

    private static void unary(Op.UnaryKind kind, double[] x, double[] out) {
        switch (kind) {
            case NEG -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = -x[i];
                }
            }
            case EXP -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = Math.exp(x[i]);
                }
            }
            case LOG -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = Math.log(x[i]);
                }
            }
            case SQRT -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = Math.sqrt(x[i]);
                }
            }
            case ABS -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = Math.abs(x[i]);
                }
            }
            case STEP -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = x[i] > 0 ? 1 : 0;
                }
            }
            case RELU -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = x[i] <= 0 ? 0 : x[i];
                }
            }
            case TANH -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = Math.tanh(x[i]);
                }
            }
            case SIGMOID -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = sigmoid(x[i]);
                }
            }
            case SOFTPLUS -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = Math.max(x[i], 0) + Math.log1p(Math.exp(-Math.abs(x[i])));
                }
            }
            case ERF -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = Erf.erf(x[i]);
                }
            }
            case DETACH -> System.arraycopy(x, 0, out, 0, out.length);
        }
    }

    private static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    private static void binary(Op.BinaryKind kind, double[] x, double[] y, double[] out, Numbers numbers) {
        switch (kind) {
            case ADD -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = x[i] + y[i];
                }
            }
            case SUB -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = x[i] - y[i];
                }
            }
            case MUL -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = x[i] * y[i];
                }
            }
            case DIV -> divide(x, y, out, numbers);
            case POW -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = Math.pow(x[i], y[i]);
                }
            }
            case MAX -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = x[i] >= y[i] || Double.isNaN(x[i]) ? x[i] : y[i];
                }
            }
            case PRELU -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = x[i] > 0 ? x[i] : x[i] * y[i];
                }
            }
        }
    }

    private static void divide(double[] x, double[] y, double[] out, Numbers numbers) {
        if (numbers instanceof Numbers.PrimeField field) {
            for (int i = 0; i < out.length; i++) {
                out[i] = x[i] * field.inverse((long) y[i]);
            }
        } else {
            for (int i = 0; i < out.length; i++) {
                out[i] = x[i] / y[i];
            }
        }
    }
}
