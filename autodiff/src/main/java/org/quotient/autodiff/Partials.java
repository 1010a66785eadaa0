package org.quotient.autodiff;

import static org.quotient.autodiff.Ops.add;
import static org.quotient.autodiff.Ops.div;
import static org.quotient.autodiff.Ops.exp;
import static org.quotient.autodiff.Ops.fullLike;
import static org.quotient.autodiff.Ops.log;
import static org.quotient.autodiff.Ops.mul;
import static org.quotient.autodiff.Ops.neg;
import static org.quotient.autodiff.Ops.pow;
import static org.quotient.autodiff.Ops.sigmoid;
import static org.quotient.autodiff.Ops.sign;
import static org.quotient.autodiff.Ops.step;
import static org.quotient.autodiff.Ops.sub;

import java.util.Optional;

/**
 * The pass that gives the partial derivatives of elementwise operations, used by both modes. Conventions at kinks:
 * relu'(0) = 0; |·|'(0) = 0; prelu at 0 takes the slope's side, as PyTorch does; of two equal operands of a maximum the first
 * gets the whole derivative; step has derivative 0 everywhere.
 */
final class Partials {
    private Partials() {}

    /** ∂node/∂operand i, of the node's shape; empty where it is identically zero. */
    static Optional<Expr> of(Expr node, Op.Elementwise op, int i) {
        return switch (op) {
            case Op.Unary u -> unary(node, u.kind());
            case Op.Binary b -> binary(node, b.kind(), i);
        };
    }

    private static Optional<Expr> unary(Expr node, Op.UnaryKind kind) {
        Expr x = node.operand(0);
        return switch (kind) {
            case NEG -> Optional.of(fullLike(x, -1));
            case EXP -> Optional.of(node);
            case LOG -> Optional.of(div(fullLike(x, 1), x));
            case SQRT -> Optional.of(div(fullLike(x, 0.5), node));
            case ABS -> Optional.of(sign(x));
            case STEP, DETACH -> Optional.empty();
            case RELU -> Optional.of(step(x));
            case TANH -> Optional.of(sub(fullLike(x, 1), mul(node, node)));
            case SIGMOID -> Optional.of(mul(node, sub(fullLike(x, 1), node)));
            case SOFTPLUS -> Optional.of(sigmoid(x));
            case ERF -> Optional.of(exp(neg(mul(x, x))).times(2 / Math.sqrt(Math.PI)));
        };
    }

    private static Optional<Expr> binary(Expr node, Op.BinaryKind kind, int i) {
        Expr x = node.operand(0);
        Expr y = node.operand(1);
        return switch (kind) {
            case ADD -> Optional.of(fullLike(x, 1));
            case SUB -> Optional.of(fullLike(x, i == 0 ? 1 : -1));
            case MUL -> Optional.of(i == 0 ? y : x);
            case DIV -> Optional.of(i == 0 ? div(fullLike(x, 1), y) : neg(div(node, y)));
            case POW -> Optional.of(i == 0 ? mul(y, pow(x, sub(y, fullLike(y, 1)))) : mul(node, log(x)));
            case MAX -> {
                Expr second = step(sub(y, x));
                yield Optional.of(i == 0 ? sub(fullLike(x, 1), second) : second);
            }
            case PRELU -> {
                Expr positive = step(x);
                Expr other = sub(fullLike(x, 1), positive);
                yield Optional.of(i == 0 ? add(positive, mul(y, other)) : mul(x, other));
            }
        };
    }
}
