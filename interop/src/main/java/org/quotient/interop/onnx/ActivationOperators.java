package org.quotient.interop.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.interop.onnx.OperatorTable.Rule;

/** Functions of one number. */
final class ActivationOperators {
    private static final double SELU_ALPHA = 1.67326319217681884765625;
    private static final double SELU_GAMMA = 1.05070102214813232421875;

    private ActivationOperators() {}

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("Relu", unary(Ops::relu));
        rules.put("Abs", unary(Ops::abs));
        rules.put("Exp", unary(Ops::exp));
        rules.put("Log", unary(Ops::log));
        rules.put("Tanh", unary(Ops::tanh));
        rules.put("Sigmoid", unary(Ops::sigmoid));
        rules.put("Softplus", unary(Ops::softplus));
        rules.put("Erf", unary(Ops::erf));
        rules.put("Sign", unary(Ops::sign));
        rules.put("Softsign", unary(x -> x.over(Ops.abs(x).plus(1))));
        rules.put("Reciprocal", unary(x -> Ops.scalar(1, x.dtype()).over(x)));
        rules.put("HardSwish", unary(x -> x.times(hardSigmoid(x, 1.0 / 6, 0.5))));
        rules.put("Neg", OperatorTable.value(ActivationOperators::negate));
        rules.put("Sqrt", OperatorTable.real(ActivationOperators::root));
        rules.put("LeakyRelu", OperatorTable.real(n -> Ops.leakyRelu(n.real(0), n.number("alpha", 0.01f))));
        rules.put("PRelu", OperatorTable.real(n -> Ops.prelu(n.real(0), n.real(1))));
        rules.put("Gelu", OperatorTable.real(ActivationOperators::gelu));
        rules.put("Elu", OperatorTable.real(n -> elu(n.real(0), n.number("alpha", 1))));
        rules.put("Celu", OperatorTable.real(ActivationOperators::celu));
        rules.put("Selu", OperatorTable.real(ActivationOperators::selu));
        rules.put(
                "HardSigmoid",
                OperatorTable.real(n -> hardSigmoid(n.real(0), n.number("alpha", 0.2f), n.number("beta", 0.5))));
        rules.put("Clip", OperatorTable.real(ActivationOperators::clip));
        return rules;
    }

    private static Rule unary(UnaryOperator<Expr> function) {
        return OperatorTable.real(node -> function.apply(node.real(0)));
    }

    private static Value negate(Node node) {
        if (node.value(0) instanceof Value.Ints ints) {
            long[] values = ints.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = -IntegerArithmetic.known(node, values[i]);
            }
            return new Value.Ints(ints.dims(), values);
        }
        return new Value.Real(Ops.neg(node.real(0)));
    }

    private static Expr root(Node node) {
        Expr x = node.real(0);
        Expr result = Ops.sqrt(x);
        node.moments().root(result, x);
        return result;
    }

    private static Expr gelu(Node node) {
        String form = node.text("approximate", "none");
        return switch (form) {
            case "none" -> Ops.gelu(node.real(0));
            case "tanh" -> Ops.geluTanh(node.real(0));
            default -> throw node.fail("has the approximation '" + form + "'; expected none or tanh.");
        };
    }

    /** x for positive x, else alpha·(e^x − 1): written without a case distinction. */
    private static Expr elu(Expr x, double alpha) {
        Expr negative = Ops.neg(Ops.relu(Ops.neg(x)));
        return Ops.relu(x).plus(Ops.exp(negative).plus(-1).times(alpha));
    }

    private static Expr celu(Node node) {
        double alpha = node.number("alpha", 1);
        return elu(node.real(0).times(1 / alpha), 1).times(alpha);
    }

    private static Expr selu(Node node) {
        double gamma = node.number("gamma", SELU_GAMMA);
        return elu(node.real(0), node.number("alpha", SELU_ALPHA)).times(gamma);
    }

    private static Expr hardSigmoid(Expr x, double alpha, double beta) {
        Expr line = x.times(alpha).plus(beta);
        return Ops.min(Ops.relu(line), Ops.scalar(1, x.dtype()));
    }

    private static Expr clip(Node node) {
        Expr x = node.real(0);
        if (node.has(1)) {
            x = atLeast(x, bound(node, 1));
        }
        return node.has(2) ? atMost(x, bound(node, 2)) : x;
    }

    private static double bound(Node node, int input) {
        Tensor bound = node.numbers(input);
        if (bound.size() != 1) {
            throw node.fail("expects single numbers as bounds; given one of shape " + bound.shape() + ".");
        }
        return bound.get(0);
    }

    private static Expr atLeast(Expr x, double bound) {
        return bound == 0
                ? Ops.relu(x)
                : bound == Double.NEGATIVE_INFINITY ? x : Ops.max(x, Ops.scalar(bound, x.dtype()));
    }

    private static Expr atMost(Expr x, double bound) {
        return bound == Double.POSITIVE_INFINITY ? x : Ops.min(x, Ops.scalar(bound, x.dtype()));
    }
}
