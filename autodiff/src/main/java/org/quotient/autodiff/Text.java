package org.quotient.autodiff;

import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.quotient.autodiff.Formula.Piece;
import org.quotient.autodiff.Formula.Strength;

/**
 * Expressions as readable text: infix formulas with NumPy's signs ({@code @} for matrix products, {@code ^T} for transposes),
 * named subexpressions where a node is used several times.
 */
public final class Text implements Formula.Notation {
    private Text() {}

    /** The formula of an expression; several lines ({@code let ... in ...}) if subexpressions are shared. */
    public static String of(Expr expr) {
        return of(List.of(expr));
    }

    /** The formulas of several expressions, with common named subexpressions. */
    public static String of(List<Expr> outputs) {
        Formula formula = Formula.of(outputs, new Text());
        String last = String.join(",\n   ", formula.outputs());
        if (formula.lines().isEmpty()) {
            return last;
        }
        return formula.lines().stream()
                .map(line -> "  " + line.name() + " = " + line.text() + "\n")
                .collect(Collectors.joining("", "let\n", "in " + last));
    }

    @Override
    public String name(String name) {
        return name;
    }

    @Override
    public int width() {
        return 90;
    }

    @Override
    public Piece render(Expr node, Function<Expr, Piece> pieces) {
        return switch (node.op()) {
            case Op.Variable v -> Piece.atom(v.name());
            case Op.Constant c -> constant(c.value());
            case Op.BatchSize b -> Piece.atom("N");
            case Op.Unary u
            when u.kind() == Op.UnaryKind.NEG ->
                new Piece("-" + wrapped(pieces.apply(node.operand(0)), Strength.PREFIX), Strength.PREFIX);
            case Op.Unary u -> call(node, pieces);
            case Op.Binary b -> binary(node, b, pieces);
            case Op.Reduce r -> {
                boolean all = r.axes().size() == node.operand(0).shape().rank();
                yield call(node, pieces, all ? "" : "axes=" + r.axes());
            }
            case Op.Einsum e -> einsum(node, e, pieces);
            case Op.Conv c ->
                call(node, pieces, Windows.options(c.window()), c.groups() == 1 ? "" : "groups=" + c.groups());
            case Op.Move m -> move(node, m, pieces);
            case Op.Pool p -> call(node, pieces, "kernel=" + Windows.kernel(p.window()), Windows.options(p.window()));
            case Op.Standardise s -> call(node, pieces, "axes=" + s.axes(), "epsilon=" + Formula.number(s.epsilon()));
            case Op.StandardiseWith s ->
                call(node, pieces, "axes=" + s.axes(), "epsilon=" + Formula.number(s.epsilon()));
            case Op.Softmax s -> call(node, pieces, "axis=" + s.axis());
            case Op.Custom c -> call(node, pieces);
        };
    }

    private static Piece constant(Tensor value) {
        if (value.shape().rank() == 0) {
            String text = Formula.number(value.item());
            return new Piece(text, text.startsWith("-") ? Strength.PREFIX : Strength.ATOM);
        }
        if (value.shape().rank() == 1 && value.size() <= 6) {
            StringJoiner joiner = new StringJoiner(", ", "[", "]");
            for (double number : value.data()) {
                joiner.add(Formula.number(number));
            }
            return Piece.atom(joiner.toString());
        }
        return Piece.atom("constant" + value.shape());
    }

    static String wrapped(Piece piece, Strength least) {
        return piece.strength().compareTo(least) < 0 ? "(" + piece.text() + ")" : piece.text();
    }

    private static Piece binary(Expr node, Op.Binary op, Function<Expr, Piece> pieces) {
        Piece x = pieces.apply(Formula.plain(node, 0));
        Piece y = pieces.apply(Formula.plain(node, 1));
        return switch (op.kind()) {
            case ADD -> infix(x, " + ", y, Strength.SUM, Strength.SUM);
            case SUB -> infix(x, " - ", y, Strength.SUM, Strength.ELEMENTWISE);
            case MUL -> infix(x, " * ", y, Strength.ELEMENTWISE, Strength.PREFIX);
            case DIV -> infix(x, " / ", y, Strength.ELEMENTWISE, Strength.PREFIX);
            case POW -> new Piece(wrapped(x, Strength.ATOM) + "^" + wrapped(y, Strength.ATOM), Strength.POWER);
            case MAX, PRELU -> Piece.atom(Names.of(op) + "(" + x.text() + ", " + y.text() + ")");
        };
    }

    private static Piece infix(Piece x, String sign, Piece y, Strength left, Strength right) {
        return new Piece(wrapped(x, left) + sign + wrapped(y, right), left);
    }

    private static Piece einsum(Expr node, Op.Einsum e, Function<Expr, Piece> pieces) {
        EinsumForm form = EinsumForm.of(e);
        if (form == null) {
            String equation = '"' + e.left() + "," + e.right() + "->" + e.out() + '"';
            return Piece.atom(
                    "einsum(" + equation + ", " + pieces.apply(node.operand(0)).text() + ", "
                            + pieces.apply(node.operand(1)).text() + ")");
        }
        Piece x = pieces.apply(node.operand(form.swapped() ? 1 : 0));
        Piece y = pieces.apply(node.operand(form.swapped() ? 0 : 1));
        return infix(
                form.transposeFirst() ? transposed(x) : x,
                " @ ",
                form.transposeSecond() ? transposed(y) : y,
                Strength.PRODUCT,
                Strength.PREFIX);
    }

    private static Piece transposed(Piece x) {
        return new Piece(wrapped(x, Strength.ATOM) + "^T", Strength.POWER);
    }

    private static Piece move(Expr node, Op.Move move, Function<Expr, Piece> pieces) {
        Piece x = pieces.apply(node.operand(0));
        return switch (move) {
            case Op.Reshape r -> call(node, pieces, r.to().toString());
            case Op.Transpose t ->
                t.order().equals(List.of(1, 0)) ? transposed(x) : call(node, pieces, "order=" + t.order());
            case Op.Broadcast b ->
                call(node, pieces, b.to().toString(), b.axes().isEmpty() ? "" : "axes=" + b.axes());
            case Op.Slice s -> Piece.atom(wrapped(x, Strength.ATOM) + "[" + ranges(node, s) + "]");
            case Op.Pad p -> {
                boolean dense = p.interior().stream().allMatch(i -> i == 0);
                yield call(
                        node,
                        pieces,
                        "before=" + p.before(),
                        "after=" + p.after(),
                        dense ? "" : "interior=" + p.interior());
            }
            case Op.Concat c -> call(node, pieces, "axis=" + c.axis());
            case Op.Gather g -> call(node, pieces, "axis=" + g.axis(), indices(g.indices()));
            case Op.Scatter s -> call(node, pieces, "axis=" + s.axis(), indices(s.indices()), "size=" + s.size());
        };
    }

    /** Python's slices: {@code :, 1:3, ::2}. */
    static String ranges(Expr node, Op.Slice s) {
        Shape from = node.operand(0).shape();
        return IntStream.range(0, from.rank())
                .mapToObj(i -> {
                    String start = s.starts().get(i) == 0
                            ? ""
                            : String.valueOf(s.starts().get(i));
                    int stop = s.stops().get(i);
                    String end = stop == from.size(i) || stop == Shape.N ? "" : String.valueOf(stop);
                    return start + ":" + end
                            + (s.steps().get(i) == 1 ? "" : ":" + s.steps().get(i));
                })
                .collect(Collectors.joining(", "));
    }

    static String indices(List<Integer> indices) {
        return indices.size() <= 8
                ? indices.toString()
                : indices.subList(0, 8).toString().replace("]", ", ... " + indices.size() + " indices]");
    }

    private static Piece call(Expr node, Function<Expr, Piece> pieces, String... options) {
        StringJoiner arguments = new StringJoiner(", ", Names.of(node.op()) + "(", ")");
        for (Expr operand : node.operands()) {
            arguments.add(pieces.apply(operand).text());
        }
        for (String option : options) {
            if (!option.isEmpty()) {
                arguments.add(option);
            }
        }
        return Piece.atom(arguments.toString());
    }
}
