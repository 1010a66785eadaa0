package org.quotient.autodiff.rewrite;

import static org.quotient.autodiff.rewrite.Patterns.full;
import static org.quotient.autodiff.rewrite.Patterns.is;
import static org.quotient.autodiff.rewrite.Patterns.isBinary;
import static org.quotient.autodiff.rewrite.Patterns.isUnary;
import static org.quotient.autodiff.rewrite.Patterns.negated;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op.BinaryKind;
import org.quotient.autodiff.Op.UnaryKind;
import org.quotient.autodiff.Ops;

/**
 * Rules of elementwise arithmetic. They are identities in every field; in floating point they keep every finite value (the
 * sign of a zero may change), and those that drop an operand assume that it is finite: 0·∞, ∞ − ∞ and NaN are not kept.
 */
final class ArithmeticRules {
    private ArithmeticRules() {}

    static List<Rule> all() {
        return List.of(
                new Rule("addition of zero", "x + 0 = 0 + x = x", ArithmeticRules::addZero),
                new Rule("subtraction of zero", "x - 0 = x and 0 - x = -x", ArithmeticRules::subtractZero),
                new Rule("multiplication by one", "x * 1 = 1 * x = x", ArithmeticRules::multiplyByOne),
                new Rule("multiplication by zero", "x * 0 = 0 * x = 0 for finite x", ArithmeticRules::multiplyByZero),
                new Rule("multiplication by minus one", "x * -1 = -1 * x = -x", ArithmeticRules::multiplyByMinusOne),
                new Rule("division by one", "x / 1 = x", ArithmeticRules::divideByOne),
                new Rule("double negation", "-(-x) = x", node -> negated(node).flatMap(Patterns::negated)),
                new Rule("difference of equals", "x - x = 0 for finite x", ArithmeticRules::subtractSelf),
                new Rule("addition of a negation", "x + -y = x - y and -x + y = y - x", ArithmeticRules::addNegation),
                new Rule("subtraction of a negation", "x - -y = x + y", ArithmeticRules::subtractNegation),
                new Rule("product of negations", "-x * -y = x * y", ArithmeticRules::negatedFactors),
                new Rule(
                        "negation into a constant factor",
                        "-(c * x) = -x * c = (-c) * x",
                        ArithmeticRules::constantFactor),
                new Rule("negation of a difference", "-(x - y) = y - x", ArithmeticRules::negatedDifference),
                new Rule("relu of relu", "relu(relu(x)) = relu(x)", node -> twice(node, UnaryKind.RELU)),
                new Rule("abs of abs", "abs(abs(x)) = abs(x)", node -> twice(node, UnaryKind.ABS)),
                new Rule("detach of detach", "detach(detach(x)) = detach(x)", node -> twice(node, UnaryKind.DETACH)),
                new Rule("step of relu", "step(relu(x)) = step(x)", ArithmeticRules::stepOfRelu));
    }

    private static Optional<Expr> addZero(Expr node) {
        if (!isBinary(node, BinaryKind.ADD)) {
            return Optional.empty();
        }
        return is(node.operand(1), 0)
                ? Optional.of(node.operand(0))
                : is(node.operand(0), 0) ? Optional.of(node.operand(1)) : Optional.empty();
    }

    private static Optional<Expr> subtractZero(Expr node) {
        if (!isBinary(node, BinaryKind.SUB)) {
            return Optional.empty();
        }
        return is(node.operand(1), 0)
                ? Optional.of(node.operand(0))
                : is(node.operand(0), 0) ? Optional.of(Ops.neg(node.operand(1))) : Optional.empty();
    }

    /** The other factor of a product by the constant c. */
    private static Optional<Expr> otherFactor(Expr node, double c) {
        if (!isBinary(node, BinaryKind.MUL)) {
            return Optional.empty();
        }
        return is(node.operand(1), c)
                ? Optional.of(node.operand(0))
                : is(node.operand(0), c) ? Optional.of(node.operand(1)) : Optional.empty();
    }

    private static Optional<Expr> multiplyByOne(Expr node) {
        return otherFactor(node, 1);
    }

    private static Optional<Expr> multiplyByZero(Expr node) {
        return otherFactor(node, 0).map(x -> full(node, 0));
    }

    private static Optional<Expr> multiplyByMinusOne(Expr node) {
        return otherFactor(node, -1).map(Ops::neg);
    }

    private static Optional<Expr> divideByOne(Expr node) {
        return isBinary(node, BinaryKind.DIV) && is(node.operand(1), 1)
                ? Optional.of(node.operand(0))
                : Optional.empty();
    }

    private static Optional<Expr> subtractSelf(Expr node) {
        return isBinary(node, BinaryKind.SUB) && node.operand(0) == node.operand(1)
                ? Optional.of(full(node, 0))
                : Optional.empty();
    }

    private static Optional<Expr> addNegation(Expr node) {
        if (!isBinary(node, BinaryKind.ADD)) {
            return Optional.empty();
        }
        Expr x = node.operand(0);
        Expr y = node.operand(1);
        Optional<Expr> second = negated(y).map(z -> Ops.sub(x, z));
        return second.isPresent() ? second : negated(x).map(z -> Ops.sub(y, z));
    }

    private static Optional<Expr> subtractNegation(Expr node) {
        return isBinary(node, BinaryKind.SUB)
                ? negated(node.operand(1)).map(z -> Ops.add(node.operand(0), z))
                : Optional.empty();
    }

    private static Optional<Expr> negatedFactors(Expr node) {
        return isBinary(node, BinaryKind.MUL)
                ? negated(node.operand(0)).flatMap(x -> negated(node.operand(1)).map(y -> Ops.mul(x, y)))
                : Optional.empty();
    }

    private static Optional<Expr> constantFactor(Expr node) {
        Optional<Expr> inside = negated(node).filter(product -> isBinary(product, BinaryKind.MUL));
        if (inside.isPresent()) {
            return withNegatedConstant(inside.get().operand(0), inside.get().operand(1));
        }
        if (!isBinary(node, BinaryKind.MUL)) {
            return Optional.empty();
        }
        Optional<Expr> left = negated(node.operand(0)).flatMap(x -> constantTimes(node.operand(1), x));
        return left.isPresent() ? left : negated(node.operand(1)).flatMap(x -> constantTimes(node.operand(0), x));
    }

    private static Optional<Expr> withNegatedConstant(Expr x, Expr y) {
        Optional<Expr> left = constantTimes(x, y);
        return left.isPresent() ? left : constantTimes(y, x);
    }

    /** (−c)·x if the first argument is a uniform constant c. */
    private static Optional<Expr> constantTimes(Expr constant, Expr x) {
        OptionalDouble c = Patterns.uniform(constant);
        return c.isPresent() ? Optional.of(Ops.mul(full(constant, -c.getAsDouble()), x)) : Optional.empty();
    }

    private static Optional<Expr> negatedDifference(Expr node) {
        return negated(node).filter(d -> isBinary(d, BinaryKind.SUB)).map(d -> Ops.sub(d.operand(1), d.operand(0)));
    }

    private static Optional<Expr> twice(Expr node, UnaryKind kind) {
        return isUnary(node, kind) && isUnary(node.operand(0), kind) ? Optional.of(node.operand(0)) : Optional.empty();
    }

    private static Optional<Expr> stepOfRelu(Expr node) {
        return isUnary(node, UnaryKind.STEP) && isUnary(node.operand(0), UnaryKind.RELU)
                ? Optional.of(Ops.step(node.operand(0).operand(0)))
                : Optional.empty();
    }
}
