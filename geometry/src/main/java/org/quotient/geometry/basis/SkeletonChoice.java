package org.quotient.geometry.basis;

import java.util.Arrays;
import java.util.BitSet;
import org.quotient.autodiff.network.Weights;

/**
 * Chooses the skeleton of a class graph. Classes without a nonzero way from the inputs, or to the outputs, are left out with
 * their edges, until every remaining class has both.
 */
final class SkeletonChoice {
    private SkeletonChoice() {}

    /**
     * The skeleton by score or by index.
     *
     * @param weights a representative
     * @param score whether by the largest score
     */
    static Skeleton of(ClassGraph graph, Weights weights, boolean score) {
        int classes = graph.ground();
        BitSet frozen = new BitSet();
        while (true) {
            Sweep forward = Sweep.forward(graph, weights, frozen);
            Sweep backward = Sweep.backward(graph, weights, frozen, forward);
            BitSet bad = new BitSet();
            for (int c = 0; c < classes; c++) {
                if (!frozen.get(c) && (!forward.reaches(c) || !backward.reaches(c))) {
                    bad.set(c);
                }
            }
            if (bad.isEmpty()) {
                int[] in = score ? forward.strongest() : forward.byIndex();
                int[] out = score ? backward.strongest() : backward.byIndex();
                for (int c = 0; c < classes; c++) {
                    if (frozen.get(c) || graph.sinks().get(c)) {
                        in[c] = Skeleton.NONE;
                    }
                    if (frozen.get(c) || graph.exits().get(c)) {
                        out[c] = Skeleton.NONE;
                    }
                }
                return Skeleton.of(in, out);
            }
            frozen.or(bad);
        }
    }

    /** The classes that lack an element: sinks need none, other exits no outgoing one. */
    static BitSet frozen(ClassGraph graph, Skeleton skeleton) {
        int[] in = skeleton.in();
        int[] out = skeleton.out();
        BitSet frozen = new BitSet();
        for (int c = 0; c < in.length; c++) {
            boolean lacksIn = in[c] == Skeleton.NONE && !graph.sinks().get(c);
            boolean lacksOut = out[c] == Skeleton.NONE && !graph.exits().get(c);
            frozen.set(c, lacksIn || lacksOut);
        }
        return frozen;
    }

    /** No element for any class. */
    static int[] none(int classes) {
        int[] none = new int[classes];
        Arrays.fill(none, Skeleton.NONE);
        return none;
    }
}
