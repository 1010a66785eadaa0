package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;

/**
 * Which elements of each parameter have a path of their own, and which carry the change of their class when weights are
 * allocated, as constant tensors of 0 and 1; null where all are 0. Two tensors per parameter at most are read in the usual gauge.
 */
final class SkeletonMasks {
    private final ClassGraph graph;
    private final BitSet present;
    private final BitSet notOwn = new BitSet();
    private final BitSet onlyIn = new BitSet();
    private final BitSet onlyOut = new BitSet();
    private final List<@Nullable Expr> carryingOut;
    private final List<@Nullable Expr> stayingOut;

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
        carryingOut = masks(onlyIn);
        stayingOut = masks(without(notOwn, onlyIn));
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

    private static BitSet without(BitSet set, BitSet other) {
        BitSet left = (BitSet) set.clone();
        left.andNot(other);
        return left;
    }

    private List<@Nullable Expr> masks(BitSet set) {
        List<@Nullable Expr> list = new ArrayList<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            list.add(mask(set, p));
        }
        return list;
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

    /** 1 at elements without a path of their own, or null. */
    @Nullable
    Expr notOwn(int p) {
        Expr carrying = carryingOut.get(p);
        Expr staying = stayingOut.get(p);
        return carrying == null ? staying : staying == null ? carrying : carrying.plus(staying);
    }

    /** 1 at skeleton elements that change with the class at one of their ends, or null. */
    @Nullable
    Expr carrying(int p, GSpace.Gauge gauge) {
        return switch (gauge) {
            case OUT -> carryingOut.get(p);
            case IN -> mask(onlyOut, p);
        };
    }

    /** 1 at elements that keep their values: the other skeleton elements, dead, idle and frozen ones; or null. */
    @Nullable
    Expr staying(int p, GSpace.Gauge gauge) {
        return switch (gauge) {
            case OUT -> stayingOut.get(p);
            case IN -> mask(without(notOwn, onlyOut), p);
        };
    }
}
