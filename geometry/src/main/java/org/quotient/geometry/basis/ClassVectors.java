package org.quotient.geometry.basis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.network.Network;

/** Vectors with one number per class and one for the ground, last, made from tensors of the parameters' shapes. */
final class ClassVectors {
    private final ClassGraph graph;

    ClassVectors(ClassGraph graph) {
        this.graph = graph;
    }

    /**
     * One element per class.
     *
     * @param values per name of a parameter, of its shape
     * @param elements per class an element, or {@link Skeleton#NONE}
     * @param fill in place of none, and at the ground
     */
    Expr picks(Map<String, Expr> values, int[] elements, double fill) {
        List<Expr> parts = new ArrayList<>();
        int[] places = new int[elements.length + 1];
        Arrays.fill(places, -1);
        int filled = 0;
        for (int p = 0; p < graph.parameters().size(); p++) {
            int from = graph.offset(p);
            int end = graph.offset(p + 1);
            int[] classes = IntStream.range(0, elements.length)
                    .filter(c -> elements[c] >= from && elements[c] < end)
                    .toArray();
            if (classes.length > 0) {
                Expr flat = of(values, p).reshape(end - from);
                parts.add(Selections.take(
                        flat,
                        Arrays.stream(classes).map(c -> elements[c] - from).toArray()));
                for (int c : classes) {
                    places[c] = filled++;
                }
            }
        }
        parts.add(Selections.constant(graph.dtype(), fill));
        int none = filled;
        return Selections.take(
                Ops.concat(0, parts),
                Arrays.stream(places).map(i -> i < 0 ? none : i).toArray());
    }

    /**
     * Per class the sum over the elements that end there, or that start there; 0 elsewhere and at the ground.
     *
     * @param values per name of a parameter, of its shape; 0 at elements that are not to be counted
     * @param heads whether to sum by where elements end
     * @param wanted the classes to sum for
     */
    Expr sums(Map<String, Expr> values, boolean heads, IntPredicate wanted) {
        List<Expr> parts = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int p = 0; p < graph.parameters().size(); p++) {
            Ends ends = heads ? graph.heads(p) : graph.tails(p);
            int[] ids = ends.ids();
            int[] kept = IntStream.range(0, ids.length)
                    .filter(i -> ids[i] != graph.ground() && wanted.test(ids[i]))
                    .toArray();
            if (kept.length > 0 && isLive(p)) {
                parts.add(Selections.take(ends.sums(of(values, p)), kept));
                Arrays.stream(kept).forEach(i -> places.add(ids[i]));
            }
        }
        int length = graph.ground() + 1;
        return parts.isEmpty()
                ? Selections.constant(graph.dtype(), new double[length])
                : Selections.place(
                        Ops.concat(0, parts),
                        places.stream().mapToInt(Integer::intValue).toArray(),
                        length);
    }

    /** x times a number per class at the tails and one at the heads. */
    Expr between(int p, Expr x, Expr atTail, Expr atHead) {
        Ends tails = graph.tails(p);
        Ends heads = graph.heads(p);
        Expr y = tails.isGround() ? x : x.times(tails.spread(atTail));
        return heads.isGround() ? y : y.times(heads.spread(atHead));
    }

    /** Whether a parameter has a live element. */
    boolean isLive(int p) {
        int e = graph.live().nextSetBit(graph.offset(p));
        return e >= 0 && e < graph.offset(p + 1);
    }

    /** The expression under a name. */
    static Expr require(Map<String, Expr> values, String name) {
        Expr value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Expected an entry '" + name + "'; given " + values.keySet());
        }
        return value;
    }

    /** The expression for a parameter. */
    Expr of(Map<String, Expr> values, int p) {
        Expr parameter = graph.parameters().get(p);
        Expr value = values.get(Network.nameOf(parameter));
        if (value == null || !value.shape().equals(parameter.shape())) {
            throw new IllegalArgumentException("Expected an expression of shape " + parameter.shape() + " for '"
                    + Network.nameOf(parameter) + "'; given "
                    + (value == null ? "expressions for " + values.keySet() : value.describe()));
        }
        return value;
    }
}
