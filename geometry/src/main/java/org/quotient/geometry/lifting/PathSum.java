package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.Liveness;
import org.quotient.geometry.paths.ConfirmedDegrees;

/**
 * The sum over all paths p of Π_{i∈p} e_i · |κ_p|^q as an expression, where each parameter element i carries an edge value e_i
 * and κ_p is the product of the constants on the path: one pass over the network's own graph, at its own size. With e = |θ|^q it
 * is the q-th power of the path norm, with e = θ∘θ′ and q = 2 the inner product ⟨Φ(θ), Φ(θ′)⟩.
 *
 * <p>The network's graph is kept, with activations that are homogeneous replaced by the identity, maxima and pooling by sums,
 * differences by sums, constants by powers of their absolute values; where a normalisation or an activation that is not
 * homogeneous cuts the path graph, the sum over what it reads is added to the total and what it yields begins with 1
 * (Neyshabur et al. 2015; Gonon et al. 2023, for maxima; see {@link org.quotient.geometry.paths.PathGraph} for the paths). A
 * parameter that occurs m times on a path enters as e^m.
 */
public final class PathSum {
    private final Network network;
    private final Expr total;
    private final List<Expr> edges;
    private final Map<String, Tensor> fixed;

    private PathSum(Network network, Expr total, List<Expr> edges, Map<String, Tensor> fixed) {
        this.network = network;
        this.total = total;
        this.edges = edges;
        this.fixed = fixed;
    }

    /**
     * The sum over the paths of a network.
     *
     * @param liveness which elements lie on paths
     * @param exponent q &gt; 0, of the constants
     * @throws IllegalArgumentException if the network divides by, or takes a root of, what its parameters reach: its paths are
     *     no products of parameters
     */
    public static PathSum of(Liveness liveness, double exponent) {
        return of(liveness, exponent, Map.of());
    }

    /**
     * The sum over the paths of a network, each weighted by what its input begins with.
     *
     * @param liveness which elements lie on paths
     * @param exponent q &gt; 0, of the constants
     * @param inputs per name of an input what its elements begin with, of its shape for one sample; 1 for those not named
     */
    static PathSum of(Liveness liveness, double exponent, Map<String, Tensor> inputs) {
        if (!(exponent > 0 && exponent < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The exponent of a path norm must be positive and finite; given " + exponent);
        }
        return new Builder(liveness, exponent, inputs, Within.NOTHING).build();
    }

    /**
     * The sum as a part of a larger program: in a dtype of choice, for one sample (axes of the batch have size 1, so nothing is
     * left to bind and {@link #fixed} is empty), and with a say in what goes on from each value.
     *
     * <p>What a normalisation with centring or scaling reads enters divided by its own value, per group of elements that are
     * normalised together, as if the total held its logarithm: the slopes then scale as those of the network's function do,
     * whatever the scale of what is normalised.
     *
     * @param liveness which elements lie on paths
     * @param exponent q &gt; 0, of the constants
     * @param dtype of the edges and of the total
     * @param through from a node of the network and its sum, a value of the node's shape for one sample, to what takes the sum's
     *     place
     */
    public static PathSum within(Liveness liveness, double exponent, DType dtype, BinaryOperator<Expr> through) {
        return new Builder(liveness, exponent, Map.of(), new Within(dtype, Optional.of(through))).build();
    }

    /** Names of the parameters that a path may use more than once. */
    public Set<String> reused() {
        return new Reuse(this).names();
    }

    /** How a sum is part of a larger program; without {@code through} it is not. */
    private record Within(DType dtype, Optional<BinaryOperator<Expr>> through) {
        static final Within NOTHING = new Within(DType.F64, Optional.empty());

        boolean bound() {
            return through.isPresent();
        }
    }

    /**
     * The sum with exponent 0: constants count 1 unless they are 0. With edge values 1 and 0 it is a number of paths, and
     * every intermediate value is a whole number.
     *
     * @param liveness which elements lie on paths
     */
    static PathSum counting(Liveness liveness) {
        return new Builder(liveness, 0, Map.of(), Within.NOTHING).build();
    }

    /** The network. */
    public Network network() {
        return network;
    }

    /** The total, a scalar. */
    public Expr total() {
        return total;
    }

    /** The edge values, one variable per parameter of the network in its order, of its name and shape. */
    public List<Expr> edges() {
        return edges;
    }

    /** The values of the other variables: what inputs and cuts begin with, and where paths end. One sample. */
    public Map<String, Tensor> fixed() {
        return fixed;
    }

    /** Whether a value depends on nothing but constants. */
    static boolean isFixed(Expr node) {
        return Graph.topological(List.of(node)).stream()
                .noneMatch(e -> e.op() instanceof Op.Variable || e.op() instanceof Op.BatchSize);
    }

    /** Whether a value depends on nothing but constants and buffers, such as running statistics. */
    static boolean isGiven(Expr node) {
        return Graph.topological(List.of(node)).stream()
                .noneMatch(e -> e.op() instanceof Op.Variable v && v.role() != Op.Role.BUFFER);
    }

    static Tensor value(Expr node) {
        return Evaluator.evaluate(List.of(node), Map.of(), 1).get(0);
    }

    private static final class Builder {
        private static final int LARGEST_POWER = 8;

        private final Network network;
        private final Liveness liveness;
        private final double exponent;
        private final Map<String, Tensor> inputs;
        private final Within within;
        private final Map<Expr, Expr> image = new IdentityHashMap<>();
        private final Map<String, Expr> edges = new LinkedHashMap<>();
        private final Map<String, Tensor> fixed = new LinkedHashMap<>();
        private final List<Expr> sinks = new ArrayList<>();

        Builder(Liveness liveness, double exponent, Map<String, Tensor> inputs, Within within) {
            this.network = liveness.network();
            this.liveness = liveness;
            this.exponent = exponent;
            this.inputs = inputs;
            this.within = within;
            for (Expr p : network.parameters()) {
                edges.put(Network.nameOf(p), Expr.parameter(Network.nameOf(p), within.dtype, p.shape()));
            }
        }

        PathSum build() {
            for (Expr node : Graph.topological(network.outputs())) {
                Expr sum = read(node);
                image.put(node, within.through.map(f -> f.apply(node, sum)).orElse(sum));
            }
            network.outputs().forEach(o -> sinks.add(all(of(o))));
            Expr total = sinks.stream().reduce(Expr::plus).orElseThrow();
            return new PathSum(network, total, List.copyOf(edges.values()), Map.copyOf(fixed));
        }

        private Expr of(Expr node) {
            Expr found = image.get(node);
            if (found == null) {
                throw new IllegalStateException("The graph has no node " + node.describe());
            }
            return found;
        }

        private static Expr all(Expr x) {
            int[] axes = new int[x.shape().rank()];
            Arrays.setAll(axes, i -> i);
            return axes.length == 0 ? x : Ops.sum(x, axes);
        }

        /** A variable with a given value for one sample, of a shape that may hold the batch. */
        private Expr given(Shape shape, Tensor value) {
            if (within.bound() || !shape.isSymbolic()) {
                return constant(value);
            }
            String name = "path-sum " + fixed.size();
            fixed.put(name, value);
            return Expr.input(name, DType.F64, shape);
        }

        private Expr constant(Tensor value) {
            return Expr.constant(value.cast(within.dtype));
        }

        private Expr ones(Shape shape) {
            if (within.bound()) {
                return Ops.broadcastTo(Ops.scalar(1, within.dtype), shape.bind(1));
            }
            return given(shape, Tensor.fill(shape.bind(1), DType.F64, i -> 1));
        }

        private Expr power(Tensor constant) {
            return constant(Tensor.fill(
                    constant.shape(),
                    DType.F64,
                    i -> constant.get(i) == 0 ? 0 : Math.pow(Math.abs(constant.get(i)), exponent)));
        }

        private Expr read(Expr node) {
            return switch (node.op()) {
                case Op.Variable v -> variable(node, v);
                case Op.Constant c -> power(c.value());
                case Op.BatchSize b -> Ops.scalar(1, within.dtype);
                case Op.Unary u -> unary(u.kind(), node);
                case Op.Binary b -> binary(b.kind(), node);
                case Op.Reduce r ->
                    r.kind() == Op.ReduceKind.FIRST_MAX
                            ? cut(node)
                            : Expr.of(new Op.Reduce(Op.ReduceKind.SUM, r.axes()), of(node.operand(0)));
                case Op.Contraction c -> again(node);
                case Op.Move m -> again(node);
                case Op.Pool p -> pool(p, node);
                case Op.Normalise n -> cut(node);
                case Op.Custom c ->
                    ConfirmedDegrees.of(node).map(d -> homogeneous(node, d)).orElseGet(() -> cut(node));
            };
        }

        private Expr again(Expr node) {
            Op op = within.bound() ? bound(node) : node.op();
            return Expr.of(op, node.operands().stream().map(this::of).toList());
        }

        /** The operation where the axis of the batch has size 1. */
        private static Op bound(Expr node) {
            Shape shape = node.shape().bind(1);
            return switch (node.op()) {
                case Op.Reshape r -> new Op.Reshape(shape);
                case Op.Broadcast b -> new Op.Broadcast(shape, b.axes());
                case Op.Slice s ->
                    new Op.Slice(
                            s.starts(),
                            IntStream.range(0, shape.rank())
                                    .mapToObj(i -> s.stops().get(i) == Shape.N
                                            ? Integer.valueOf(shape.size(i))
                                            : s.stops().get(i))
                                    .toList(),
                            s.steps());
                default -> node.op();
            };
        }

        /** A custom operation that is homogeneous element by element: like an activation, or a product of powers. */
        private Expr homogeneous(Expr node, List<Integer> degrees) {
            if (degrees.stream().anyMatch(d -> d < 0 || d > LARGEST_POWER)
                    || degrees.stream().allMatch(d -> d == 0)) {
                return refuse(node, "a custom operation of degrees " + degrees + " in");
            }
            Expr product = null;
            for (int k = 0; k < degrees.size(); k++) {
                for (int i = 0; i < degrees.get(k); i++) {
                    Expr x = of(node.operand(k));
                    product = product == null ? x : product.times(x);
                }
            }
            return Objects.requireNonNull(product);
        }

        private Expr variable(Expr node, Op.Variable v) {
            Expr edge = edges.get(v.name());
            if (v.role() == Op.Role.PARAMETER && edge != null) {
                return edge;
            }
            Tensor begin = inputs.get(v.name());
            return begin == null ? ones(node.shape()) : given(node.shape(), begin);
        }

        private Expr unary(Op.UnaryKind kind, Expr node) {
            Expr x = of(node.operand(0));
            return switch (kind) {
                case NEG, ABS, RELU, DETACH -> x;
                case SQRT -> isFixed(node) ? power(value(node)) : refuse(node, "a square root of");
                case STEP, EXP, LOG, TANH, SIGMOID, SOFTPLUS, ERF -> isFixed(node) ? power(value(node)) : cut(node);
            };
        }

        private Expr binary(Op.BinaryKind kind, Expr node) {
            Expr x = of(node.operand(0));
            Expr y = of(node.operand(1));
            if (isFixed(node)) {
                return power(value(node));
            }
            return switch (kind) {
                case ADD, SUB, MAX -> x.plus(y);
                case MUL -> x.times(y);
                case DIV ->
                    isFixed(node.operand(1)) ? x.over(power(value(node.operand(1)))) : refuse(node, "a quotient by");
                case POW -> power(node, x);
                case PRELU -> x;
            };
        }

        /** A product of equal factors; otherwise the graph is cut, or there are no paths. */
        private Expr power(Expr node, Expr x) {
            if (!isFixed(node.operand(1))) {
                return cut(node);
            }
            Tensor exponents = value(node.operand(1));
            double n = exponents.size() == 0 ? 1 : exponents.get(0);
            for (int i = 0; i < exponents.size(); i++) {
                if (exponents.get(i) != n || n != Math.rint(n) || n < 1 || n > LARGEST_POWER) {
                    return refuse(node, "a power other than 1, 2, ..., " + LARGEST_POWER + " of");
                }
            }
            Expr product = x;
            for (int i = 1; i < n; i++) {
                product = product.times(x);
            }
            return product;
        }

        private Expr pool(Op.Pool p, Expr node) {
            Op sum = new Op.Pool(Op.PoolKind.SUM, p.window(), p.height(), p.width());
            Op adjoint = new Op.Pool(Op.PoolKind.SUM_ADJOINT, p.window(), p.height(), p.width());
            return switch (p.kind()) {
                case SUM, MAX -> Expr.of(sum, of(node.operand(0)));
                case SUM_ADJOINT -> Expr.of(adjoint, of(node.operand(0)));
                case MAX_SELECT -> Expr.of(sum, of(node.operand(1)));
                case MAX_SCATTER -> Expr.of(adjoint, of(node.operand(1)));
            };
        }

        /** Paths end at what the operation reads where its result is felt; what it yields begins anew. */
        private Expr cut(Expr node) {
            for (int i = 0; i < node.operands().size(); i++) {
                Expr operand = node.operand(i);
                if (i > 0 && node.op() instanceof Op.StandardiseWith && isGiven(operand)) {
                    continue;
                }
                Tensor where = liveness.sinkMask(node, i);
                if (where.maxAbs() > 0) {
                    Expr read = of(operand).times(given(operand.shape(), where));
                    sinks.add(all(within.bound() && i == 0 ? scaleFree(node.op(), read) : read));
                }
            }
            return ones(node.shape());
        }

        /** What is normalised together, divided by its own total. */
        private static Expr scaleFree(Op op, Expr read) {
            List<Integer> axes = switch (op) {
                case Op.Standardise s -> s.axes();
                case Op.StandardiseWith s -> s.axes();
                default -> List.of();
            };
            if (axes.isEmpty()) {
                return read;
            }
            Expr total = Ops.sum(read, axes.stream().mapToInt(Integer::intValue).toArray());
            Expr known = Ops.detach(total);
            Expr positive = Ops.step(known);
            return total.times(positive).over(known.plus(Ops.fullLike(known, 1).minus(positive)));
        }

        private static Expr refuse(Expr node, String what) {
            throw new IllegalArgumentException("The network takes " + what + " what its parameters or inputs reach ("
                    + node.describe() + "), so its paths are no products of parameters and it has no path lifting");
        }
    }
}
