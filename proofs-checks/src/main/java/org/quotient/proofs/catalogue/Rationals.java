package org.quotient.proofs.catalogue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.pattern.ExactArithmetic;
import org.quotient.geometry.functional.pattern.ExactValues;

/**
 * Values of small graphs over the rationals: sums, products, quotients, convolutions and movement, with the batch size bound.
 * Convolutions and sums over windows are linear in each operand: they run on the ordinary kernels, digit by digit.
 */
final class Rationals {
    /** Products of two digits, 2^13 of them summed, are exact in a double. */
    private static final int DIGIT_BITS = 20;

    private Rationals() {}

    /**
     * The values of expressions.
     *
     * @param outputs without an open batch size
     * @param values those of the variables by name
     */
    static List<ExactValues> evaluate(List<Expr> outputs, Map<String, ExactValues> values) {
        Map<Expr, ExactValues> known = new IdentityHashMap<>();
        for (Expr node : Graph.topological(outputs)) {
            List<ExactValues> operands = node.operands().stream()
                    .map(o -> Objects.requireNonNull(known.get(o)))
                    .toList();
            known.put(node, apply(node, operands, values));
        }
        return outputs.stream().map(o -> Objects.requireNonNull(known.get(o))).toList();
    }

    private static ExactValues apply(Expr node, List<ExactValues> operands, Map<String, ExactValues> values) {
        return switch (node.op()) {
            case Op.Variable v -> ExactNumbers.get(values, v.name());
            case Op.Unary u when u.kind() == Op.UnaryKind.DETACH -> operands.getFirst();
            case Op.Conv c -> multilinear(node, operands);
            case Op.Pool p
            when p.kind() == Op.PoolKind.SUM || p.kind() == Op.PoolKind.SUM_ADJOINT -> multilinear(node, operands);
            default -> ExactArithmetic.apply(node, operands);
        };
    }

    /** Whole numbers over a common denominator, written in digits. */
    private record Digits(List<Tensor> digits, BigInteger denominator) {
        static Digits of(ExactValues x) {
            BigInteger common = BigInteger.ONE;
            for (BigFraction f : x.numbers()) {
                common = common.divide(common.gcd(f.getDenominator())).multiply(f.getDenominator());
            }
            BigInteger[] rest = new BigInteger[x.numbers().length];
            for (int k = 0; k < rest.length; k++) {
                BigFraction f = x.numbers()[k];
                rest[k] = f.getNumerator().multiply(common.divide(f.getDenominator()));
            }
            List<Tensor> digits = new ArrayList<>();
            boolean more = true;
            while (more) {
                double[] lowest = new double[rest.length];
                more = false;
                for (int k = 0; k < rest.length; k++) {
                    // Signed, so that negative numbers end too.
                    BigInteger[] parts = rest[k].divideAndRemainder(BigInteger.ONE.shiftLeft(DIGIT_BITS));
                    lowest[k] = parts[1].doubleValue();
                    rest[k] = parts[0];
                    more |= parts[0].signum() != 0;
                }
                digits.add(Tensor.of(x.shape(), lowest));
            }
            return new Digits(digits, common);
        }
    }

    private static ExactValues multilinear(Expr node, List<ExactValues> operands) {
        List<Digits> all = operands.stream().map(Digits::of).toList();
        BigInteger denominator = all.stream().map(Digits::denominator).reduce(BigInteger.ONE, BigInteger::multiply);
        Shape shape = node.shape();
        BigInteger[] sums = new BigInteger[shape.elements()];
        Arrays.fill(sums, BigInteger.ZERO);
        add(node, all, new ArrayList<>(), 0, sums);
        BigFraction[] out = new BigFraction[sums.length];
        Arrays.setAll(out, k -> new BigFraction(sums[k], denominator));
        return ExactValues.constant(shape, out);
    }

    /** Adds the values at all choices of one digit per operand, each at its place. */
    private static void add(Expr node, List<Digits> all, List<Tensor> chosen, int place, BigInteger[] sums) {
        if (chosen.size() == all.size()) {
            Tensor value = Evaluator.apply(node, chosen, 1, new Numbers.Real(DType.F64));
            for (int k = 0; k < sums.length; k++) {
                BigInteger term = BigInteger.valueOf((long) value.get(k));
                sums[k] = sums[k].add(term.shiftLeft(DIGIT_BITS * place));
            }
            return;
        }
        List<Tensor> digits = all.get(chosen.size()).digits();
        for (int d = 0; d < digits.size(); d++) {
            List<Tensor> longer = new ArrayList<>(chosen);
            longer.add(digits.get(d));
            add(node, all, longer, place + d, sums);
        }
    }
}
