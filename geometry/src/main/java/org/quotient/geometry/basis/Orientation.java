package org.quotient.geometry.basis;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A sign per generator such that every row of B has at most one positive and one negative entry: union-find with parity. Only
 * relative signs within a component are determined; the component is turned as a whole.
 */
final class Orientation {
    private final int[] parent;
    /** The sign relative to the parent. */
    private final int[] relative;

    private final int[] turned;
    private boolean done;

    Orientation(int generators) {
        parent = new int[generators];
        Arrays.setAll(parent, i -> i);
        relative = new int[generators];
        Arrays.fill(relative, 1);
        turned = new int[generators];
        Arrays.fill(turned, 1);
    }

    private int root(int generator) {
        int at = generator;
        int sign = 1;
        while (parent[at] != at) {
            sign *= relative[at];
            at = parent[at];
        }
        // Compress the way up.
        int node = generator;
        while (parent[node] != node) {
            int next = parent[node];
            int own = relative[node];
            parent[node] = at;
            relative[node] = sign;
            sign *= own;
            node = next;
        }
        return at;
    }

    /** The sign of a generator. */
    int sign(int generator) {
        int root = root(generator);
        return (root == generator ? 1 : relative[generator]) * turned[root];
    }

    /**
     * Demands equal or opposite signs.
     *
     * @return whether that contradicts nothing demanded before
     */
    boolean relate(int a, int b, boolean equal) {
        int ra = root(a);
        int rb = root(b);
        int sa = ra == a ? 1 : relative[a];
        int sb = rb == b ? 1 : relative[b];
        int wanted = equal ? 1 : -1;
        if (ra == rb) {
            return sa * sb == wanted;
        }
        parent[Math.max(ra, rb)] = Math.min(ra, rb);
        relative[Math.max(ra, rb)] = sa * sb * wanted;
        return true;
    }

    /**
     * Turns components that have more classes that nothing enters than classes that nothing leaves, and otherwise those of whose
     * generators most are negative.
     *
     * @param into the classes with incoming edges under the present signs
     * @param outOf those with outgoing edges
     * @return whether nothing was turned
     */
    boolean settled(BitSet into, BitSet outOf) {
        if (done) {
            return true;
        }
        done = true;
        long[] weight = new long[parent.length];
        for (int c = 0; c < parent.length; c++) {
            boolean source = !into.get(c) && outOf.get(c);
            boolean sink = into.get(c) && !outOf.get(c);
            weight[root(c)] += (source ? -1L : sink ? 1L : 0L) * 2 * parent.length + sign(c);
        }
        boolean same = true;
        for (int c = 0; c < parent.length; c++) {
            if (parent[c] == c && weight[c] < 0) {
                turned[c] = -turned[c];
                same = false;
            }
        }
        return same;
    }
}
