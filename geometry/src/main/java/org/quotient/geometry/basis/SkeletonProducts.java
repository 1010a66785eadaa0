package org.quotient.geometry.basis;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.network.Network;

/**
 * The products PI and PO of skeleton elements at each class, which make K_e = PI(u)·PO(v): from the inputs to the class, and from
 * there to the outputs, both 1 at the ground, in units if there are some. At an exit PO is one over the norm of what arrives there.
 */
final class SkeletonProducts {
    private final ClassGraph graph;
    private final SkeletonTrees trees;
    private final SkeletonMasks masks;
    private final ClassVectors vectors;
    private final @Nullable SkeletonUnits units;

    SkeletonProducts(ClassGraph graph, SkeletonTrees trees, SkeletonMasks masks, @Nullable SkeletonUnits units) {
        this.graph = graph;
        this.trees = trees;
        this.masks = masks;
        this.vectors = new ClassVectors(graph);
        this.units = units;
    }

    private Expr flags(double[] values) {
        return Selections.constant(graph.dtype(), values);
    }

    /** PI per class, the ground last. */
    Expr in(Map<String, Expr> weights) {
        Expr products = trees.productsIn(vectors.picks(weights, trees.in(), 1));
        return units == null ? products : products.times(flags(SkeletonUnits.withGround(units.in())));
    }

    /** PO per class, the ground last. */
    Expr out(Map<String, Expr> weights) {
        Expr picks = vectors.picks(weights, trees.out(), 1);
        Expr products = trees.productsOut(graph.exits().isEmpty() ? picks : picks.over(norms(weights)));
        return units == null ? products : products.times(flags(SkeletonUnits.withGround(units.out())));
    }

    private boolean isExit(int c) {
        return graph.exits().get(c) && trees.isFree(c);
    }

    /** At exits the norm of what arrives, 1 elsewhere. */
    private Expr norms(Map<String, Expr> weights) {
        Expr in = in(weights);
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

    /** 1/x. */
    static Expr inverse(Expr x) {
        return Ops.fullLike(x, 1).over(x);
    }
}
