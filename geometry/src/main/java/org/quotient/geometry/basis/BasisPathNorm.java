package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;

/**
 * The basis-path norm and a regulariser of its kind (Zheng et al. 2019, "Capacity control of ReLU neural networks by basis-path
 * norm"): every path is small if positive basis paths are not too large and negative ones, which other paths divide by, neither
 * too large nor too small. Both are invariant under rescaling and depend on the skeleton. The paper's smooth surrogate could not be
 * retrieved; Ω is ours.
 */
public final class BasisPathNorm {
    private final SkeletonSpace space;

    /**
     * The norm in the coordinates of a skeleton.
     *
     * @param space which paths there are
     */
    public BasisPathNorm(SkeletonSpace space) {
        this.space = space;
    }

    private static boolean isNegative(String name) {
        return name.equals(GSpace.SKELETON);
    }

    /** |v| where there is a path, 1 elsewhere, so that logarithms vanish there. */
    private Expr size(String name, Expr v) {
        Expr there = java.util.Objects.requireNonNull(space.support().get(name));
        Expr size = Ops.abs(v).plus(Ops.fullLike(there, 1).minus(there));
        return isNegative(name) ? size : Ops.max(size, Ops.fullLike(size, 1));
    }

    /**
     * φ = max(max over negative paths of |log|v||, max over positive paths of max(0, log|v|)).
     *
     * @param pathValues v, in the layout {@link GSpace#shapes}
     * @return a scalar, at least 0
     */
    public Expr norm(Map<String, Expr> pathValues) {
        List<Expr> largest = new ArrayList<>();
        pathValues.forEach((name, v) -> largest.add(Ops.maxOver(Ops.abs(Ops.log(size(name, v))))));
        return largest.stream()
                .reduce(Ops::max)
                .orElseThrow(() -> new IllegalArgumentException("No path values were given"));
    }

    /**
     * Ω = ½ Σ over negative paths (log|v|)² + ½ Σ over positive paths max(0, log|v|)².
     *
     * @param pathValues v, in the layout {@link GSpace#shapes}
     * @return a scalar
     */
    public Expr regulariser(Map<String, Expr> pathValues) {
        List<Expr> sums = new ArrayList<>();
        pathValues.forEach((name, v) -> {
            Expr log = Ops.log(size(name, v));
            sums.add(log.times(log).sum());
        });
        return sums.stream()
                .reduce(Ops::add)
                .orElseThrow(() -> new IllegalArgumentException("No path values were given"))
                .times(0.5);
    }

    /**
     * ∂Ω/∂v: log|v|/v, for positive paths only where |v| is above 1.
     *
     * @param pathValues v, in the layout {@link GSpace#shapes}
     * @return in the same layout, to be added to the gradient
     */
    public Map<String, Expr> gradient(Map<String, Expr> pathValues) {
        Map<String, Expr> gradient = new LinkedHashMap<>();
        pathValues.forEach((name, v) -> {
            Expr size = size(name, v);
            gradient.put(name, Ops.log(size).over(size).times(Ops.sign(v)));
        });
        return gradient;
    }
}
