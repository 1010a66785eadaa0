package org.quotient.notebooks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Latex;
import org.quotient.autodiff.Text;

/**
 * Expressions shown as mathematics: LaTeX where it can be typeset, infix text elsewhere. A value; a notebook cell that ends in
 * {@link #show} shows it.
 *
 * <pre>{@code
 * Formulas.of("f", f).and("\\partial f/\\partial w", gradient).show()
 * }</pre>
 *
 * @param lines what is shown, in order
 */
public record Formulas(List<Line> lines) {

    /**
     * One equation.
     *
     * @param name of the left side, in LaTeX
     * @param expression the right side
     */
    public record Line(String name, Expr expression) {}

    /** Keeps its own copy. */
    public Formulas {
        lines = List.copyOf(lines);
    }

    /**
     * The equation name = expression.
     *
     * @param name in LaTeX, such as {@code \\nabla f}
     */
    public static Formulas of(String name, Expr expression) {
        return new Formulas(List.of(new Line(name, expression)));
    }

    /** With one more equation below. */
    public Formulas and(String name, Expr expression) {
        List<Line> all = new ArrayList<>(lines);
        all.add(new Line(name, expression));
        return new Formulas(all);
    }

    /** What a cell ends in: typeset mathematics in a kernel that can show it. */
    public Object show() {
        return Kernels.shown(rich());
    }

    /** The forms: LaTeX in mathematical mode, and plain text. */
    Rich rich() {
        String rows = lines.stream()
                .map(line -> line.name() + " &= " + inner(Latex.of(line.expression())))
                .collect(Collectors.joining(" \\\\[4pt]\n"));
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put(Rich.LATEX, "$\\displaystyle\n\\begin{aligned}\n" + rows + "\n\\end{aligned}\n$");
        forms.put(Rich.PLAIN, toString());
        return new Rich(forms);
    }

    /** A block with shared subexpressions starts level with its name. */
    private static String inner(String latex) {
        return latex.replace("\\begin{aligned}\n", "\\begin{aligned}[t]\n");
    }

    /** The equations as text, one below the other. */
    @Override
    public String toString() {
        return lines.stream()
                .map(line -> plain(line.name()) + " = " + Text.of(line.expression()))
                .collect(Collectors.joining("\n"));
    }

    /** A name in LaTeX as one would type it: {@code \nabla_w f} as {@code nabla_w f}. */
    private static String plain(String latex) {
        return latex.replaceAll("\\\\[,;!]", " ")
                .replace("^{\\top}", "^T")
                .replace("\\", "")
                .replaceAll("\\{([^{}]*)\\}", "$1");
    }
}
