package org.quotient.geometry;

import java.util.Arrays;

/** Disjoint sets over a growing range of numbers. */
final class UnionFind {
    private int[] parent = new int[64];
    private int size;

    /** A new singleton; its number. */
    int add() {
        if (size == parent.length) {
            parent = Arrays.copyOf(parent, 2 * size);
        }
        parent[size] = size;
        return size++;
    }

    int root(int i) {
        int at = i;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /** Joins two sets; the smaller root stays. */
    void union(int a, int b) {
        int x = root(a);
        int y = root(b);
        parent[Math.max(x, y)] = Math.min(x, y);
    }
}
