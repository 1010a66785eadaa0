package org.quotient.geometry.paths;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Where paths end, in the order of discovery; elements without a monomial are left out. A sink inside the network has a
 * cause: the vertex that the operation which cuts the graph yields. It is a sink only if that vertex is felt in turn.
 */
final class Sinks {
    /** The group of a sink whose scale is not free. */
    static final int PINNED = -1;
    /** The cause of an output. */
    static final int ALWAYS = -1;

    private final IntList vertices = new IntList();
    private final IntList kinds = new IntList();
    private final IntList causes = new IntList();
    private final IntList groups = new IntList();
    private int groupCount;

    /**
     * Adds a sink. Those of kind {@link SinkKind#SCALE_FREE} with one cause form one scale group.
     *
     * @param cause a later vertex than {@code vertex}, or {@link #ALWAYS}
     */
    void add(int vertex, SinkKind kind, int cause) {
        if (vertex != Terms.ZERO && cause != Terms.ZERO) {
            vertices.add(vertex);
            kinds.add(kind.ordinal());
            causes.add(cause);
            groups.add(PINNED);
        }
    }

    /** The sinks whose cause is felt, their groups numbered from 0. */
    Sinks felt(BitSet felt) {
        Sinks kept = new Sinks();
        int[] numbers = new int[felt.length()];
        for (int i = 0; i < count(); i++) {
            int cause = causes.get(i);
            if (cause == ALWAYS || felt.get(cause)) {
                kept.vertices.add(vertices.get(i));
                kept.kinds.add(kinds.get(i));
                kept.causes.add(cause);
                boolean free = kind(i) == SinkKind.SCALE_FREE;
                if (cause == ALWAYS) {
                    kept.groups.add(group(i));
                    kept.groupCount = Math.max(kept.groupCount, group(i) + 1);
                    continue;
                }
                if (free && numbers[cause] == 0) {
                    numbers[cause] = ++kept.groupCount;
                }
                kept.groups.add(free ? numbers[cause] - 1 : PINNED);
            }
        }
        return kept;
    }

    /** The same sinks at other vertices, without those that fall on {@link Terms#ZERO}. */
    Sinks at(int[] image) {
        Sinks moved = new Sinks();
        int[] numbers = new int[groupCount];
        for (int i = 0; i < count(); i++) {
            if (image[vertex(i)] != Terms.ZERO) {
                moved.vertices.add(image[vertex(i)]);
                moved.kinds.add(kinds.get(i));
                moved.causes.add(ALWAYS);
                int group = group(i);
                if (group != PINNED && numbers[group] == 0) {
                    numbers[group] = ++moved.groupCount;
                }
                moved.groups.add(group == PINNED ? PINNED : numbers[group] - 1);
            }
        }
        return moved;
    }

    /** The sinks by their cause: a linked list for each vertex, and one for the outputs. */
    ByCause byCause(int vertexCount) {
        int[] head = new int[vertexCount + 1];
        int[] next = new int[count()];
        Arrays.fill(head, ByCause.END);
        for (int i = 0; i < next.length; i++) {
            next[i] = head[causes.get(i) + 1];
            head[causes.get(i) + 1] = i;
        }
        return new ByCause(head, next);
    }

    /** Linked lists of sinks. */
    record ByCause(int[] head, int[] next) {
        static final int END = -1;

        int first(int cause) {
            return head[cause + 1];
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

    /** How many groups have a member. */
    int groupCount() {
        return groupCount;
    }
}
