package org.quotient.interop.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.interop.onnx.OperatorTable.Rule;

/** Sums, products and comparisons, on floating-point values and on the integers of shapes. */
final class ArithmeticOperators {
    private ArithmeticOperators() {}

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("Add", binary(ArithmeticOperators::add));
        rules.put("Sub", binary(ArithmeticOperators::subtract));
        rules.put("Mul", binary(ArithmeticOperators::multiply));
        rules.put("Div", binary(ArithmeticOperators::divide));
        rules.put("Max", binary((node, a, b) -> Ops.max(a, b)));
        rules.put("Min", binary((node, a, b) -> Ops.min(a, b)));
        rules.put("Pow", OperatorTable.real(ArithmeticOperators::power));
        rules.put("Sum", OperatorTable.real(node -> fold(node, Ops::add)));
        rules.put("Mean", OperatorTable.real(node -> fold(node, Ops::add).times(1.0 / node.inputCount())));
        for (String name :
                new String[] {"Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Mod"}) {
            rules.put(name, OperatorTable.value(node -> IntegerArithmetic.binary(node, node.ints(0), node.ints(1))));
        }
        return rules;
    }

    private interface Binary {
        Expr apply(Node node, Expr a, Expr b);
    }

    /** Two operands, or any number for Max and Min. */
    private static Rule binary(Binary function) {
        return OperatorTable.value(node -> {
            if (node.value(0) instanceof Value.Ints first) {
                Value.Ints result = first;
                for (int i = 1; i < node.inputCount(); i++) {
                    result = IntegerArithmetic.binary(node, result, node.ints(i));
                }
                return result;
            }
            return new Value.Real(fold(node, (a, b) -> function.apply(node, a, b)));
        });
    }

    private static Expr fold(Node node, BinaryOperator<Expr> function) {
        Expr result = node.real(0);
        for (int i = 1; i < node.inputCount(); i++) {
            result = function.apply(result, node.real(i));
        }
        return result;
    }

    private static Expr add(Node node, Expr a, Expr b) {
        Expr result = Ops.add(a, b);
        node.moments().sum(result, a, b);
        return result;
    }

    private static Expr subtract(Node node, Expr a, Expr b) {
        Expr result = Ops.sub(a, b);
        node.moments().difference(result, a, b);
        return result;
    }

    private static Expr multiply(Node node, Expr a, Expr b) {
        Expr result = Ops.mul(a, b);
        if (a == b) {
            node.moments().square(result, a);
        }
        return result;
    }

    private static Expr divide(Node node, Expr a, Expr b) {
        Expr standardised = node.moments().quotient(a, b);
        return standardised == null ? Ops.div(a, b) : standardised;
    }

    /** x^y; the exponents 1, 2 and ½ become what they are, so that homogeneity is seen. */
    private static Expr power(Node node) {
        Expr x = node.real(0);
        double exponent = Double.NaN;
        if (node.value(1) instanceof Value.Ints ints && ints.values().length == 1) {
            exponent = IntegerArithmetic.known(node, ints.values()[0]);
        } else if (node.real(1).op() instanceof Op.Constant c && c.value().size() == 1) {
            exponent = c.value().get(0);
        }
        if (exponent == 2) {
            return multiply(node, x, x);
        }
        if (exponent == 0.5) {
            Expr result = Ops.sqrt(x);
            node.moments().root(result, x);
            return result;
        }
        if (exponent == 1) {
            return x;
        }
        boolean single = !Double.isNaN(exponent);
        return Ops.pow(x, single ? Expr.constant(scalar(node, exponent)) : node.real(1));
    }

    private static Tensor scalar(Node node, double value) {
        return Tensor.of(org.quotient.autodiff.Shape.SCALAR, node.dtype(), value);
    }
}
