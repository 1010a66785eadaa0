package org.quotient.geometry.paths;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final long budget;
    private final Terms terms;
    private final Sinks sinks = new Sinks();
    private final Map<String, Integer> offsets = new HashMap<>();
    private final Map<Expr, int[]> vertices = new IdentityHashMap<>();

    PathGraphBuilder(Network network, BitSet removed, long budget) {
        this.removed = removed;
        this.budget = budget;
        int offset = 0;
        for (Expr parameter : network.parameters()) {
            offsets.put(Network.nameOf(parameter), offset);
            offset = Math.addExact(offset, parameter.shape().elements());
        }
        terms = new Terms(offset);
        for (Expr node : Graph.topological(network.outputs())) {
            vertices.put(node, read(node));
        }
        for (Expr output : network.outputs()) {
            sinks.add(of(output), SinkKind.OUTPUT);
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
            case Op.BatchSize b -> sources(size);
            case Op.Unary u -> unary(u.kind(), of(node.operand(0)));
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
                yield sum(node, copies(of(node.operand(0)), to));
            }
            case Op.Move m -> {
                List<int[]> operands = node.operands().stream().map(this::of).toList();
                List<Shape> shapes =
                        node.operands().stream().map(PathGraphBuilder::shape).toList();
                yield Moves.apply(m, operands, shapes, shape(node));
            }
            case Op.Pool p -> pool(p, node);
            case Op.Normalise n -> normalise(n, node);
            case Op.Custom c -> custom(c, node);
        };
    }

    // ---- Leaves, sums of products, cuts

    private int[] variable(Op.Variable v, int size) {
        int[] out = sources(size);
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

    private static int[] sources(int size) {
        int[] out = new int[size];
        Arrays.fill(out, Terms.ONE);
        return out;
    }

    private int[] sum(Expr node, Walk walk) {
        return sum(shape(node).elements(), walk, Degree.ONE, Degree.ONE);
    }

    /** New vertices that are the sums over a walk of a^da · b^db, sorted by output; counted before they are stored. */
    private int[] sum(int size, Walk walk, Degree da, Degree db) {
        int[] end = new int[size + 1];
        long[] count = {terms.termCount()};
        walk.run((out, a, b) -> {
            if (a != Terms.ZERO && b != Terms.ZERO) {
                end[out + 1]++;
                if (++count[0] > budget) {
                    throw new TooLargeException(
                            "The path graph has more than " + budget + " terms; a larger budget, or a smaller network"
                                    + " of the same kind, is needed",
                            count[0]);
                }
            }
        });
        for (int i = 0; i < size; i++) {
            end[i + 1] += end[i];
        }
        int[] at = Arrays.copyOf(end, size);
        int[] as = new int[end[size]];
        int[] bs = new int[end[size]];
        walk.run((out, a, b) -> {
            if (a != Terms.ZERO && b != Terms.ZERO) {
                as[at[out]] = a;
                bs[at[out]++] = b;
            }
        });
        int[] result = new int[size];
        for (int i = 0; i < size; i++) {
            for (int k = end[i]; k < end[i + 1]; k++) {
                terms.addTerm(as[k], da, bs[k], db);
            }
            result[i] = terms.close();
        }
        return result;
    }

    /** Element i of x is a summand of output element {@code to[i]}. */
    private static Walk copies(int[] x, int[] to) {
        return visitor -> {
            for (int i = 0; i < x.length; i++) {
                visitor.visit(to[i], x[i], Terms.ONE);
            }
        };
    }

    private static Walk pairs(int[] x, int[] y) {
        return visitor -> {
            for (int i = 0; i < x.length; i++) {
                visitor.visit(i, x[i], y[i]);
            }
        };
    }

    private int[] power(int[] x, Degree degree) {
        return degree.isOne() ? x : sum(x.length, pairs(x, sources(x.length)), degree, Degree.ONE);
    }

    private int[] cut(Expr node) {
        node.operands().forEach(o -> sinks.add(of(o), SinkKind.CUT));
        return sources(shape(node).elements());
    }

    private void free(int[] x, int[] group) {
        sinks.addGroups(x, group, SinkKind.SCALE_FREE);
    }

    private void freeEach(int[] x) {
        int[] own = new int[x.length];
        Arrays.setAll(own, i -> i);
        free(x, own);
    }

    // ---- Elementwise

    private int[] unary(Op.UnaryKind kind, int[] x) {
        return switch (kind) {
            case NEG, ABS, RELU, DETACH -> x;
            case STEP -> {
                freeEach(x);
                yield sources(x.length);
            }
            case SQRT -> power(x, Degree.HALF);
            case EXP, LOG, TANH, SIGMOID, SOFTPLUS, ERF -> {
                sinks.add(x, SinkKind.CUT);
                yield sources(x.length);
            }
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
            case MUL -> sum(node, pairs(x, y));
            case DIV -> sum(x.length, pairs(x, y), Degree.ONE, Degree.INVERSE);
            case POW -> pow(node, x);
            case PRELU -> {
                slopes(y);
                yield x;
            }
        };
    }

    /** Each slope once: copies of one parameter element along rows and columns are one coordinate. */
    private void slopes(int[] y) {
        sinks.add(
                Arrays.stream(y).filter(v -> v != Terms.ONE).sorted().distinct().toArray(), SinkKind.SLOPE);
    }

    private int[] pow(Expr node, int[] x) {
        Expr exponent = node.operand(1);
        boolean fixed = Graph.topological(List.of(exponent)).stream()
                .noneMatch(e -> e.op() instanceof Op.Variable || e.op() instanceof Op.BatchSize);
        if (!fixed) {
            return cut(node);
        }
        double[] values =
                Evaluator.evaluate(List.of(exponent), Map.of(), 1).get(0).data();
        boolean uniform = values.length > 0 && Arrays.stream(values).allMatch(v -> v == values[0]);
        if (uniform && values[0] == 0) {
            return sources(x.length);
        }
        Optional<Degree> degree = uniform ? Degree.of(values[0]) : Optional.empty();
        return degree.map(d -> power(x, d)).orElseGet(() -> cut(node));
    }

    // ---- Reductions, windows, convolutions

    private int[] reduce(Op.Reduce r, Expr node) {
        Expr operand = node.operand(0);
        int[] to = kept(shape(operand), r.axes());
        return switch (r.kind()) {
            case SUM, MAX -> sum(node, copies(of(operand), to));
            case FIRST_MAX -> {
                free(of(operand), to);
                yield sources(to.length);
            }
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
        int[] x = of(node.operand(0));
        int image = p.height() * p.width();
        int places = p.window().outputHeight(p.height()) * p.window().outputWidth(p.width());
        int planes = x.length / (p.kind() == Op.PoolKind.SUM_ADJOINT ? places : image);
        if (p.kind() == Op.PoolKind.MAX_SELECT || p.kind() == Op.PoolKind.MAX_SCATTER) {
            compared(p, x, planes, places);
        }
        int[] moved = of(node.operand(node.operands().size() - 1));
        boolean spreads = p.kind() == Op.PoolKind.SUM_ADJOINT || p.kind() == Op.PoolKind.MAX_SCATTER;
        return sum(node, visitor -> {
            for (int i = 0; i < planes * places; i++) {
                int place = i;
                int first = i / places * image;
                Contractions.forEachCell(p.window(), i % places, p.height(), p.width(), (tap, pixel) -> {
                    int from = spreads ? place : first + pixel;
                    visitor.visit(spreads ? first + pixel : place, moved[from], Terms.ONE);
                });
            }
        });
    }

    /** Where each window's largest element is depends on ratios within the window alone: one free scale per window. */
    private void compared(Op.Pool p, int[] x, int planes, int places) {
        List<int[]> cells = new ArrayList<>();
        for (int i = 0; i < planes * places; i++) {
            int window = i;
            int first = i / places * p.height() * p.width();
            Contractions.forEachCell(
                    p.window(),
                    i % places,
                    p.height(),
                    p.width(),
                    (tap, pixel) -> cells.add(new int[] {x[first + pixel], window}));
        }
        free(
                cells.stream().mapToInt(c -> c[0]).toArray(),
                cells.stream().mapToInt(c -> c[1]).toArray());
    }

    // ---- Normalisation and operations from outside

    private int[] normalise(Op.Normalise n, Expr node) {
        Expr x = node.operand(0);
        return switch (n) {
            case Op.Standardise s -> {
                free(of(x), kept(shape(x), s.axes()));
                yield sources(shape(node).elements());
            }
            case Op.StandardiseWith s -> {
                boolean running = Graph.topological(List.of(node.operand(1), node.operand(2))).stream()
                        .noneMatch(e -> e.op() instanceof Op.Variable v && v.role() != Op.Role.BUFFER);
                if (!running) {
                    yield cut(node);
                }
                free(of(x), kept(shape(x), s.axes()));
                yield sources(shape(node).elements());
            }
            case Op.Softmax s -> cut(node);
        };
    }

    private int[] custom(Op.Custom c, Expr node) {
        List<Degree> degrees = new ArrayList<>();
        for (int i = 0; i < node.operands().size(); i++) {
            var degree = c.definition().elementwiseDegree(i);
            if (degree.isEmpty() || !shape(node.operand(i)).equals(shape(node))) {
                return cut(node);
            }
            degrees.add(new Degree(degree.getAsInt(), 1));
        }
        int[] out = sources(shape(node).elements());
        for (int i = 0; i < degrees.size(); i++) {
            int[] x = of(node.operand(i));
            if (degrees.get(i).numerator() == 0) {
                freeEach(x);
            } else {
                out = sum(x.length, pairs(out, x), Degree.ONE, degrees.get(i));
            }
        }
        return out;
    }
}
