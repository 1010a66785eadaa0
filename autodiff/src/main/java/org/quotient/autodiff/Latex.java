package org.quotient.autodiff;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.quotient.autodiff.Formula.Piece;

/**
 * Expressions as LaTeX mathematics (packages amsmath and amssymb). Axis a is summed over its index i_a; elementwise products
 * of tensors are ⊙; broadcasts that NumPy would make go without saying.
 */
public final class Latex implements Formula.Notation {
    private static final Pattern NUMBERED = Pattern.compile("([A-Za-z]+)_?([0-9]+)");
    private static final Set<String> GREEK = Set.of(
            "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi",
            "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega");

    private Latex() {}

    /** The formula of an expression; an {@code aligned} block if subexpressions are shared. */
    public static String of(Expr expr) {
        return of(List.of(expr));
    }

    /** The formulas of several expressions, with common named subexpressions. */
    public static String of(List<Expr> outputs) {
        Formula formula = Formula.of(outputs, new Latex());
        if (formula.lines().isEmpty() && outputs.size() == 1) {
            return formula.outputs().get(0);
        }
        String lines = formula.lines().stream()
                .map(line -> line.name() + " &= " + line.text() + " \\\\\n")
                .collect(Collectors.joining());
        String last = formula.outputs().stream().map(text -> "& " + text).collect(Collectors.joining(" \\\\\n"));
        return "\\begin{aligned}\n" + lines + last + "\n\\end{aligned}";
    }

    /** W1 as W_{1}, gamma as a Greek letter, longer names upright. */
    @Override
    public String name(String name) {
        Matcher numbered = NUMBERED.matcher(name);
        if (numbered.matches()) {
            return stem(numbered.group(1)) + "_{" + numbered.group(2) + "}";
        }
        return stem(name);
    }

    private static String stem(String name) {
        if (name.length() == 1 && Character.isLetter(name.charAt(0))) {
            return name;
        }
        return GREEK.contains(name) ? "\\" + name : "\\mathrm{" + escaped(name) + "}";
    }

    private static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        for (char c : name.toCharArray()) {
            switch (c) {
                case '_', '%', '#', '&', '$', '{', '}' -> text.append('\\').append(c);
                case '\\', '^', '~' -> text.append('-');
                case ' ' -> text.append("\\ ");
                default -> text.append(c);
            }
        }
        return text.toString();
    }

    @Override
    public int width() {
        return 200;
    }

    @Override
    public Piece render(Expr node, Function<Expr, Piece> pieces) {
        return switch (node.op()) {
            case Op.Variable v -> Piece.atom(name(v.name()));
            case Op.Constant c -> LatexPieces.constant(c.value());
            case Op.BatchSize b -> Piece.atom("N");
            case Op.Unary u -> LatexPieces.unary(u.kind(), pieces.apply(node.operand(0)));
            case Op.Binary b ->
                LatexPieces.binary(
                        b.kind(), pieces.apply(Formula.plain(node, 0)), pieces.apply(Formula.plain(node, 1)), node);
            case Op.Reduce r -> LatexPieces.reduce(node, r, pieces);
            case Op.Einsum e -> LatexPieces.einsum(e, pieces.apply(node.operand(0)), pieces.apply(node.operand(1)));
            case Op.Conv c -> LatexPieces.conv(c, pieces.apply(node.operand(0)), pieces.apply(node.operand(1)));
            case Op.Move m -> LatexPieces.move(node, m, pieces);
            case Op.Pool p ->
                LatexPieces.function(
                        Names.of(p), Windows.kernel(p.window()) + LatexPieces.window(p.window()), node, pieces);
            case Op.Standardise s -> LatexPieces.function("standardise", LatexPieces.axes(s.axes()), node, pieces);
            case Op.StandardiseWith s -> LatexPieces.standardiseWith(s, node, pieces);
            case Op.Softmax s -> LatexPieces.function("softmax", LatexPieces.axes(List.of(s.axis())), node, pieces);
            case Op.Custom c -> LatexPieces.function(escaped(c.definition().name()), "", node, pieces);
        };
    }
}
