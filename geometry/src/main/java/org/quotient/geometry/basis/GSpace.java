package org.quotient.geometry.basis;

import java.util.Map;
import java.util.OptionalDouble;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.geometry.RescalingGroup;

/**
 * Coordinates of the weights modulo positive rescaling: values of basis paths (Meng et al. 2019, "G-SGD: Optimizing ReLU neural
 * networks in its positively scale-invariant space"). All functions are expressions over the weights, to be compiled together
 * with a loss and its gradient; they cost a few passes over the weights and vectors of one number per class of units.
 *
 * <p>A point, a gradient and a step all have the layout {@link #shapes}: per parameter a tensor of its shape, whose element e
 * belongs to the path p_e that is the only basis path through e outside the skeleton; and under the name {@link #SKELETON} a
 * vector with the paths that lie in the skeleton altogether. Elements without a path of their own hold 0 and stay 0 under every
 * elementwise optimizer that keeps 0: those of the skeleton, dead and idle ones, those of frozen classes. Positive basis paths,
 * which no path contains with a negative exponent, are the former, negative ones the latter (Zheng et al. 2019).
 *
 * <p>Maps of weights have an expression for each parameter of the network by name.
 */
public sealed interface GSpace permits SkeletonSpace, EliminatedSpace {
    /** Under which name the paths within the skeleton are kept: one number per generator of the group. */
    String SKELETON = "(skeleton paths)";

    /** Which of the representatives of a new point is taken. */
    enum Gauge {
        /** Outgoing skeleton elements keep their values: the published choice. */
        OUT,
        /** Incoming skeleton elements keep their values. */
        IN
    }

    /**
     * New weights.
     *
     * @param weights one expression per parameter, of its shape
     * @param guarded a scalar: how many skeleton paths would have gone below the guard's fraction of their values, or turned
     *     sign, and were stopped there; 0 without a guard
     */
    record Allocation(Map<String, Expr> weights, Expr guarded) {
        /** Keeps an unmodifiable copy of the map. */
        public Allocation {
            weights = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(weights));
        }
    }

    /**
     * The coordinates for a skeleton.
     *
     * @param group the network's rescalings
     * @param skeleton of this network
     * @throws IllegalArgumentException if the skeleton does not fit the network, or the network has parameters of different
     *     dtypes, or its rescalings are not those of a graph and it is not small
     */
    static GSpace of(RescalingGroup group, Skeleton skeleton) {
        ClassGraphReader.Reading reading = ClassGraphReader.read(group);
        ClassGraph graph = reading.graph();
        return graph == null
                ? EliminatedSpace.of(group, skeleton, reading.obstacle())
                : SkeletonSpace.of(graph, skeleton);
    }

    /** The skeleton. */
    Skeleton skeleton();

    /** The layout of points, gradients and steps: the parameters' shapes by name and, unless there is no generator, {@link #SKELETON}. */
    Map<String, Shape> shapes();

    /** The number of basis paths: live parameters less generators; a normalised direction counts with its radius, which is not free. */
    long dimension();

    /**
     * 1 for the basis paths and 0 for elements without one.
     *
     * @return in the layout {@link #shapes}
     */
    Map<String, Expr> support();

    /**
     * The values v of the basis paths.
     *
     * @param weights w
     */
    Map<String, Expr> pathValues(Map<String, Expr> weights);

    /**
     * The gradient in path values, from the gradient in weights, by the inverse chain rule (Meng et al. 2019, section 4.1, in
     * closed form): ∂L/∂v.
     *
     * @param weights w
     * @param gradient ∂L/∂w, of a function that is invariant under the rescalings
     */
    Map<String, Expr> gradient(Map<String, Expr> weights, Map<String, Expr> gradient);

    /**
     * Weights with the path values v + step (weight allocation, Meng et al. 2019, section 4.2). Steps of all representatives of
     * one point are representatives of one point, by the same rescaling.
     *
     * @param weights w
     * @param step in the layout {@link #shapes}
     * @param gauge which representative
     * @param guard the least fraction v'/v of a skeleton path's value that a step may leave, between 0 and 1: smaller ones and
     *     negative ones are raised to it; empty for exact arithmetic
     * @throws IllegalArgumentException if the guard is not between 0 and 1
     */
    Allocation allocate(Map<String, Expr> weights, Map<String, Expr> step, Gauge gauge, OptionalDouble guard);

    /**
     * The covector of weight space of a covector of path values: Σ_b d_b ∂v_b/∂w. With the gradient in a second skeleton's
     * coordinates it carries momentum from one skeleton to another.
     *
     * @param weights w
     * @param covector d, in the layout {@link #shapes}
     */
    Map<String, Expr> pullback(Map<String, Expr> weights, Map<String, Expr> covector);
}
