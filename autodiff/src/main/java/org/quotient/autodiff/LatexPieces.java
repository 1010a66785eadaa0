package org.quotient.autodiff;

import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.quotient.autodiff.Formula.Piece;
import org.quotient.autodiff.Formula.Strength;

/** The families of operations in LaTeX. */
final class LatexPieces {
    private LatexPieces() {}

    static Piece constant(Tensor value) {
        if (value.shape().rank() == 0) {
            String text = number(value.item());
            return new Piece(text, text.startsWith("-") ? Strength.PREFIX : Strength.ATOM);
        }
        if (value.shape().rank() == 1 && value.size() <= 6) {
            StringJoiner joiner = new StringJoiner(", ", "(", ")");
            for (double element : value.data()) {
                joiner.add(number(element));
            }
            return Piece.atom(joiner.toString());
        }
        return Piece.atom(
                "C^{" + value.shape().toString().replaceAll("[\\[\\]]", "").replace(", ", " \\times ") + "}");
    }

    static String number(double value) {
        if (Double.isNaN(value)) {
            return "\\mathrm{NaN}";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "\\infty" : "-\\infty";
        }
        String text = Formula.number(value);
        int e = text.indexOf('e');
        if (e < 0) {
            return text;
        }
        String mantissa = text.substring(0, e);
        String power = "10^{" + text.substring(e + 1) + "}";
        return mantissa.equals("1") ? power : mantissa + " \\cdot " + power;
    }

    static String wrapped(Piece piece, Strength least) {
        return piece.strength().compareTo(least) < 0 ? parenthesised(piece) : piece.text();
    }

    private static String parenthesised(Piece piece) {
        return "\\left(" + piece.text() + "\\right)";
    }

    static Piece unary(Op.UnaryKind kind, Piece x) {
        return switch (kind) {
            case NEG -> new Piece("-" + wrapped(x, Strength.PREFIX), Strength.PREFIX);
            case EXP -> new Piece("e^{" + x.text() + "}", Strength.POWER);
            case LOG -> named("\\log", x);
            case SQRT -> Piece.atom("\\sqrt{" + x.text() + "}");
            case ABS -> Piece.atom("\\left\\lvert " + x.text() + " \\right\\rvert");
            case STEP -> Piece.atom("\\mathbf{1}\\left[" + x.text() + " > 0\\right]");
            case RELU -> named("\\operatorname{ReLU}", x);
            case TANH -> named("\\tanh", x);
            case SIGMOID -> named("\\sigma", x);
            case SOFTPLUS -> named("\\operatorname{softplus}", x);
            case ERF -> named("\\operatorname{erf}", x);
            case DETACH -> named("\\operatorname{detach}", x);
        };
    }

    private static Piece named(String function, Piece x) {
        return Piece.atom(function + parenthesised(x));
    }

    static Piece binary(Op.BinaryKind kind, Piece x, Piece y, Expr node) {
        return switch (kind) {
            case ADD -> infix(x, " + ", y, Strength.SUM, Strength.SUM);
            case SUB -> infix(x, " - ", y, Strength.SUM, Strength.ELEMENTWISE);
            case MUL -> {
                if (node.operand(0) == node.operand(1)) {
                    yield new Piece(wrapped(x, Strength.ATOM) + "^{" + hadamard(node) + "2}", Strength.POWER);
                }
                String sign = isScalar(node, 0) || isScalar(node, 1) ? " \\cdot " : " \\odot ";
                // A matrix product needs no parentheses after the sign, a minus does.
                Strength least = y.strength() == Strength.PREFIX ? Strength.POWER : Strength.PRODUCT;
                yield infix(x, sign, y, Strength.ELEMENTWISE, least);
            }
            case DIV -> Piece.atom("\\frac{" + x.text() + "}{" + y.text() + "}");
            case POW -> new Piece(wrapped(x, Strength.ATOM) + "^{" + hadamard(node) + y.text() + "}", Strength.POWER);
            case MAX -> Piece.atom("\\max\\left(" + x.text() + ", " + y.text() + "\\right)");
            case PRELU -> Piece.atom("\\operatorname{PReLU}_{" + y.text() + "}" + parenthesised(x));
        };
    }

    /** Powers of tensors are elementwise, which a circle says. */
    private static String hadamard(Expr node) {
        return node.shape().rank() == 0 ? "" : "\\circ ";
    }

    private static boolean isScalar(Expr node, int i) {
        Expr plain = Formula.plain(node, i);
        return plain.shape().rank() == 0;
    }

    private static Piece infix(Piece x, String sign, Piece y, Strength left, Strength right) {
        return new Piece(wrapped(x, left) + sign + wrapped(y, right), left);
    }

    static Piece reduce(Expr node, Op.Reduce op, Function<Expr, Piece> pieces) {
        Expr x = node.operand(0);
        boolean all = op.axes().size() == x.shape().rank();
        boolean square = x.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL && x.operand(0) == x.operand(1);
        if (op.kind() == Op.ReduceKind.SUM && all && square) {
            return new Piece(
                    "\\left\\lVert " + pieces.apply(x.operand(0)).text() + " \\right\\rVert^2", Strength.POWER);
        }
        String under = all ? "" : "_{" + axes(op.axes()) + "}";
        String argument = wrapped(pieces.apply(x), Strength.ELEMENTWISE);
        return switch (op.kind()) {
            case SUM -> new Piece("\\sum" + under + " " + argument, Strength.SUM);
            case MAX -> new Piece("\\max" + under + " " + argument, Strength.SUM);
            case FIRST_MAX -> named("\\operatorname{firstMax}" + under, pieces.apply(x));
        };
    }

    /** The indices of axes: {@code i_0, i_2}. */
    static String axes(List<Integer> axes) {
        return axes.stream().map(a -> "i_{" + a + "}").collect(Collectors.joining(", "));
    }

    static Piece einsum(Op.Einsum e, Piece left, Piece right) {
        EinsumForm form = EinsumForm.of(e);
        if (form != null) {
            Piece x = form.swapped() ? right : left;
            Piece y = form.swapped() ? left : right;
            return infix(
                    form.transposeFirst() ? transposed(x) : x,
                    " \\, ",
                    form.transposeSecond() ? transposed(y) : y,
                    Strength.PRODUCT,
                    Strength.POWER);
        }
        String summed = e.left()
                .chars()
                .filter(c -> e.out().indexOf(c) < 0)
                .mapToObj(Character::toString)
                .collect(Collectors.joining(" "));
        String sum = summed.isEmpty() ? "" : "\\sum_{" + summed + "} ";
        String product = indexed(left, e.left()) + " " + indexed(right, e.right());
        return Piece.atom("\\left(" + sum + product + "\\right)_{" + e.out() + "}");
    }

    private static String indexed(Piece x, String letters) {
        return "\\left[" + x.text() + "\\right]_{" + letters + "}";
    }

    private static Piece transposed(Piece x) {
        return new Piece("{" + wrapped(x, Strength.ATOM) + "}^{\\top}", Strength.POWER);
    }

    static Piece conv(Op.Conv c, Piece a, Piece b) {
        String groups = c.groups() == 1 ? "" : ", \\mathrm{groups}=" + c.groups();
        String options = (window(c.window()) + groups).replaceFirst("^, ", "");
        String under = options.isEmpty() ? "" : "_{" + options + "}";
        return switch (c.form()) {
            case FORWARD -> infix(a, " \\ast" + under + " ", b, Strength.PRODUCT, Strength.POWER);
            case INPUT_ADJOINT -> infix(a, " \\ast^{\\top}" + under + " ", b, Strength.PRODUCT, Strength.POWER);
            case KERNEL_ADJOINT -> infix(a, " \\star" + under + " ", b, Strength.PRODUCT, Strength.POWER);
        };
    }

    /** The options of a window, each after a comma. */
    static String window(Window w) {
        String options = Windows.options(w)
                .replaceAll("([a-z]{3,})=", "\\\\mathrm{$1}=")
                .replaceAll("(\\d)x(\\d)", "$1\\\\times $2");
        return options.isEmpty() ? "" : ", " + options;
    }

    static Piece standardiseWith(Op.StandardiseWith s, Expr node, Function<Expr, Piece> pieces) {
        String epsilon = s.epsilon() == 0 ? "" : " + " + number(s.epsilon());
        return Piece.atom("\\frac{" + pieces.apply(node.operand(0)).text() + " - "
                + wrapped(pieces.apply(node.operand(1)), Strength.ELEMENTWISE) + "}{\\sqrt{"
                + pieces.apply(node.operand(2)).text() + epsilon + "}}");
    }

    static Piece move(Expr node, Op.Move move, Function<Expr, Piece> pieces) {
        Piece x = pieces.apply(node.operand(0));
        return switch (move) {
            case Op.Transpose t when t.order().equals(List.of(1, 0)) -> transposed(x);
            case Op.Transpose t -> function("transpose", list(t.order()), node, pieces);
            case Op.Reshape r -> function("reshape", shape(r.to()), node, pieces);
            case Op.Broadcast b -> function("broadcast", shape(b.to()), node, pieces);
            case Op.Slice s ->
                new Piece(wrapped(x, Strength.ATOM) + "_{[" + Text.ranges(node, s) + "]}", Strength.POWER);
            case Op.Pad p -> function("pad", list(p.before()) + ", " + list(p.after()), node, pieces);
            case Op.Concat c -> function("concat", axes(List.of(c.axis())), node, pieces);
            case Op.Gather g -> function("gather", axes(List.of(g.axis())) + "\\in " + list(g.indices()), node, pieces);
            case Op.Scatter s ->
                function("scatter", axes(List.of(s.axis())) + "\\to " + list(s.indices()), node, pieces);
        };
    }

    private static String shape(Shape shape) {
        return shape.toString().replaceAll("[\\[\\]]", "").replace(", ", " \\times ");
    }

    private static String list(List<Integer> numbers) {
        return "(" + Text.indices(numbers).replaceAll("[\\[\\]]", "").replace("...", "\\dots") + ")";
    }

    static Piece function(String name, String under, Expr node, Function<Expr, Piece> pieces) {
        String arguments =
                node.operands().stream().map(o -> pieces.apply(o).text()).collect(Collectors.joining(", "));
        return Piece.atom("\\operatorname{" + name + "}" + (under.isEmpty() ? "" : "_{" + under + "}") + "\\left("
                + arguments + "\\right)");
    }
}
