package org.quotient.geometry.paths;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;

/** Reads a network, operation by operation, into the vertices of its path graph, for a batch of one sample. */
final class PathGraphBuilder {
    private final BitSet removed;
    private final Terms terms;
    private final Sums sums;
    private final Sinks sinks = new Sinks();
    private final Map<String, Integer> offsets = new HashMap<>();
    private final Map<Expr, int[]> vertices = new IdentityHashMap<>();

    PathGraphBuilder(Network network, BitSet removed, long budget) {
        this.removed = removed;
        int offset = 0;
        for (Expr parameter : network.parameters()) {
            offsets.put(Network.nameOf(parameter), offset);
            offset = Math.addExact(offset, parameter.shape().elements());
        }
        terms = new Terms(offset);
        sums = new Sums(terms, budget);
        for (Expr node : Graph.topological(network.outputs())) {
            vertices.put(node, read(node));
        }
        for (Expr output : network.outputs()) {
            for (int vertex : of(output)) {
                sinks.add(vertex, SinkKind.OUTPUT, Sinks.ALWAYS);
            }
        }
    }

    Terms terms() {
        return terms;
    }

    Sinks sinks() {
        return sinks;
    }

    private int[] of(Expr node) {
        int[] found = vertices.get(node);
        if (found == null) {
            throw new IllegalStateException("The graph has no node " + node.describe());
        }
        return found;
    }

    private static Shape shape(Expr node) {
        return node.shape().bind(1);
    }

    private int[] read(Expr node) {
        int size = shape(node).elements();
        return switch (node.op()) {
            case Op.Variable v -> variable(v, size);
            case Op.Constant c -> constant(c.value());
            case Op.BatchSize b -> ones(size);
            case Op.Unary u -> unary(u.kind(), node);
            case Op.Binary b -> binary(b.kind(), node);
            case Op.Reduce r -> reduce(r, node);
            case Op.Einsum e -> {
                Expr a = node.operand(0);
                Expr b = node.operand(1);
                yield sum(node, Contractions.einsum(e, of(a), of(b), shape(a), shape(b)));
            }
            case Op.Conv c -> sum(node, conv(c, node));
            case Op.Scatter s -> {
                int[] to = Moves.gathered(s.axis(), s.indices(), shape(node));
                yield sum(node, Sums.copies(of(node.operand(0)), to));
            }
            case Op.Move m -> {
                List<int[]> operands = node.operands().stream().map(this::of).toList();
                List<Shape> shapes =
                        node.operands().stream().map(PathGraphBuilder::shape).toList();
                yield Moves.apply(m, operands, shapes, shape(node));
            }
            case Op.Pool p -> pool(p, node);
            case Op.Normalise n -> normalise(n, node);
            case Op.Custom c -> custom(node);
        };
    }

    // ---- Leaves, sums of products

    private int[] variable(Op.Variable v, int size) {
        int[] out = ones(size);
        if (v.role() == Op.Role.PARAMETER) {
            Integer offset = offsets.get(v.name());
            if (offset == null) {
                throw new IllegalArgumentException("The parameter '" + v.name() + "' is not listed by the network");
            }
            for (int i = 0; i < size; i++) {
                out[i] = removed.get(offset + i) ? Terms.ZERO : Terms.ofParameter(offset + i);
            }
        }
        return out;
    }

    private static int[] constant(Tensor value) {
        int[] out = new int[value.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = value.get(i) == 0 ? Terms.ZERO : Terms.ONE;
        }
        return out;
    }

    private static int[] ones(int size) {
        int[] out = new int[size];
        Arrays.fill(out, Terms.ONE);
        return out;
    }

    private int[] sum(Expr node, Walk walk) {
        return sums.of(shape(node).elements(), walk);
    }

    // ---- Cuts: the result's elements are sources of their own, which cause the operands' elements to be sinks

    /** Every element of the result may feel every element of the operands. */
    private int[] cutWhole(Expr node) {
        int source = terms.source();
        for (Expr operand : node.operands()) {
            end(of(operand), i -> source, SinkKind.CUT);
        }
        int[] result = new int[shape(node).elements()];
        Arrays.fill(result, source);
        return result;
    }

    /** Element i of the result feels element i of each operand. */
    private int[] cutEach(Expr node, SinkKind kind) {
        int[] result = freshSources(shape(node).elements());
        for (Expr operand : node.operands()) {
            end(of(operand), i -> result[i], kind);
        }
        return result;
    }

    /** The elements of the operand and of the result that share their index outside the axes form a group. */
    private int[] cutAlong(Expr node, List<Integer> axes, SinkKind kind) {
        Shape shape = shape(node.operand(0));
        int[] group = kept(shape, axes);
        int[] source = freshSources(shape.without(axes).elements());
        end(of(node.operand(0)), i -> source[group[i]], kind);
        return Indices.pick(source, group);
    }

    private int[] freshSources(int size) {
        int[] sources = new int[size];
        Arrays.setAll(sources, i -> terms.source());
        return sources;
    }

    private void end(int[] x, IntUnaryOperator cause, SinkKind kind) {
        for (int i = 0; i < x.length; i++) {
            sinks.add(x[i], kind, cause.applyAsInt(i));
        }
    }

    // ---- Elementwise

    private int[] unary(Op.UnaryKind kind, Expr node) {
        int[] x = of(node.operand(0));
        return switch (kind) {
            case NEG, ABS, RELU, DETACH -> x;
            case STEP -> {
                int[] steps = cutEach(node, SinkKind.SCALE_FREE);
                yield IntStream.range(0, x.length)
                        .map(i -> x[i] == Terms.ZERO ? Terms.ZERO : steps[i])
                        .toArray();
            }
            case SQRT -> sums.power(x, Degree.HALF);
            case EXP, LOG, TANH, SIGMOID, SOFTPLUS, ERF -> cutEach(node, SinkKind.CUT);
        };
    }

    private int[] binary(Op.BinaryKind kind, Expr node) {
        int[] x = of(node.operand(0));
        int[] y = of(node.operand(1));
        return switch (kind) {
            case ADD, SUB, MAX -> {
                Walk both = visitor -> {
                    for (int i = 0; i < x.length; i++) {
                        visitor.visit(i, x[i], Terms.ONE);
                        visitor.visit(i, y[i], Terms.ONE);
                    }
                };
                yield sum(node, both);
            }
            case MUL -> sum(node, Sums.pairs(x, y));
            case DIV -> sums.of(x.length, Sums.pairs(x, y), Degree.ONE, Degree.INVERSE);
            case POW -> pow(node, x);
            case PRELU -> prelu(x, y);
        };
    }

    /** Slopes that are no plain constants are sinks, wherever the result is felt. */
    private int[] prelu(int[] x, int[] slope) {
        int[] result = x.clone();
        for (int i = 0; i < x.length; i++) {
            if (slope[i] != Terms.ONE && slope[i] != Terms.ZERO) {
                result[i] = terms.copy(x[i]);
                sinks.add(slope[i], SinkKind.SLOPE, result[i]);
            }
        }
        return result;
    }

    private int[] pow(Expr node, int[] x) {
        Expr exponent = node.operand(1);
        boolean fixed = Graph.topological(List.of(exponent)).stream()
                .noneMatch(e -> e.op() instanceof Op.Variable || e.op() instanceof Op.BatchSize);
        if (!fixed) {
            return cutEach(node, SinkKind.CUT);
        }
        double[] values =
                Evaluator.evaluate(List.of(exponent), Map.of(), 1).get(0).data();
        boolean uniform = values.length > 0 && Arrays.stream(values).allMatch(v -> v == values[0]);
        if (uniform && values[0] == 0) {
            return ones(x.length);
        }
        Optional<Degree> degree = uniform ? Degree.of(values[0]) : Optional.empty();
        return degree.map(d -> sums.power(x, d)).orElseGet(() -> cutEach(node, SinkKind.CUT));
    }

    // ---- Reductions, windows, convolutions

    private int[] reduce(Op.Reduce r, Expr node) {
        Expr operand = node.operand(0);
        return switch (r.kind()) {
            case SUM, MAX -> sum(node, Sums.copies(of(operand), kept(shape(operand), r.axes())));
            case FIRST_MAX -> cutAlong(node, r.axes(), SinkKind.SCALE_FREE);
        };
    }

    /** For each element the position of its index outside the axes, in the shape without them. */
    private static int[] kept(Shape shape, List<Integer> axes) {
        int[] strides = shape.without(axes).strides();
        int[] step = new int[shape.rank()];
        int next = 0;
        for (int i = 0; i < step.length; i++) {
            step[i] = axes.contains(i) ? 0 : strides[next++];
        }
        return Indices.positions(shape.sizes(), step, 0);
    }

    private Walk conv(Op.Conv c, Expr node) {
        Shape a = shape(node.operand(0));
        Shape b = shape(node.operand(1));
        Shape to = shape(node);
        int[] x = of(node.operand(0));
        int[] y = of(node.operand(1));
        return switch (c.form()) {
            case FORWARD -> Contractions.conv(c, x, y, a.size(0), a.size(1), b.size(0));
            case INPUT_ADJOINT -> Contractions.conv(c, x, y, a.size(0), to.size(1), a.size(1));
            case KERNEL_ADJOINT -> Contractions.conv(c, x, y, a.size(0), a.size(1), b.size(1));
        };
    }

    private int[] pool(Op.Pool p, Expr node) {
        int image = p.height() * p.width();
        int places = p.window().outputHeight(p.height()) * p.window().outputWidth(p.width());
        int planes = shape(node).size(0) * shape(node).size(1);
        Cells cells = visitor -> {
            for (int i = 0; i < planes * places; i++) {
                int place = i;
                int first = i / places * image;
                Contractions.forEachCell(
                        p.window(),
                        i % places,
                        p.height(),
                        p.width(),
                        (tap, pixel) -> visitor.visit(place, first + pixel));
            }
        };
        int[] x = of(node.operand(0));
        return switch (p.kind()) {
            case SUM, MAX -> gatherCells(node, cells, x);
            case SUM_ADJOINT -> spreadCells(node, cells, x);
            case MAX_SELECT -> {
                int[] selected = copiesOf(gatherCells(node, cells, of(node.operand(1))));
                cells.run((place, pixel) -> sinks.add(x[pixel], SinkKind.SCALE_FREE, selected[place]));
                yield selected;
            }
            case MAX_SCATTER -> {
                int[] scattered = copiesOf(of(node.operand(1)));
                cells.run((place, pixel) -> sinks.add(x[pixel], SinkKind.SCALE_FREE, scattered[place]));
                yield spreadCells(node, cells, scattered);
            }
        };
    }

    /** A walk over the pairs of a window and a pixel in it; windows and pixels are numbered over all planes. */
    private interface Cells {
        void run(CellVisitor visitor);
    }

    /** Receives a pair. */
    private interface CellVisitor {
        void visit(int place, int pixel);
    }

    private int[] gatherCells(Expr node, Cells cells, int[] x) {
        return sum(node, visitor -> cells.run((place, pixel) -> visitor.visit(place, x[pixel], Terms.ONE)));
    }

    private int[] spreadCells(Expr node, Cells cells, int[] x) {
        return sum(node, visitor -> cells.run((place, pixel) -> visitor.visit(pixel, x[place], Terms.ONE)));
    }

    /** Where a window's largest element is depends on ratios within the window: it causes one free scale. */
    private int[] copiesOf(int[] x) {
        return Arrays.stream(x).map(terms::copy).toArray();
    }

    // ---- Normalisation and operations from outside

    private int[] normalise(Op.Normalise n, Expr node) {
        return switch (n) {
            case Op.Standardise s -> cutAlong(node, s.axes(), SinkKind.SCALE_FREE);
            case Op.StandardiseWith s -> {
                boolean running = Graph.topological(List.of(node.operand(1), node.operand(2))).stream()
                        .noneMatch(e -> e.op() instanceof Op.Variable v && v.role() != Op.Role.BUFFER);
                yield running ? cutAlong(node, s.axes(), SinkKind.SCALE_FREE) : cutWhole(node);
            }
            case Op.Softmax s -> cutAlong(node, List.of(s.axis()), SinkKind.CUT);
        };
    }

    private int[] custom(Expr node) {
        Optional<List<Integer>> confirmed = ConfirmedDegrees.of(node);
        if (confirmed.isEmpty()) {
            return cutWhole(node);
        }
        List<Degree> degrees =
                confirmed.get().stream().map(d -> new Degree(d, 1)).toList();
        int[] out = ones(shape(node).elements());
        for (int i = 0; i < degrees.size(); i++) {
            int[] x = of(node.operand(i));
            if (degrees.get(i).numerator() == 0) {
                int[] felt = freshSources(x.length);
                end(x, k -> felt[k], SinkKind.SCALE_FREE);
                out = sums.of(x.length, Sums.pairs(out, felt));
            } else {
                out = sums.of(x.length, Sums.pairs(out, x), Degree.ONE, degrees.get(i));
            }
        }
        return out;
    }
}
