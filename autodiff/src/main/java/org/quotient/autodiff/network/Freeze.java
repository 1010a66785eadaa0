package org.quotient.autodiff.network;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Names;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Op.UnaryKind;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * Piecewise polynomial networks on one piece: ReLU, PReLU, |·|, maxima and max-pooling are replaced by the constant masks and
 * gathers that they are at a given point, and the batch size is bound. What remains is a polynomial (or rational) graph in
 * the variables, with the same values and, away from kinks, the same derivatives of every order at the point; it can be
 * evaluated exactly over a prime field.
 *
 * <p>Slopes of PReLU stay variables, as do inputs, parameters and buffers. A subgraph that depends on no input and no
 * parameter (such as √(variance + ε) with running statistics) is a number and becomes a constant, the value at the point.
 */
public final class Freeze {
    private final Map<Expr, Tensor> values;
    private final Map<Expr, Boolean> fixed = new IdentityHashMap<>();

    private Freeze(Map<Expr, Tensor> values) {
        this.values = values;
    }

    /**
     * Freezes a network.
     *
     * @param network the network
     * @param weights the values θ of its parameters and buffers
     * @param inputs one tensor per input, with a common batch size
     * @return a network with the same names, whose inputs have the shapes of {@code inputs}
     * @throws IllegalArgumentException naming the operation, if one is neither polynomial nor piecewise polynomial
     */
    public static Network at(Network network, Weights weights, List<Tensor> inputs) {
        List<Expr> all = new ArrayList<>(network.outputs());
        all.addAll(network.inputs());
        List<Expr> frozen = at(all, weights.with(network.inputs(), inputs));
        int outputs = network.outputs().size();
        return new Network(
                network.name() + " (frozen)",
                frozen.subList(outputs, frozen.size()),
                network.parameters(),
                network.buffers(),
                frozen.subList(0, outputs));
    }

    /**
     * Freezes expressions, derivatives included.
     *
     * @param outputs the expressions
     * @param point the values of all their variables, by name
     * @return expressions of the same values at the point, with the batch size bound
     * @throws IllegalArgumentException naming the operation, if one is neither polynomial nor piecewise polynomial
     */
    public static List<Expr> at(List<Expr> outputs, Map<String, Tensor> point) {
        Map<Expr, Tensor> values = new IdentityHashMap<>();
        Evaluator.observe(outputs, point, values::put);
        return Graph.map(outputs, new Freeze(values)::replace);
    }

    private Tensor value(Expr node) {
        Tensor value = values.get(node);
        if (value == null) {
            throw new IllegalStateException("No value was recorded for " + node.describe());
        }
        return value;
    }

    /** Whether a node depends on no input and no parameter. */
    private boolean isFixed(Expr node) {
        Boolean known = fixed.get(node);
        if (known == null) {
            known = node.op() instanceof Op.Variable v
                    ? v.role() == Op.Role.BUFFER
                    : node.operands().stream().allMatch(this::isFixed);
            fixed.put(node, known);
        }
        return known;
    }

    private Expr replace(Expr node, List<Expr> operands) {
        boolean number = isFixed(node);
        Shape shape = value(node).shape();
        return switch (node.op()) {
            case Op.Variable v ->
                v.shape().isSymbolic() ? Expr.of(new Op.Variable(v.name(), v.role(), shape, v.dtype())) : node;
            case Op.Constant c -> node;
            case Op.BatchSize b -> Expr.constant(value(node));
            case Op.Unary u -> unary(node, u.kind(), operands.get(0), number);
            case Op.Binary b -> binary(node, b, operands, number);
            case Op.Reduce r -> reduce(node, r, operands, number);
            case Op.Contraction c -> node.withOperands(operands);
            case Op.Move m -> labelled(node, Expr.of(bound(m, node, shape), operands));
            case Op.Pool p -> pool(node, p, operands);
            case Op.StandardiseWith s when isFixed(node.operand(2)) -> labelled(node, standardise(node, s, operands));
            case Op.Normalise n -> constantOrFail(node, number);
            case Op.Custom c -> constantOrFail(node, number);
        };
    }

    private static Expr labelled(Expr old, Expr fresh) {
        return old.label().isEmpty() ? fresh : fresh.named(old.label());
    }

    private Expr constantOrFail(Expr node, boolean number) {
        if (number) {
            return Expr.constant(value(node));
        }
        throw new IllegalArgumentException(
                "Only sums, products, quotients and piecewise linear activations can be frozen; '" + Names.of(node.op())
                        + "' in " + node.describe() + " is none of them");
    }

    private Expr unary(Expr node, UnaryKind kind, Expr x, boolean number) {
        return switch (kind) {
            case NEG, DETACH -> node.withOperands(List.of(x));
            case RELU -> labelled(node, Ops.mul(x, mask(node.operand(0), 1, 0, 0)));
            case ABS -> labelled(node, Ops.mul(x, mask(node.operand(0), 1, 0, -1)));
            case STEP -> Expr.constant(value(node));
            case EXP, LOG, SQRT, TANH, SIGMOID, SOFTPLUS, ERF -> constantOrFail(node, number);
        };
    }

    /** A constant by the sign of a node's value at the point. */
    private Expr mask(Expr node, double positive, double zero, double negative) {
        Tensor x = value(node);
        return Expr.constant(
                Tensor.fill(x.shape(), x.dtype(), i -> x.get(i) > 0 ? positive : x.get(i) < 0 ? negative : zero));
    }

    private Expr binary(Expr node, Op.Binary op, List<Expr> operands, boolean number) {
        Expr x = operands.get(0);
        Expr y = operands.get(1);
        return switch (op.kind()) {
            case ADD, SUB, MUL, DIV -> node.withOperands(operands);
            case POW -> constantOrFail(node, number);
            case MAX -> {
                Tensor a = value(node.operand(0));
                Tensor b = value(node.operand(1));
                Tensor first = Tensor.fill(a.shape(), a.dtype(), i -> a.get(i) >= b.get(i) ? 1 : 0);
                Tensor second = Tensor.fill(a.shape(), a.dtype(), i -> 1 - first.get(i));
                yield labelled(node, Ops.add(Ops.mul(x, Expr.constant(first)), Ops.mul(y, Expr.constant(second))));
            }
            case PRELU -> {
                Expr on = mask(node.operand(0), 1, 0, 0);
                Expr off = mask(node.operand(0), 0, 1, 1);
                yield labelled(node, Ops.mul(x, Ops.add(on, Ops.mul(y, off))));
            }
        };
    }

    private Expr reduce(Expr node, Op.Reduce op, List<Expr> operands, boolean number) {
        return switch (op.kind()) {
            case SUM -> node.withOperands(operands);
            case FIRST_MAX -> Expr.constant(value(node));
            case MAX -> {
                if (value(node).maxAbs() == Double.POSITIVE_INFINITY) {
                    yield constantOrFail(node, number);
                }
                Expr x = node.operand(0);
                Expr first = Expr.of(new Op.Reduce(Op.ReduceKind.FIRST_MAX, op.axes()), Expr.constant(value(x)));
                Expr chosen = Expr.constant(Evaluator.evaluate(first, Map.of()));
                yield labelled(
                        node, Expr.of(new Op.Reduce(Op.ReduceKind.SUM, op.axes()), Ops.mul(operands.get(0), chosen)));
            }
        };
    }

    private static Op bound(Op.Move move, Expr node, Shape shape) {
        return switch (move) {
            case Op.Reshape r -> new Op.Reshape(shape);
            case Op.Broadcast b -> new Op.Broadcast(shape, b.axes());
            case Op.Slice s -> {
                List<Integer> stops = IntStream.range(0, s.stops().size())
                        .mapToObj(i -> s.stops().get(i) == Shape.N
                                ? shape.size(i)
                                : s.stops().get(i))
                        .toList();
                yield new Op.Slice(s.starts(), stops, s.steps());
            }
            case Op.Transpose t -> t;
            case Op.Pad p -> p;
            case Op.Concat c -> c;
            case Op.Gather g -> g;
            case Op.Scatter s -> s;
        };
    }

    private Expr pool(Expr node, Op.Pool op, List<Expr> operands) {
        return switch (op.kind()) {
            case SUM, SUM_ADJOINT -> node.withOperands(operands);
            case MAX -> {
                if (value(node).maxAbs() == Double.POSITIVE_INFINITY) {
                    throw new IllegalArgumentException("A window of " + node.describe()
                            + " has the maximum -infinity (it lies in the padding), which is no number to freeze");
                }
                yield labelled(node, selected(node, op, operands.get(0)));
            }
            case MAX_SELECT -> labelled(node, selected(node, op, operands.get(1)));
            case MAX_SCATTER -> {
                Winners winners = Winners.of(op, value(node.operand(0)));
                Expr g = Ops.mul(operands.get(1), winners.present(value(node.operand(1))));
                Expr flat = Ops.reshape(g, Shape.of(winners.pixels().size()));
                Shape image = value(node).shape();
                Expr placed = Expr.of(new Op.Scatter(0, winners.indices(), image.elements()), flat);
                yield labelled(node, Ops.reshape(placed, image));
            }
        };
    }

    /** The elements of t at the places of the maxima, 0 for windows in the padding. */
    private Expr selected(Expr node, Op.Pool op, Expr t) {
        Winners winners = Winners.of(op, value(node.operand(0)));
        Expr flat = Ops.reshape(t, Shape.of(t.shape().elements()));
        Expr gathered = Expr.of(new Op.Gather(0, winners.indices()), flat);
        Expr image = Ops.reshape(gathered, value(node).shape());
        return winners.pixels().contains(-1) ? Ops.mul(image, winners.present(value(node))) : image;
    }

    /** (x − mean)/√(variance + ε) when the variance is a number. */
    private Expr standardise(Expr node, Op.StandardiseWith op, List<Expr> operands) {
        Shape shape = value(node).shape();
        List<Integer> kept = IntStream.range(0, shape.rank())
                .filter(i -> !op.axes().contains(i))
                .boxed()
                .toList();
        Op repeat = new Op.Broadcast(shape, kept);
        Tensor variance = value(node.operand(2));
        Tensor inverse =
                Tensor.fill(variance.shape(), variance.dtype(), i -> 1 / Math.sqrt(variance.get(i) + op.epsilon()));
        Expr centred = Ops.sub(operands.get(0), Expr.of(repeat, operands.get(1)));
        return Ops.mul(centred, Expr.of(repeat, Expr.constant(inverse)));
    }
}
