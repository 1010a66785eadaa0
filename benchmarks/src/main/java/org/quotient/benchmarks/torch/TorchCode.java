package org.quotient.benchmarks.torch;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.network.Network;

/**
 * A forward graph as statements of PyTorch: one line per operation, in the dialect that serialised TorchScript and Python
 * have in common. Whole layers become the one call that a user of PyTorch would write; see {@link TorchLayers}.
 *
 * <p>The variables of the text are {@code x}, the network's only input, and {@code p}, the list of its parameters in order.
 */
final class TorchCode {
    private final Map<Expr, Integer> parameters = new IdentityHashMap<>();
    private final Map<Expr, String> names = new IdentityHashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final int batch;
    private final TorchLayers layers = new TorchLayers(this);

    private TorchCode(Network network, int batch) {
        this.batch = batch;
        for (int i = 0; i < network.parameters().size(); i++) {
            parameters.put(network.parameters().get(i), i);
        }
    }

    /**
     * The statements that compute a network's only output.
     *
     * @param lines without indentation
     * @param result the variable that holds the output
     */
    record Body(List<String> lines, String result) {}

    /**
     * Writes a network.
     *
     * @param network with one input and one output; batch normalisation in training mode
     * @param batch the number of samples
     * @throws IllegalArgumentException if there are several inputs or outputs, or an operation that PyTorch does not have
     */
    static Body of(Network network, int batch) {
        if (network.inputs().size() != 1 || network.outputs().size() != 1) {
            throw new IllegalArgumentException("A peer runs networks with one input and one output; '" + network.name()
                    + "' has " + network.inputs().size() + " and "
                    + network.outputs().size());
        }
        TorchCode code = new TorchCode(network, batch);
        String result = code.name(network.outputs().get(0));
        return new Body(List.copyOf(code.lines), result);
    }

    /** The variable that holds a node's value; its statement is written when it is first asked for. */
    String name(Expr node) {
        String known = names.get(node);
        if (known == null) {
            known = write(node);
            names.put(node, known);
        }
        return known;
    }

    /** The numbers of a shape, the batch bound: {@code [64, 10]}. */
    String sizes(Shape shape) {
        return list(shape.bind(batch).sizes());
    }

    /** A list of whole numbers. */
    static String list(int... numbers) {
        return IntStream.of(numbers).mapToObj(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }

    static String list(List<Integer> numbers) {
        return list(numbers.stream().mapToInt(Integer::intValue).toArray());
    }

    private String write(Expr node) {
        if (node.op() instanceof Op.Variable v) {
            return variable(node, v);
        }
        String call = layers.of(node).orElseGet(() -> call(node));
        String fresh = "v" + lines.size();
        lines.add(fresh + " = " + call);
        return fresh;
    }

    private String variable(Expr node, Op.Variable v) {
        return switch (v.role()) {
            case INPUT -> "x";
            case PARAMETER -> "p[" + parameters.get(node) + "]";
            case BUFFER ->
                throw new IllegalArgumentException("A peer trains, and '" + v.name()
                        + "' is a running statistic: hand in the network in training mode");
        };
    }

    private String call(Expr node) {
        return switch (node.op()) {
            case Op.Unary u -> unary(u.kind(), name(node.operand(0)));
            case Op.Binary b -> binary(node, b.kind());
            case Op.Reduce r -> reduce(node, r);
            case Op.Einsum e ->
                "torch.einsum(\"" + e.left() + "," + e.right() + "->" + e.out() + "\", [" + name(node.operand(0)) + ", "
                        + name(node.operand(1)) + "])";
            case Op.Conv c -> layers.convolution(node, c, "None");
            case Op.Move m -> TorchMoves.of(this, node, m);
            case Op.Pool p -> layers.pool(node, p);
            case Op.Standardise s -> layers.standardise(node, s, "None", "None");
            case Op.Softmax s -> "torch.softmax(" + name(node.operand(0)) + ", " + s.axis() + ")";
            case Op.StandardiseWith s -> throw given(node);
            case Op.Custom c -> throw unknown(node);
            case Op.Leaf leaf -> throw unknown(node);
        };
    }

    private static String unary(Op.UnaryKind kind, String x) {
        return switch (kind) {
            case STEP -> "torch.type_as(torch.gt(" + x + ", 0), " + x + ")";
            case NEG, EXP, LOG, SQRT, ABS, RELU, TANH, SIGMOID, SOFTPLUS, ERF, DETACH ->
                "torch." + kind.name().toLowerCase(java.util.Locale.ROOT) + "(" + x + ")";
        };
    }

    private String binary(Expr node, Op.BinaryKind kind) {
        Expr left = node.operand(0);
        Expr right = node.operand(1);
        Optional<Double> first = TorchLayers.number(left, batch);
        Optional<Double> second = TorchLayers.number(right, batch);
        if (second.isPresent() && kind != Op.BinaryKind.MAX) {
            return withNumber(kind, name(left), second.get());
        }
        if (first.isPresent() && (kind == Op.BinaryKind.ADD || kind == Op.BinaryKind.MUL)) {
            return withNumber(kind, name(right), first.get());
        }
        if (first.isPresent() && kind == Op.BinaryKind.SUB) {
            return "torch.rsub(" + name(right) + ", " + first.get() + ")";
        }
        String a = name(left);
        String b = name(right);
        return switch (kind) {
            case ADD, SUB, MUL, DIV, POW ->
                "torch." + kind.name().toLowerCase(java.util.Locale.ROOT) + "(" + a + ", " + b + ")";
            case MAX -> "torch.where(torch.ge(" + a + ", " + b + "), " + a + ", " + b + ")";
            case PRELU -> "torch.where(torch.gt(" + a + ", 0), " + a + ", torch.mul(" + b + ", " + a + "))";
        };
    }

    private static String withNumber(Op.BinaryKind kind, String a, double number) {
        return switch (kind) {
            case ADD -> "torch.add(" + a + ", " + number + ")";
            case SUB -> "torch.sub(" + a + ", " + number + ")";
            case MUL -> "torch.mul(" + a + ", " + number + ")";
            case DIV -> "torch.div(" + a + ", " + number + ")";
            case POW -> "torch.pow(" + a + ", " + number + ")";
            case PRELU -> "torch.leaky_relu(" + a + ", " + number + ")";
            case MAX -> throw new IllegalArgumentException("A maximum with a number is not written");
        };
    }

    private String reduce(Expr node, Op.Reduce r) {
        String x = name(node.operand(0));
        return switch (r.kind()) {
            case SUM -> "torch.sum(" + x + ", " + list(r.axes()) + ")";
            case MAX -> "torch.amax(" + x + ", " + list(r.axes()) + ")";
            case FIRST_MAX -> throw unknown(node);
        };
    }

    /** Running statistics are told by the name of their variable. */
    private IllegalArgumentException given(Expr node) {
        name(node.operand(1));
        return unknown(node);
    }

    static IllegalArgumentException unknown(Expr node) {
        return new IllegalArgumentException("Not written for PyTorch: " + node.describe());
    }
}
