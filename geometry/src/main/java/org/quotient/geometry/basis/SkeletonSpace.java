package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Frame;
import org.quotient.geometry.Incidence;

/**
 * Basis paths by a skeleton of the class graph. With PI(c) the product of skeleton elements from the inputs to class c and
 * PO(c) from there to the outputs, both 1 at the ground, the path of an element e from u to v has the value w_e·K_e with
 * K_e = PI(u)·PO(v), and the path within the skeleton through c the value q_c = PI(c)·PO(c). These are m − H coordinates,
 * and every path is a Laurent monomial in them: for a path through e_1, ..., e_L and classes c_1, ..., c_(L−1), its value
 * is Π v(e_i)/Π q(c_i).
 *
 * <p>An exit (a class that a normalisation reads) has PO = 1/N, N the Euclidean norm of what arrives there, so that filters
 * before a normalisation are directions; its gain and shift are incoming elements of the channel after it. That is exact
 * for ε = 0 and statistics of the batch; running statistics would have to move along.
 *
 * <p>K_e is a product over the depth of the network: with skeleton elements far from 1, deep networks reach the end of the
 * range of single precision, and steps 1/K_e² large.
 */
public final class SkeletonSpace implements GSpace {
    private final ClassGraph graph;
    private final Skeleton skeleton;
    private final SkeletonTrees trees;
    private final SkeletonMasks masks;
    private final ClassVectors vectors;
    private final boolean sumOut;
    private final @Nullable SkeletonUnits units;

    private SkeletonSpace(ClassGraph graph, Skeleton skeleton) {
        this.graph = graph;
        this.units = null;
        this.skeleton = skeleton;
        this.trees = new SkeletonTrees(graph, skeleton);
        this.masks = new SkeletonMasks(graph, trees);
        this.vectors = new ClassVectors(graph);
        this.sumOut = touched(false) <= touched(true);
    }

    private SkeletonSpace(SkeletonSpace like, @Nullable SkeletonUnits units) {
        this.graph = like.graph;
        this.skeleton = like.skeleton;
        this.trees = like.trees;
        this.masks = like.masks;
        this.vectors = like.vectors;
        this.sumOut = like.sumOut;
        this.units = units;
    }

    static SkeletonSpace of(ClassGraph graph, Skeleton skeleton) {
        for (Expr parameter : graph.parameters()) {
            if (parameter.dtype() != graph.dtype()) {
                throw new IllegalArgumentException("Path values need parameters of one dtype; "
                        + graph.parameters().get(0).describe() + " is " + graph.dtype() + " and " + parameter.describe()
                        + " is "
                        + parameter.dtype());
            }
        }
        return new SkeletonSpace(graph, skeleton);
    }

    /** How many numbers sums by head, or by tail, of ordinary classes pass over. */
    private long touched(boolean heads) {
        long total = 0;
        for (int p = 0; p < graph.parameters().size(); p++) {
            for (int c : (heads ? graph.heads(p) : graph.tails(p)).ids()) {
                if (trees.isOrdinary(c)) {
                    total += graph.offset(p + 1) - graph.offset(p);
                    break;
                }
            }
        }
        return total;
    }

    @Override
    public Skeleton skeleton() {
        return skeleton;
    }

    /**
     * The generators whose classes have no nonzero element to or from the rest of the network: they and their elements stay
     * as they are.
     */
    public int[] frozen() {
        return SkeletonChoice.frozen(graph, skeleton).stream().toArray();
    }

    @Override
    public Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        graph.parameters().forEach(p -> shapes.put(Network.nameOf(p), p.shape()));
        if (graph.ground() > 0) {
            shapes.put(SKELETON, Shape.of(graph.ground()));
        }
        return shapes;
    }

    @Override
    public long dimension() {
        long chains = 0;
        for (double first : trees.firsts()) {
            chains += (long) first;
        }
        long radii = graph.exits().stream().filter(trees::isFree).count();
        return masks.count() + chains - radii;
    }

    private DType dtype() {
        return graph.dtype();
    }

    private Expr flags(double[] values) {
        return Selections.constant(dtype(), values);
    }

    /** Without the ground. */
    private Expr classes(Expr vector) {
        return Ops.slice(vector, 0, 0, graph.ground());
    }

    @Override
    public Map<String, Expr> support() {
        Map<String, Expr> support = new LinkedHashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            Expr parameter = graph.parameters().get(p);
            support.put(Network.nameOf(parameter), own(p, Ops.fullLike(parameter, 1)));
        }
        if (graph.ground() > 0) {
            support.put(SKELETON, classes(flags(trees.firsts())));
        }
        return support;
    }

    /** x where the elements have paths of their own, else 0. */
    private Expr own(int p, Expr x) {
        Expr mask = masks.own(p);
        return mask == null ? x : x.times(mask);
    }

    /** x times a number per class at the tails and one at the heads. */
    private Expr between(int p, Expr x, Expr atTail, Expr atHead) {
        Ends tails = graph.tails(p);
        Ends heads = graph.heads(p);
        Expr y = tails.isGround() ? x : x.times(tails.spread(atTail));
        return heads.isGround() ? y : y.times(heads.spread(atHead));
    }

    /**
     * The same paths with their values counted in units: every PI and PO times the unit's number of its class, and so every
     * v_b and its derivatives.
     *
     * @param newUnits of this network's generators
     */
    public SkeletonSpace in(SkeletonUnits newUnits) {
        if (newUnits.generators() != graph.ground()) {
            throw new IllegalArgumentException(
                    "The network has " + graph.ground() + " generators; the units are for " + newUnits.generators());
        }
        return new SkeletonSpace(this, newUnits);
    }

    /** The same paths with their values as published. */
    public SkeletonSpace plain() {
        return units == null ? this : new SkeletonSpace(this, null);
    }

    /**
     * The units in which, at given weights, the skeleton counts as much as the weights' covariant {@link Frame}: PI(c) is ±s_c and
     * PO(c) ±1/s_c, so that K_e is ±s_u/s_v, whatever the skeleton's elements are, and every path within the skeleton has the
     * value ±1. Plain descent in v begins there with the steps of descent in the frame, for all but the skeleton. Units of all
     * representatives of one point are the same.
     *
     * @param incidence of the network's rescalings
     * @param weights where
     * @throws IllegalArgumentException if a parameter is no edge, see {@link Incidence#requireEdges}
     */
    public SkeletonUnits unitsAt(Incidence incidence, Weights weights) {
        Map<String, Expr> theta = new LinkedHashMap<>();
        for (Expr p : graph.group().network().parameters()) {
            theta.put(Network.nameOf(p), Expr.constant(weights.get(p).cast(DType.F64)));
        }
        SkeletonSpace exact = new SkeletonSpace(graph.as(DType.F64), skeleton);
        List<Tensor> numbers = Evaluator.evaluate(
                List.of(
                        Frame.of(graph.group(), incidence, weights).squaredScales(theta),
                        exact.productsIn(theta),
                        exact.productsOut(theta)),
                Map.of(),
                1);
        double[] in = new double[graph.ground()];
        double[] out = new double[graph.ground()];
        for (int c = 0; c < in.length; c++) {
            double scale = Math.sqrt(numbers.get(0).get(c));
            boolean counted = trees.isOrdinary(c) && scale > 0;
            in[c] = counted ? SkeletonUnits.ratio(scale, numbers.get(1).get(c)) : 1;
            out[c] = counted && !graph.exits().get(c)
                    ? SkeletonUnits.ratio(1 / scale, numbers.get(2).get(c))
                    : 1;
        }
        return new SkeletonUnits(in, out);
    }

    private Expr productsIn(Map<String, Expr> weights) {
        Expr products = trees.productsIn(vectors.picks(weights, trees.in(), 1));
        return units == null ? products : products.times(flags(SkeletonUnits.withGround(units.in())));
    }

    private Expr productsOut(Map<String, Expr> weights) {
        Expr picks = vectors.picks(weights, trees.out(), 1);
        Expr products = trees.productsOut(graph.exits().isEmpty() ? picks : picks.over(norms(weights)));
        return units == null ? products : products.times(flags(SkeletonUnits.withGround(units.out())));
    }

    /**
     * The derivative in these units of a function of the values as published.
     *
     * @param plain its derivative in those, in the layout {@link #shapes}
     */
    public Map<String, Expr> inUnits(Map<String, Expr> plain) {
        if (units == null) {
            return plain;
        }
        Expr in = inverse(flags(SkeletonUnits.withGround(units.in())));
        Expr out = inverse(flags(SkeletonUnits.withGround(units.out())));
        Map<String, Expr> result = new LinkedHashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            result.put(Network.nameOf(graph.parameters().get(p)), between(p, vectors.of(plain, p), in, out));
        }
        if (graph.ground() > 0) {
            result.put(SKELETON, require(plain, SKELETON).times(classes(in.times(out))));
        }
        return result;
    }

    private boolean isExit(int c) {
        return graph.exits().get(c) && trees.isFree(c);
    }

    /** At exits the norm of what arrives, 1 elsewhere. */
    private Expr norms(Map<String, Expr> weights) {
        Expr in = productsIn(weights);
        Map<String, Expr> squares = new HashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            Expr arriving = vectors.of(weights, p);
            arriving = graph.tails(p).isGround()
                    ? arriving
                    : arriving.times(graph.tails(p).spread(in));
            Expr present = masks.present(p);
            Expr square = arriving.times(arriving);
            squares.put(Network.nameOf(graph.parameters().get(p)), present == null ? square : square.times(present));
        }
        Expr sums = vectors.sums(squares, true, this::isExit);
        double[] others = new double[graph.ground() + 1];
        for (int c = 0; c < others.length; c++) {
            others[c] = isExit(c) ? 0 : 1;
        }
        return Ops.sqrt(sums.plus(flags(others)));
    }

    @Override
    public Map<String, Expr> pathValues(Map<String, Expr> weights) {
        Expr in = productsIn(weights);
        Expr out = productsOut(weights);
        Map<String, Expr> values = new LinkedHashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            values.put(Network.nameOf(graph.parameters().get(p)), own(p, between(p, vectors.of(weights, p), in, out)));
        }
        if (graph.ground() > 0) {
            values.put(SKELETON, classes(in.times(out).times(flags(trees.firsts()))));
        }
        return values;
    }

    private static Expr require(Map<String, Expr> values, String name) {
        Expr value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Expected an entry '" + name + "'; given " + values.keySet());
        }
        return value;
    }

    private static Expr inverse(Expr x) {
        return Ops.fullLike(x, 1).over(x);
    }

    @Override
    public Map<String, Expr> gradient(Map<String, Expr> weights, Map<String, Expr> gradient) {
        return gradient(weights, gradient, sumOut);
    }

    /**
     * The gradient with the skeleton's part from sums over outgoing or over incoming elements, which agree for an invariant
     * function: Σ_in w·g = Σ_out w·g at each class.
     */
    Map<String, Expr> gradient(Map<String, Expr> weights, Map<String, Expr> gradient, boolean bySumsOut) {
        Expr in = inverse(productsIn(weights));
        Expr out = inverse(productsOut(weights));
        Map<String, Expr> values = new LinkedHashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            values.put(Network.nameOf(graph.parameters().get(p)), own(p, between(p, vectors.of(gradient, p), in, out)));
        }
        if (graph.ground() > 0) {
            Expr logarithmic = skeletonSensitivity(weights, gradient, bySumsOut);
            values.put(SKELETON, classes(logarithmic.times(in.times(out)).times(flags(trees.firsts()))));
        }
        return values;
    }

    /** t_q = v_q·∂L/∂v_q at the first class of each chain. */
    private Expr skeletonSensitivity(Map<String, Expr> weights, Map<String, Expr> gradient, boolean bySumsOut) {
        Map<String, Expr> products = new HashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            products.put(
                    Network.nameOf(graph.parameters().get(p)),
                    vectors.of(weights, p).times(vectors.of(gradient, p)));
        }
        Expr atIn = vectors.picks(weights, trees.in(), 0).times(vectors.picks(gradient, trees.in(), 0));
        Expr atOut = vectors.picks(weights, trees.out(), 0).times(vectors.picks(gradient, trees.out(), 0));
        Expr sums = vectors.sums(products, !bySumsOut, trees::isOrdinary);
        Expr others = sums.minus(bySumsOut ? atOut : atIn).times(flags(trees.ordinary()));
        return (bySumsOut ? atIn : trees.fromLast(atOut)).minus(trees.chainSums(others));
    }

    @Override
    public Allocation allocate(Map<String, Expr> weights, Map<String, Expr> step, Gauge gauge, OptionalDouble guard) {
        guard.ifPresent(least -> {
            if (!(least > 0 && least < 1)) {
                throw new IllegalArgumentException("The guard is a fraction between 0 and 1; given " + least);
            }
        });
        Expr in = inverse(productsIn(weights));
        Expr out = inverse(productsOut(weights));
        Expr ratio = flags(trees.firsts()).plus(1);
        Expr guarded = Ops.scalar(0, dtype());
        if (graph.ground() > 0) {
            Expr padded = Ops.concat(0, List.of(require(step, SKELETON), Selections.constant(dtype(), 0)));
            Expr free = padded.times(in.times(out)).times(flags(trees.firsts())).plus(1);
            Expr kept = free;
            if (guard.isPresent()) {
                Expr least = Ops.fullLike(free, guard.getAsDouble());
                kept = Ops.max(free, least);
                guarded = Ops.step(least.minus(free)).sum();
            }
            ratio = trees.fromFirst(kept);
        }
        Map<String, Expr> allocated = new LinkedHashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            allocated.put(
                    Network.nameOf(graph.parameters().get(p)),
                    allocate(p, vectors.of(weights, p), vectors.of(step, p), in, out, ratio, gauge));
        }
        return new Allocation(allocated, guarded);
    }

    /**
     * One parameter's new weights: (w + step/K)/R at the end where the gauge divides, tails for OUT and heads for IN. In the
     * place of elements without a path of their own, which are few: those that carry the change of their class times R at the
     * other end and divided by R at this one, all others as they are, bit for bit.
     */
    private Expr allocate(int p, Expr w, Expr step, Expr in, Expr out, Expr ratio, Gauge gauge) {
        Ends divided = gauge == Gauge.OUT ? graph.tails(p) : graph.heads(p);
        Ends multiplied = gauge == Gauge.OUT ? graph.heads(p) : graph.tails(p);
        Expr inverse = inverse(ratio);
        Expr base = w;
        Expr change = between(p, step, in, out);
        if (!divided.isGround()) {
            base = w.times(divided.spread(inverse));
            change = change.times(divided.spread(inverse));
        }
        Expr moved = base.plus(change);
        Expr mask = masks.own(p);
        if (mask == null) {
            return moved;
        }
        int[] places = masks.others(p);
        Expr kept = Selections.take(w.reshape(w.shape().elements()), places);
        int ground = graph.ground();
        Expr up = Selections.take(
                ratio,
                IntStream.of(places)
                        .map(e -> masks.isCarrying(p, e, gauge) ? multiplied.at(e) : ground)
                        .toArray());
        Expr down = Selections.take(
                inverse,
                IntStream.of(places)
                        .map(e -> masks.isCarrying(p, e, gauge) ? divided.at(e) : ground)
                        .toArray());
        Expr others = Expr.of(
                new Op.Scatter(
                        0, IntStream.of(places).boxed().toList(), w.shape().elements()),
                kept.times(up.times(down)));
        return moved.times(mask).plus(Ops.reshape(others, w.shape()));
    }

    @Override
    public Map<String, Expr> pullback(Map<String, Expr> weights, Map<String, Expr> covector) {
        Map<String, Expr> values = pathValues(weights);
        List<Expr> with = new ArrayList<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            with.add(vectors.of(weights, p));
        }
        List<Expr> cotangents =
                values.keySet().stream().map(name -> require(covector, name)).toList();
        List<Expr> pulled = Differentiation.vjp(List.copyOf(values.values()), cotangents, with);
        Map<String, Expr> result = new LinkedHashMap<>();
        for (int p = 0; p < with.size(); p++) {
            result.put(Network.nameOf(graph.parameters().get(p)), pulled.get(p));
        }
        return result;
    }
}
