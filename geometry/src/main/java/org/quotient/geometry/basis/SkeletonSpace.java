package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
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
    private final SkeletonProducts products;
    private final boolean sumOut;
    private final @Nullable SkeletonUnits units;

    private SkeletonSpace(ClassGraph graph, Skeleton skeleton) {
        this.graph = graph;
        this.units = null;
        this.skeleton = skeleton;
        this.trees = new SkeletonTrees(graph, skeleton);
        this.masks = new SkeletonMasks(graph, trees);
        this.vectors = new ClassVectors(graph);
        this.products = new SkeletonProducts(graph, trees, masks, null);
        this.sumOut = touched(false) <= touched(true);
    }

    private SkeletonSpace(SkeletonSpace like, @Nullable SkeletonUnits units) {
        this.graph = like.graph;
        this.skeleton = like.skeleton;
        this.trees = like.trees;
        this.masks = like.masks;
        this.vectors = like.vectors;
        this.products = new SkeletonProducts(graph, trees, masks, units);
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
        return SkeletonUnits.at(graph, skeleton, incidence, weights);
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
        Expr in = SkeletonProducts.inverse(flags(SkeletonUnits.withGround(units.in())));
        Expr out = SkeletonProducts.inverse(flags(SkeletonUnits.withGround(units.out())));
        Map<String, Expr> result = new LinkedHashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            result.put(Network.nameOf(graph.parameters().get(p)), vectors.between(p, vectors.of(plain, p), in, out));
        }
        if (graph.ground() > 0) {
            result.put(SKELETON, ClassVectors.require(plain, SKELETON).times(classes(in.times(out))));
        }
        return result;
    }

    @Override
    public Map<String, Expr> pathValues(Map<String, Expr> weights) {
        Expr in = products.in(weights);
        Expr out = products.out(weights);
        Map<String, Expr> values = new LinkedHashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            values.put(
                    Network.nameOf(graph.parameters().get(p)),
                    own(p, vectors.between(p, vectors.of(weights, p), in, out)));
        }
        if (graph.ground() > 0) {
            values.put(SKELETON, classes(in.times(out).times(flags(trees.firsts()))));
        }
        return values;
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
        Expr in = SkeletonProducts.inverse(products.in(weights));
        Expr out = SkeletonProducts.inverse(products.out(weights));
        Map<String, Expr> values = new LinkedHashMap<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            values.put(
                    Network.nameOf(graph.parameters().get(p)),
                    own(p, vectors.between(p, vectors.of(gradient, p), in, out)));
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
        return new SkeletonAllocation(graph, trees, masks, products).of(weights, step, gauge, guard);
    }

    @Override
    public Map<String, Expr> pullback(Map<String, Expr> weights, Map<String, Expr> covector) {
        Map<String, Expr> values = pathValues(weights);
        List<Expr> with = new ArrayList<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            with.add(vectors.of(weights, p));
        }
        List<Expr> cotangents = values.keySet().stream()
                .map(name -> ClassVectors.require(covector, name))
                .toList();
        List<Expr> pulled = Differentiation.vjp(List.copyOf(values.values()), cotangents, with);
        Map<String, Expr> result = new LinkedHashMap<>();
        for (int p = 0; p < with.size(); p++) {
            result.put(Network.nameOf(graph.parameters().get(p)), pulled.get(p));
        }
        return result;
    }
}
