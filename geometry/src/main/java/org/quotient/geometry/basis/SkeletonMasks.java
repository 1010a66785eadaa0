package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;

/**
 * Which elements of each parameter have a path of their own, and which carry the change of their class when weights are
 * allocated. Masks are constant tensors of 0 and 1.
 */
final class SkeletonMasks {
    private final ClassGraph graph;
    private final BitSet present;
    private final BitSet notOwn = new BitSet();
    private final BitSet onlyIn = new BitSet();
    private final BitSet onlyOut = new BitSet();
    private final List<@Nullable Expr> own;

    SkeletonMasks(ClassGraph graph, SkeletonTrees trees) {
        this.graph = graph;
        int parameters = graph.parameters().size();
        present = (BitSet) graph.live().clone();
        for (int p = 0; p < parameters; p++) {
            clearFrozen(p, trees);
        }
        for (int c = 0; c < graph.ground(); c++) {
            if (trees.isOrdinary(c)) {
                onlyIn.set(trees.in()[c]);
                if (trees.out()[c] != Skeleton.NONE) {
                    onlyOut.set(trees.out()[c]);
                }
            }
        }
        notOwn.or(present);
        notOwn.andNot(onlyIn);
        notOwn.andNot(onlyOut);
        notOwn.flip(0, graph.offset(parameters));
        BitSet both = (BitSet) onlyIn.clone();
        both.and(onlyOut);
        onlyIn.andNot(both);
        onlyOut.andNot(both);
        own = new ArrayList<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            own.add(ownMask(p));
        }
    }

    private void clearFrozen(int p, SkeletonTrees trees) {
        for (Ends ends : List.of(graph.heads(p), graph.tails(p))) {
            boolean any = false;
            for (int c : ends.ids()) {
                any |= !trees.isFree(c);
            }
            if (any) {
                int[] all = ends.expand();
                for (int i = 0; i < all.length; i++) {
                    if (!trees.isFree(all[i])) {
                        present.clear(graph.offset(p) + i);
                    }
                }
            }
        }
    }

    private @Nullable Expr ownMask(int p) {
        int from = graph.offset(p);
        double[] flags = new double[graph.offset(p + 1) - from];
        Arrays.setAll(flags, i -> notOwn.get(from + i) ? 0 : 1);
        return Arrays.stream(flags).allMatch(f -> f == 1)
                ? null
                : Expr.constant(Tensor.of(graph.parameters().get(p).shape(), graph.dtype(), flags));
    }

    private @Nullable Expr mask(BitSet set, int p) {
        int from = graph.offset(p);
        int end = graph.offset(p + 1);
        int e = set.nextSetBit(from);
        if (e < 0 || e >= end) {
            return null;
        }
        double[] flags = new double[end - from];
        for (; e >= 0 && e < end; e = set.nextSetBit(e + 1)) {
            flags[e - from] = 1;
        }
        return Expr.constant(Tensor.of(graph.parameters().get(p).shape(), graph.dtype(), flags));
    }

    /** How many elements have a path of their own. */
    long count() {
        return graph.offset(graph.parameters().size()) - notOwn.cardinality();
    }

    /** 1 at live elements between classes that are not frozen, or null if there are none. */
    @Nullable
    Expr present(int p) {
        return mask(present, p);
    }

    /** 1 at elements with a path of their own, 0 at the others; always the same node. Null if all are 1. */
    @Nullable
    Expr own(int p) {
        return own.get(p);
    }

    /** The elements without a path of their own, counted within the parameter. */
    int[] others(int p) {
        int from = graph.offset(p);
        return notOwn.stream()
                .filter(e -> e >= from && e < graph.offset(p + 1))
                .map(e -> e - from)
                .toArray();
    }

    /** Whether an element, counted within the parameter, is of the skeleton and changes with the class at one of its ends. */
    boolean isCarrying(int p, int element, GSpace.Gauge gauge) {
        int e = graph.offset(p) + element;
        return switch (gauge) {
            case OUT -> onlyIn.get(e);
            case IN -> onlyOut.get(e);
        };
    }
}
