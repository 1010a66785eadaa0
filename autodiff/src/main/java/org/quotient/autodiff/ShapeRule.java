package org.quotient.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pass that says which shape and dtype an operation yields, and refuses operands that do not fit. */
final class ShapeRule {
    private ShapeRule() {}

    static DType dtype(Op op, List<Expr> operands) {
        if (op instanceof Op.Leaf leaf) {
            return switch (leaf) {
                case Op.Variable v -> v.dtype();
                case Op.Constant c -> c.value().dtype();
                case Op.BatchSize b -> b.dtype();
            };
        }
        DType first = operands.get(0).dtype();
        for (Expr operand : operands) {
            if (operand.dtype() != first) {
                throw fail(op, operands, "operands of one dtype, but they are " + first + " and " + operand.dtype());
            }
        }
        return first;
    }

    static Shape shape(Op op, List<Expr> operands) {
        int expected = arity(op);
        if (expected >= 0 && operands.size() != expected) {
            throw fail(op, operands, expected + " operand(s)");
        }
        return switch (op) {
            case Op.Variable v -> v.shape();
            case Op.Constant c -> c.value().shape();
            case Op.BatchSize b -> Shape.SCALAR;
            case Op.Unary u -> shapeOf(operands, 0);
            case Op.Binary b -> {
                need(shapeOf(operands, 0).equals(shapeOf(operands, 1)), op, operands, "two operands of equal shape");
                yield shapeOf(operands, 0);
            }
            case Op.Reduce r -> reduce(r, operands);
            case Op.Einsum e -> einsum(e, operands);
            case Op.Conv c -> conv(c, operands);
            case Op.Move m -> MoveShapes.shape(m, operands);
            case Op.Pool p -> pool(p, operands);
            case Op.Standardise s -> {
                axes(op, operands, s.axes());
                need(s.epsilon() >= 0, op, operands, "an epsilon of 0 or more");
                yield shapeOf(operands, 0);
            }
            case Op.StandardiseWith s -> {
                axes(op, operands, s.axes());
                Shape statistics = shapeOf(operands, 0).without(s.axes());
                need(
                        shapeOf(operands, 1).equals(statistics)
                                && shapeOf(operands, 2).equals(statistics),
                        op,
                        operands,
                        "mean and variance of shape " + statistics);
                yield shapeOf(operands, 0);
            }
            case Op.Softmax s -> {
                axes(op, operands, List.of(s.axis()));
                yield shapeOf(operands, 0);
            }
            case Op.Custom c ->
                c.definition().shape(operands.stream().map(Expr::shape).toList());
        };
    }

    private static int arity(Op op) {
        return switch (op) {
            case Op.Leaf l -> 0;
            case Op.Unary u -> 1;
            case Op.Binary b -> 2;
            case Op.Reduce r -> 1;
            case Op.Contraction c -> 2;
            case Op.Concat c -> -1;
            case Op.Move m -> 1;
            case Op.Pool p -> p.kind() == Op.PoolKind.MAX_SELECT || p.kind() == Op.PoolKind.MAX_SCATTER ? 2 : 1;
            case Op.StandardiseWith s -> 3;
            case Op.Normalise n -> 1;
            case Op.Custom c -> -1;
        };
    }

    private static Shape reduce(Op.Reduce r, List<Expr> operands) {
        axes(r, operands, r.axes());
        return r.kind() == Op.ReduceKind.FIRST_MAX
                ? shapeOf(operands, 0)
                : shapeOf(operands, 0).without(r.axes());
    }

    private static Shape einsum(Op.Einsum e, List<Expr> operands) {
        Map<Character, Integer> sizes = new HashMap<>();
        String[] parts = {e.left(), e.right()};
        for (int k = 0; k < 2; k++) {
            Shape shape = shapeOf(operands, k);
            need(parts[k].length() == shape.rank(), e, operands, "one letter per axis of each operand");
            for (int i = 0; i < parts[k].length(); i++) {
                char letter = parts[k].charAt(i);
                need(parts[k].indexOf(letter) == i, e, operands, "a letter at most once in an operand");
                need(
                        e.out().indexOf(letter) >= 0 || parts[1 - k].indexOf(letter) >= 0,
                        e,
                        operands,
                        "letter '" + letter + "' in the other operand or in the output");
                Integer old = sizes.put(letter, shape.size(i));
                need(old == null || old == shape.size(i), e, operands, "the same size for both axes '" + letter + "'");
            }
        }
        int[] out = new int[e.out().length()];
        for (int i = 0; i < out.length; i++) {
            char letter = e.out().charAt(i);
            need(
                    sizes.containsKey(letter) && e.out().indexOf(letter) == i,
                    e,
                    operands,
                    "known, distinct output letters");
            out[i] = sizes.getOrDefault(letter, 0);
        }
        return Shape.of(out);
    }

    private static Shape conv(Op.Conv c, List<Expr> operands) {
        Shape a = shapeOf(operands, 0);
        Shape b = shapeOf(operands, 1);
        need(a.rank() == 4 && b.rank() == 4, c, operands, "two operands with four axes");
        Window w = c.window();
        int oh = w.outputHeight(c.height());
        int ow = w.outputWidth(c.width());
        need(oh > 0 && ow > 0, c, operands, "an image of at least the kernel's extent, padding included");
        switch (c.form()) {
            case FORWARD -> {
                image(c, operands, a);
                kernel(c, operands, b, a.size(1));
                return Shape.of(a.size(0), b.size(0), oh, ow);
            }
            case INPUT_ADJOINT -> {
                kernel(c, operands, b, b.size(1) * c.groups());
                need(
                        a.size(1) == b.size(0) && a.size(2) == oh && a.size(3) == ow,
                        c,
                        operands,
                        "an output gradient [N, " + b.size(0) + ", " + oh + ", " + ow + "]");
                return Shape.of(a.size(0), b.size(1) * c.groups(), c.height(), c.width());
            }
            case KERNEL_ADJOINT -> {
                image(c, operands, a);
                need(
                        a.size(1) % c.groups() == 0 && b.size(1) % c.groups() == 0 && a.size(0) == b.size(0),
                        c,
                        operands,
                        "channels divisible by " + c.groups() + " groups and equal batch sizes");
                need(b.size(2) == oh && b.size(3) == ow, c, operands, "an output gradient of " + oh + "x" + ow);
                return Shape.of(b.size(1), a.size(1) / c.groups(), w.kernelHeight(), w.kernelWidth());
            }
        }
        throw new AssertionError(c);
    }

    private static void image(Op.Conv c, List<Expr> operands, Shape image) {
        need(
                image.size(2) == c.height() && image.size(3) == c.width(),
                c,
                operands,
                "an image of " + c.height() + "x" + c.width());
    }

    private static void kernel(Op.Conv c, List<Expr> operands, Shape kernel, int channels) {
        need(
                c.groups() > 0
                        && kernel.size(0) % c.groups() == 0
                        && kernel.size(1) * c.groups() == channels
                        && kernel.size(2) == c.window().kernelHeight()
                        && kernel.size(3) == c.window().kernelWidth(),
                c,
                operands,
                "a kernel [multiple of " + c.groups() + ", " + channels + "/" + c.groups() + ", "
                        + c.window().kernelHeight() + ", " + c.window().kernelWidth() + "]");
    }

    private static Shape pool(Op.Pool p, List<Expr> operands) {
        Shape x = shapeOf(operands, 0);
        need(x.rank() == 4, p, operands, "an image batch with four axes");
        int oh = p.window().outputHeight(p.height());
        int ow = p.window().outputWidth(p.width());
        need(oh > 0 && ow > 0, p, operands, "an image of at least the window's extent, padding included");
        if (p.kind() == Op.PoolKind.SUM_ADJOINT) {
            need(x.size(2) == oh && x.size(3) == ow, p, operands, "an output gradient of " + oh + "x" + ow);
            return Shape.of(x.size(0), x.size(1), p.height(), p.width());
        }
        need(
                x.size(2) == p.height() && x.size(3) == p.width(),
                p,
                operands,
                "an image of " + p.height() + "x" + p.width());
        Shape pooled = Shape.of(x.size(0), x.size(1), oh, ow);
        if (p.kind() == Op.PoolKind.MAX_SELECT) {
            need(shapeOf(operands, 1).equals(x), p, operands, "two operands of equal shape");
        }
        if (p.kind() == Op.PoolKind.MAX_SCATTER) {
            need(shapeOf(operands, 1).equals(pooled), p, operands, "a second operand of shape " + pooled);
            return x;
        }
        return pooled;
    }

    static void axes(Op op, List<Expr> operands, List<Integer> axes) {
        int rank = shapeOf(operands, 0).rank();
        int last = -1;
        for (int axis : axes) {
            need(axis > last && axis < rank, op, operands, "increasing axes within 0.." + (rank - 1) + ", not " + axes);
            last = axis;
        }
    }

    static Shape shapeOf(List<Expr> operands, int i) {
        return operands.get(i).shape();
    }

    static void need(boolean condition, Op op, List<Expr> operands, String expected) {
        if (!condition) {
            throw fail(op, operands, expected);
        }
    }

    private static IllegalArgumentException fail(Op op, List<Expr> operands, String expected) {
        List<String> given = new ArrayList<>();
        for (Expr operand : operands) {
            given.add(operand.describe());
        }
        return new IllegalArgumentException(Names.of(op) + " expects " + expected + "; given "
                + String.join(" and ", given) + (op instanceof Op.Leaf ? "" : " for " + op));
    }
}
