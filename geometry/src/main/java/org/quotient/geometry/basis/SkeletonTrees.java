package org.quotient.geometry.basis;

import java.util.Arrays;
import java.util.BitSet;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.network.Network;

/**
 * The two trees of a skeleton over the classes: following incoming elements to the inputs and outgoing ones to the outputs. An
 * element that is the outgoing one of u and the incoming one of v links u and v: all classes of such a chain have the same path
 * within the skeleton. Products and sums along trees and chains take about log2 of their depth operations on vectors, by doubling.
 */
final class SkeletonTrees {
    private final ClassGraph graph;
    private final int[] in;
    private final int[] out;
    private final int[] before;
    private final int[] after;
    private final int[] next;
    private final int[] first;
    private final int[] last;
    private final BitSet frozen;

    SkeletonTrees(ClassGraph graph, Skeleton skeleton) {
        this.graph = graph;
        int ground = graph.ground();
        in = skeleton.in();
        out = skeleton.out();
        if (in.length != ground) {
            throw new IllegalArgumentException(
                    "The network has " + ground + " generators; the skeleton is for " + in.length);
        }
        frozen = SkeletonChoice.frozen(graph, skeleton);
        before = new int[ground + 1];
        after = new int[ground + 1];
        next = new int[ground + 1];
        Arrays.fill(before, ground);
        Arrays.fill(after, ground);
        Arrays.fill(next, ground);
        for (int c = 0; c < ground; c++) {
            if (isOrdinary(c)) {
                before[c] = step(c, in[c], true);
                after[c] = graph.exits().get(c) ? ground : step(c, out[c], false);
            }
        }
        check(before, "incoming");
        check(after, "outgoing");
        first = new int[ground + 1];
        last = new int[ground + 1];
        for (int c = 0; c < ground; c++) {
            if (isOrdinary(c) && isOrdinary(after[c]) && in[after[c]] == out[c]) {
                next[c] = after[c];
            }
        }
        Arrays.setAll(first, c -> c);
        Arrays.setAll(last, c -> c);
        BitSet entered = new BitSet();
        for (int c = 0; c < ground; c++) {
            entered.set(next[c]);
        }
        for (int c = 0; c < ground; c++) {
            if (!entered.get(c)) {
                int end = c;
                for (int v = c; v != ground; v = next[v]) {
                    first[v] = c;
                    end = v;
                }
                last[c] = end;
            }
        }
    }

    private int step(int c, int element, boolean incoming) {
        int near = -1;
        int far = -1;
        if (element >= 0
                && element < graph.offset(graph.parameters().size())
                && graph.live().get(element)) {
            near = incoming ? graph.head(element) : graph.tail(element);
            far = incoming ? graph.tail(element) : graph.head(element);
        }
        if (near != c) {
            throw new IllegalArgumentException("The " + (incoming ? "incoming" : "outgoing") + " element of generator "
                    + c
                    + " is no live parameter element that its scale " + (incoming ? "multiplies" : "divides") + ": "
                    + element);
        }
        if (far != graph.ground() && frozen.get(far)) {
            throw new IllegalArgumentException(
                    "The skeleton uses " + name(element) + ", but leaves out generator " + far);
        }
        return far;
    }

    private String name(int element) {
        int p = graph.parameterOf(element);
        return "'" + Network.nameOf(graph.parameters().get(p)) + "' element " + (element - graph.offset(p));
    }

    private void check(int[] towards, String which) {
        int ground = graph.ground();
        int[] state = new int[ground + 1];
        state[ground] = 2;
        for (int c = 0; c < ground; c++) {
            int v = c;
            while (state[v] == 0) {
                state[v] = 1;
                v = towards[v];
            }
            if (state[v] == 1) {
                throw new IllegalArgumentException(
                        "The " + which + " elements of the skeleton run in a circle through generator " + v
                                + "; following them must end at inputs or outputs");
            }
            for (int u = c; state[u] == 1; u = towards[u]) {
                state[u] = 2;
            }
        }
    }

    /** Whether a class has an incoming element and, unless it is an exit, an outgoing one. */
    boolean isOrdinary(int c) {
        return c != graph.ground() && !frozen.get(c) && !graph.sinks().get(c);
    }

    /** Whether a class, or the ground, is not frozen. */
    boolean isFree(int c) {
        return !frozen.get(c);
    }

    /** Per class the incoming element, or {@link Skeleton#NONE}; not to be modified. */
    int[] in() {
        return in;
    }

    /** Per class the outgoing element; not to be modified. */
    int[] out() {
        return out;
    }

    /** 1 at ordinary classes that begin a chain, else 0, the ground last. */
    double[] firsts() {
        double[] flags = new double[graph.ground() + 1];
        for (int c = 0; c < graph.ground(); c++) {
            flags[c] = isOrdinary(c) && first[c] == c ? 1 : 0;
        }
        return flags;
    }

    /** 1 at ordinary classes, else 0, the ground last. */
    double[] ordinary() {
        double[] flags = new double[graph.ground() + 1];
        for (int c = 0; c < graph.ground(); c++) {
            flags[c] = isOrdinary(c) ? 1 : 0;
        }
        return flags;
    }

    /** Products along the incoming elements back to the inputs: x(c)·x(before c)···. */
    Expr productsIn(Expr x) {
        return along(x, before, true);
    }

    /** Products along the outgoing elements to the outputs. */
    Expr productsOut(Expr x) {
        return along(x, after, true);
    }

    /** At the first class of each chain, the sum over the chain; x is 0 at the ground. */
    Expr chainSums(Expr x) {
        return along(x, next, false);
    }

    private Expr along(Expr x, int[] towards, boolean product) {
        int[] jump = towards.clone();
        Expr value = x;
        while (Arrays.stream(jump).anyMatch(c -> c != graph.ground())) {
            Expr far = Selections.take(value, jump);
            value = product ? value.times(far) : value.plus(far);
            int[] by = jump.clone();
            Arrays.setAll(jump, c -> by[by[c]]);
        }
        return value;
    }

    /** What is at the first class of each chain, at all its classes. */
    Expr fromFirst(Expr x) {
        return Selections.take(x, first);
    }

    /** What is at the last class of each chain, at its first. */
    Expr fromLast(Expr x) {
        return Selections.take(x, last);
    }
}
