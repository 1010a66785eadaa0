package org.quotient.geometry.basis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.network.Network;

/**
 * Weights with given path values (Meng et al. 2019, weight allocation): the change of a chain's path, as a ratio R, goes to the
 * elements at one end of its classes, and the change of every other path to its own element.
 */
final class SkeletonAllocation {
    private final ClassGraph graph;
    private final SkeletonTrees trees;
    private final SkeletonMasks masks;
    private final SkeletonProducts products;
    private final ClassVectors vectors;

    SkeletonAllocation(ClassGraph graph, SkeletonTrees trees, SkeletonMasks masks, SkeletonProducts products) {
        this.graph = graph;
        this.trees = trees;
        this.masks = masks;
        this.products = products;
        this.vectors = new ClassVectors(graph);
    }

    /**
     * The weights after a step of the path values.
     *
     * @param weights before it
     * @param step what is added to the path values
     * @param gauge at which end the elements that carry the change of their class stand
     * @param guard the least ratio R that is let through, between 0 and 1
     * @throws IllegalArgumentException for another guard
     */
    GSpace.Allocation of(Map<String, Expr> weights, Map<String, Expr> step, GSpace.Gauge gauge, OptionalDouble guard) {
        guard.ifPresent(least -> {
            if (!(least > 0 && least < 1)) {
                throw new IllegalArgumentException("The guard is a fraction between 0 and 1; given " + least);
            }
        });
        Expr in = SkeletonProducts.inverse(products.in(weights));
        Expr out = SkeletonProducts.inverse(products.out(weights));
        Expr firsts = Selections.constant(graph.dtype(), trees.firsts());
        Expr ratio = firsts.plus(1);
        Expr guarded = Ops.scalar(0, graph.dtype());
        if (graph.ground() > 0) {
            Expr padded = Ops.concat(
                    0, List.of(ClassVectors.require(step, GSpace.SKELETON), Selections.constant(graph.dtype(), 0)));
            Expr free = padded.times(in.times(out)).times(firsts).plus(1);
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
        return new GSpace.Allocation(allocated, guarded);
    }

    /**
     * One parameter's new weights: (w + step/K)/R at the end where the gauge divides, tails for OUT and heads for IN. In the
     * place of elements without a path of their own, which are few: those that carry the change of their class times R at the
     * other end and divided by R at this one, all others as they are, bit for bit.
     */
    private Expr allocate(int p, Expr w, Expr step, Expr in, Expr out, Expr ratio, GSpace.Gauge gauge) {
        Ends divided = gauge == GSpace.Gauge.OUT ? graph.tails(p) : graph.heads(p);
        Ends multiplied = gauge == GSpace.Gauge.OUT ? graph.heads(p) : graph.tails(p);
        Expr inverse = SkeletonProducts.inverse(ratio);
        Expr moved = w.plus(vectors.between(p, step, in, out));
        if (!divided.isGround()) {
            moved = moved.times(divided.spread(inverse));
        }
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
}
