package org.quotient.autodiff;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;

/** Values of the elementwise operations. */
final class ElementwiseKernels {
    private ElementwiseKernels() {}

    static Tensor compute(Op.Elementwise op, List<Tensor> operands, Shape shape, Numbers numbers) {
        double[] x = operands.get(0).data();
        double[] out = new double[x.length];
        switch (op) {
            case Op.Unary u -> {
                DoubleUnaryOperator f = unary(u.kind());
                for (int i = 0; i < out.length; i++) {
                    out[i] = numbers.settle(f.applyAsDouble(x[i]));
                }
            }
            case Op.Binary b -> {
                double[] y = operands.get(1).data();
                DoubleBinaryOperator f = binary(b.kind(), numbers);
                for (int i = 0; i < out.length; i++) {
                    out[i] = numbers.settle(f.applyAsDouble(x[i], y[i]));
                }
            }
        }
        return Tensor.of(shape, operands.get(0).dtype(), out);
    }

    private static DoubleUnaryOperator unary(Op.UnaryKind kind) {
        return switch (kind) {
            case NEG -> x -> -x;
            case EXP -> Math::exp;
            case LOG -> Math::log;
            case SQRT -> Math::sqrt;
            case ABS -> Math::abs;
            case STEP -> x -> x > 0 ? 1 : 0;
            case RELU -> x -> x > 0 || Double.isNaN(x) ? x : 0;
            case TANH -> Math::tanh;
            case SIGMOID -> x -> x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
            case SOFTPLUS -> x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
            case ERF -> Erf::erf;
            case DETACH -> x -> x;
        };
    }

    private static DoubleBinaryOperator binary(Op.BinaryKind kind, Numbers numbers) {
        return switch (kind) {
            case ADD -> Double::sum;
            case SUB -> (x, y) -> x - y;
            case MUL -> (x, y) -> x * y;
            case DIV ->
                numbers instanceof Numbers.PrimeField field ? (x, y) -> x * field.inverse((long) y) : (x, y) -> x / y;
            case POW -> Math::pow;
            case MAX -> (x, y) -> x >= y || Double.isNaN(x) ? x : y;
            case PRELU -> (x, y) -> x > 0 ? x : x * y;
        };
    }
}
