package org.quotient.geometry.paths;

/** Where paths end, in the order of discovery; elements without a monomial are left out. */
final class Sinks {
    /** The group of a sink whose scale is not free. */
    static final int PINNED = -1;

    private final IntList vertices = new IntList();
    private final IntList kinds = new IntList();
    private final IntList groups = new IntList();
    private int groupCount;

    void add(int[] ends, SinkKind kind) {
        for (int vertex : ends) {
            add(vertex, kind, PINNED);
        }
    }

    /** Every element of {@code ends} is known up to the scale of its own group, {@code group[i]} from 0. */
    void addGroups(int[] ends, int[] group, SinkKind kind) {
        int[] fresh = new int[ends.length];
        for (int i = 0; i < ends.length; i++) {
            if (ends[i] != Terms.ZERO) {
                if (group[i] >= fresh.length) {
                    fresh = java.util.Arrays.copyOf(fresh, Math.max(group[i] + 1, 2 * fresh.length));
                }
                if (fresh[group[i]] == 0) {
                    fresh[group[i]] = ++groupCount;
                }
                add(ends[i], kind, fresh[group[i]] - 1);
            }
        }
    }

    private void add(int vertex, SinkKind kind, int group) {
        if (vertex != Terms.ZERO) {
            vertices.add(vertex);
            kinds.add(kind.ordinal());
            groups.add(group);
        }
    }

    int count() {
        return vertices.size();
    }

    int vertex(int sink) {
        return vertices.get(sink);
    }

    SinkKind kind(int sink) {
        return SinkKind.values()[kinds.get(sink)];
    }

    int group(int sink) {
        return groups.get(sink);
    }

    /** How many groups have a member with a monomial. */
    int groupCount() {
        return groupCount;
    }
}
