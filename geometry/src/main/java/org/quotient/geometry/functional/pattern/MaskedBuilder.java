package org.quotient.geometry.functional.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Names;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/** The pass that writes a network with masks as variables; one rule for each operation. */
final class MaskedBuilder {
    private final Network network;
    private final Network folded;
    private final Map<Expr, Expr> images = new IdentityHashMap<>();
    private final List<Kink> kinks = new ArrayList<>();

    MaskedBuilder(Network network, Weights weights) {
        this.network = network;
        this.folded = FixedParts.fold(network, weights);
    }

    MaskedNetwork build() {
        List<Head> heads = new ArrayList<>();
        for (int i = 0; i < folded.outputs().size(); i++) {
            Expr output = folded.outputs().get(i);
            String name = output.label().isEmpty() ? "output " + i : output.label();
            heads.add(head(name, output));
        }
        return new MaskedNetwork(
                network,
                folded.inputs(),
                folded.parameters(),
                List.copyOf(heads),
                List.copyOf(kinks),
                MaskedNetwork.segments(kinks, heads));
    }

    private Head head(String name, Expr output) {
        Expr node = output;
        while (node.op() instanceof Op.Unary u && isMonotone(u.kind())) {
            node = node.operand(0);
        }
        int axis = -1;
        if (node.op() instanceof Op.Softmax s) {
            axis = s.axis();
            node = node.operand(0);
        } else if (Head.isLogSoftmax(node)) {
            axis = Head.logSoftmaxAxis(node);
            node = node.operand(0);
        }
        Expr value = image(node);
        int batch = batchAxis(value);
        if (batch < 0) {
            Shape shape = value.shape();
            int[] sizes = new int[shape.rank() + 1];
            sizes[0] = Shape.N;
            System.arraycopy(shape.sizes(), 0, sizes, 1, shape.rank());
            List<Integer> axes = IntStream.rangeClosed(1, shape.rank()).boxed().toList();
            value = Expr.of(new Op.Broadcast(Shape.of(sizes), axes), value);
            return axis < 0 ? Head.plain(name, value) : Head.along(name, value, axis + 1);
        }
        if (axis == batch) {
            throw new IllegalArgumentException(
                    output.describe() + " takes a softmax over the samples; expected one over"
                            + " another axis, so that each sample has its own output");
        }
        int moved = axis < 0 ? -1 : axis < batch ? axis + 1 : axis;
        return Head.along(name, batchFirst(value, batch), moved);
    }

    private static boolean isMonotone(Op.UnaryKind kind) {
        return switch (kind) {
            case EXP, LOG, SQRT, TANH, SIGMOID, SOFTPLUS, ERF, NEG, DETACH -> true;
            case ABS, STEP, RELU -> false;
        };
    }

    private Expr image(Expr output) {
        for (Expr node : Graph.topological(List.of(output))) {
            if (!images.containsKey(node)) {
                List<Expr> operands = node.operands().stream().map(this::known).toList();
                images.put(node, replace(node, operands));
            }
        }
        return known(output);
    }

    private Expr known(Expr node) {
        Expr found = images.get(node);
        if (found == null) {
            throw new IllegalStateException("Not visited: " + node.describe());
        }
        return found;
    }

    private Expr replace(Expr node, List<Expr> operands) {
        return switch (node.op()) {
            case Op.Variable v -> node;
            case Op.Constant c -> node;
            case Op.BatchSize b -> throw combines(node);
            case Op.Unary u -> unary(node, u.kind(), operands.get(0));
            case Op.Binary b -> binary(node, b.kind(), operands.get(0), operands.get(1));
            case Op.Reduce r -> reduce(node, r, operands.get(0));
            case Op.Einsum e -> einsum(node, e, operands);
            case Op.Conv c -> conv(node, c, operands);
            case Op.Move m -> node.withOperands(operands);
            case Op.Pool p -> pool(node, p, operands.get(0));
            case Op.Normalise n -> throw fail(node);
            case Op.Custom c -> throw fail(node);
        };
    }

    private static IllegalArgumentException fail(Expr node) {
        return new IllegalArgumentException("Functional dimension is decided for piecewise polynomial networks: sums,"
                + " products, quotients, ReLU, PReLU, |x|, maxima, pooling, normalisation with fixed statistics, and"
                + " softmax or a monotone function at an output. '" + Names.of(node.op()) + "' in " + node.describe()
                + " is none of these");
    }

    private static IllegalArgumentException combines(Expr node) {
        return new IllegalArgumentException(
                node.describe() + " combines the samples of a batch, so that the network is no"
                        + " function of one input; use the network in evaluation mode");
    }

    private Expr unary(Expr node, Op.UnaryKind kind, Expr x) {
        return switch (kind) {
            case NEG -> Ops.neg(x);
            case DETACH -> x;
            case RELU -> Ops.mul(x, sign(node, x));
            case ABS -> Ops.mul(x, sign(node, x).times(2).plus(-1));
            case STEP -> sign(node, x);
            case EXP, LOG, SQRT, TANH, SIGMOID, SOFTPLUS, ERF -> throw fail(node);
        };
    }

    private Expr binary(Expr node, Op.BinaryKind kind, Expr x, Expr y) {
        return switch (kind) {
            case ADD -> Ops.add(x, y);
            case SUB -> Ops.sub(x, y);
            case MUL -> Ops.mul(x, y);
            case DIV -> Ops.div(x, y);
            case POW -> throw fail(node);
            case MAX -> Ops.add(y, Ops.mul(sign(node, Ops.sub(x, y)), Ops.sub(x, y)));
            case PRELU -> {
                Expr on = sign(node, x);
                yield Ops.mul(x, Ops.add(on, Ops.mul(y, Ops.sub(Ops.fullLike(on, 1), on))));
            }
        };
    }

    private Expr reduce(Expr node, Op.Reduce op, Expr x) {
        if (op.axes().contains(batchAxis(x))) {
            throw combines(node);
        }
        return switch (op.kind()) {
            case SUM -> node.withOperands(List.of(x));
            case FIRST_MAX -> winner(node, x, op.axes(), ones(x));
            case MAX ->
                Expr.of(new Op.Reduce(Op.ReduceKind.SUM, op.axes()), Ops.mul(x, winner(node, x, op.axes(), ones(x))));
        };
    }

    private static double[] ones(Expr x) {
        double[] ones = new double[x.shape().bind(1).elements()];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Expr einsum(Expr node, Op.Einsum op, List<Expr> operands) {
        for (int k = 0; k < 2; k++) {
            int batch = batchAxis(operands.get(k));
            if (batch >= 0 && op.out().indexOf((k == 0 ? op.left() : op.right()).charAt(batch)) < 0) {
                throw combines(node);
            }
        }
        return node.withOperands(operands);
    }

    private static Expr conv(Expr node, Op.Conv op, List<Expr> operands) {
        Expr x = operands.get(0);
        Expr y = operands.get(1);
        if (op.form() == Op.ConvForm.KERNEL_ADJOINT
                || y.shape().isSymbolic()
                || !x.shape().isSymbolic()) {
            throw combines(node);
        }
        return labelled(
                node, op.form() == Op.ConvForm.FORWARD ? Patches.convolution(op, x, y) : Patches.transposed(op, x, y));
    }

    private static Expr labelled(Expr old, Expr fresh) {
        return old.label().isEmpty() ? fresh : fresh.named(old.label());
    }

    private Expr pool(Expr node, Op.Pool op, Expr image) {
        if (batchAxis(image) != 0) {
            throw combines(node);
        }
        return switch (op.kind()) {
            case SUM -> labelled(node, Patches.sums(op, image));
            case MAX -> {
                Expr patches = Patches.of(image, op.window(), op.height(), op.width());
                int channels = image.shape().size(1);
                double[] inside = Patches.inside(op.window(), channels, op.height(), op.width());
                requireCells(node, inside, patches.shape().size(1));
                Expr mask = winner(node, patches, List.of(1), inside);
                yield labelled(node, Ops.sum(Ops.mul(patches, mask), 1));
            }
            case SUM_ADJOINT, MAX_SELECT, MAX_SCATTER -> throw fail(node);
        };
    }

    private static void requireCells(Expr node, double[] inside, int taps) {
        int windows = inside.length / taps;
        for (int i = 0; i < windows; i++) {
            double cells = 0;
            for (int t = 0; t < taps; t++) {
                cells += inside[t * windows + i];
            }
            if (cells == 0) {
                throw new IllegalArgumentException("A window of " + node.describe()
                        + " lies in the padding, where the maximum is -infinity; expected windows that meet the image");
            }
        }
    }

    private Expr sign(Expr node, Expr x) {
        return kink(node, x, List.of(), new double[0]);
    }

    private Expr winner(Expr node, Expr x, List<Integer> axes, double[] present) {
        return kink(node, x, axes, present);
    }

    /** The mask of a decision, seen with the argument's axes; the samples of the kink's own tensors come first. */
    private Expr kink(Expr node, Expr x, List<Integer> axes, double[] present) {
        int batch = batchAxis(x);
        if (batch > 0 && !axes.isEmpty()) {
            throw new IllegalArgumentException("Maxima are decided where the batch is the leading axis; "
                    + node.describe() + " takes one over " + x.describe());
        }
        Expr argument = batch > 0 ? batchFirst(x, batch) : x;
        String name = "mask " + kinks.size();
        Expr mask = Expr.input(name, DType.F64, argument.shape());
        String where = node.label().isEmpty() ? Names.of(node.op()) + " " + kinks.size() : node.label();
        boolean silent = node.op() instanceof Op.Unary u && u.kind() == Op.UnaryKind.RELU;
        kinks.add(new Kink(where, argument, mask, axes, present, silent));
        return batch > 0 ? Ops.transpose(mask, inverse(leading(batch, x.shape().rank()))) : mask;
    }

    private static Expr batchFirst(Expr x, int batch) {
        return Ops.transpose(x, leading(batch, x.shape().rank()));
    }

    private static int[] leading(int batch, int rank) {
        int[] order = new int[rank];
        order[0] = batch;
        for (int i = 0, to = 1; i < rank; i++) {
            if (i != batch) {
                order[to++] = i;
            }
        }
        return order;
    }

    private static int[] inverse(int[] order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return inverse;
    }

    /** The axis of the samples, −1 if there is none. */
    static int batchAxis(Expr x) {
        for (int i = 0; i < x.shape().rank(); i++) {
            if (x.shape().size(i) == Shape.N) {
                return i;
            }
        }
        return -1;
    }
}
