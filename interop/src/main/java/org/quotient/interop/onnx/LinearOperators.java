package org.quotient.interop.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.interop.onnx.OperatorTable.Rule;

/** Matrix products and Einstein sums. */
final class LinearOperators {
    private LinearOperators() {}

    static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        rules.put("MatMul", OperatorTable.real(n -> Ops.matmul(n.real(0), n.real(1))));
        rules.put("Gemm", OperatorTable.real(LinearOperators::gemm));
        rules.put("Einsum", OperatorTable.real(LinearOperators::einsum));
        return rules;
    }

    /** alpha·A·B + beta·C, a transposition read as an order of letters so that no operand changes. */
    private static Expr gemm(Node node) {
        Expr a = node.real(0);
        Expr b = node.real(1);
        if (a.shape().rank() != 2 || b.shape().rank() != 2) {
            throw node.fail("expects two matrices; given " + a.describe() + " and " + b.describe() + ".");
        }
        String left = node.flag("transA", false) ? "km" : "mk";
        String right = node.flag("transB", false) ? "nk" : "kn";
        Expr product = scaled(Expr.of(new Op.Einsum(left, right, "mn"), a, b), node.number("alpha", 1));
        if (!node.has(2)) {
            return product;
        }
        Expr bias = Ops.broadcastTo(node.real(2), product.shape());
        return product.plus(scaled(bias, node.number("beta", 1)));
    }

    private static Expr scaled(Expr x, double factor) {
        return factor == 1 ? x : x.times(factor);
    }

    private static Expr einsum(Node node) {
        String equation = node.text("equation", "").replace(" ", "");
        String[] sides = equation.split("->", -1);
        String[] in = sides[0].split(",", -1);
        boolean plain = equation.chars().allMatch(c -> Character.isLetter(c) || c == ',' || c == '-' || c == '>');
        if (!plain || sides.length > 2 || in.length != 2 || node.inputCount() != 2) {
            throw node.fail("has the equation \"" + equation + "\" for " + node.inputCount()
                    + " operands; supported are two operands without ellipsis, such as \"ni,io->no\".");
        }
        String out = sides.length == 2 ? sides[1] : implied(in[0] + in[1]);
        Expr x = summed(node.real(0), in[0], in[1] + out);
        Expr y = summed(node.real(1), in[1], in[0] + out);
        return Expr.of(new Op.Einsum(kept(in[0], in[1] + out), kept(in[1], in[0] + out), out), x, y);
    }

    /** The output that an equation without arrow means: the letters that occur once, in alphabetical order. */
    private static String implied(String letters) {
        Map<Character, Integer> counts = new TreeMap<>();
        letters.chars().forEach(c -> counts.merge((char) c, 1, Integer::sum));
        StringBuilder out = new StringBuilder();
        counts.forEach((letter, count) -> out.append(count == 1 ? letter.toString() : ""));
        return out.toString();
    }

    private static String kept(String letters, String used) {
        StringBuilder kept = new StringBuilder();
        letters.chars().filter(c -> used.indexOf(c) >= 0).forEach(c -> kept.append((char) c));
        return kept.toString();
    }

    /** The operand summed over the axes whose letters occur nowhere else. */
    private static Expr summed(Expr x, String letters, String used) {
        int[] gone = java.util.stream.IntStream.range(0, letters.length())
                .filter(i -> used.indexOf(letters.charAt(i)) < 0)
                .toArray();
        boolean fits = letters.length() == x.shape().rank();
        return gone.length == 0 || !fits ? x : Ops.sum(x, gone);
    }
}
