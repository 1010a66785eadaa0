package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Step;

/** Fused elementwise operations. */
final class Chains {
    private Chains() {}

    static List<Step> steps(Chain chain, List<Place> in, List<Place> out) {
        int registers = chain.loads().size() + chain.code().size();
        Whole all = () -> {
            double[] value = new double[registers];
            for (int e = 0; e < chain.elements(); e++) {
                evaluate(chain, in, e, value);
                for (int s = 0; s < out.size(); s++) {
                    Place to = out.get(s);
                    F64Kernels.array(to)[to.offset() + e] = value[chain.stores().get(s)];
                }
            }
        };
        return List.of(all);
    }

    static void evaluate(Chain chain, List<Place> in, int element, double[] value) {
        int r = 0;
        for (Chain.Load load : chain.loads()) {
            int at = in.get(load.operand()).offset();
            int rest = element;
            for (int axis = chain.sizes().size() - 1; axis >= 0; axis--) {
                at += rest % chain.sizes().get(axis) * load.strides().get(axis);
                rest /= chain.sizes().get(axis);
            }
            value[r++] = F64Kernels.array(in.get(load.operand()))[at];
        }
        for (Chain.Instruction instruction : chain.code()) {
            value[r++] = switch (instruction) {
                case Chain.Constant c -> (double) c.value();
                case Chain.Unary u -> unary(u.kind(), value[u.x()]);
                case Chain.Binary b -> binary(b.kind(), value[b.x()], value[b.y()]);
            };
        }
    }

    static double unary(Op.UnaryKind kind, double x) {
        return switch (kind) {
            case NEG -> -x;
            case EXP -> (double) Math.exp(x);
            case LOG -> (double) Math.log(x);
            case SQRT -> (double) Math.sqrt(x);
            case ABS -> Math.abs(x);
            case STEP -> x > 0 ? 1 : 0;
            case RELU -> x <= 0 ? 0 : x;
            case TANH -> (double) Math.tanh(x);
            case SIGMOID -> (double) (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
            case SOFTPLUS -> (double) (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
            case ERF -> (double) org.apache.commons.math3.special.Erf.erf(x);
            case DETACH -> x;
        };
    }

    static double binary(Op.BinaryKind kind, double x, double y) {
        return switch (kind) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case POW -> (double) Math.pow(x, y);
            case MAX -> x >= y || Double.isNaN(x) ? x : y;
            case PRELU -> x > 0 ? x : x * y;
        };
    }
}
