package org.quotient.geometry.manifold;

import java.util.List;
import org.quotient.geometry.ScaleLaw;

/** Which block of a factor of a law each element of a tensor belongs to: loops over elements, without an index array. */
final class Blocks {
    private final int[] sizes;
    private final int[] strides;

    /** Axes before this one change the block; the rest of the axes form one run in one block. */
    private final int outer;

    private final int run;
    private final int count;

    private Blocks(int[] sizes, int[] extents) {
        this.sizes = sizes;
        this.strides = new int[extents.length];
        int step = 1;
        for (int i = extents.length - 1; i >= 0; i--) {
            strides[i] = extents[i] == 1 ? 0 : step;
            step *= extents[i];
        }
        count = step;
        int last = strides.length;
        int length = 1;
        while (last > 0 && strides[last - 1] == 0) {
            length *= sizes[--last];
        }
        outer = last;
        run = length;
    }

    static Blocks of(ScaleLaw law, List<Integer> extents) {
        return new Blocks(ints(law.sizes()), ints(extents));
    }

    /** The coarsest blocks within which none of the factors changes. */
    static List<Integer> join(List<Integer> a, List<Integer> b) {
        Integer[] out = new Integer[a.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.max(a.get(i), b.get(i));
        }
        return List.of(out);
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The number of blocks. */
    int count() {
        return count;
    }

    /** Receives a run of consecutive elements of one block. */
    interface Run {
        void at(int from, int to, int block);
    }

    void forEachRun(Run visit) {
        int[] index = new int[outer];
        int size = 1;
        for (int n : sizes) {
            size *= n;
        }
        int at = 0;
        for (int i = 0; i < size; i += run) {
            visit.at(i, i + run, at);
            for (int k = outer - 1; k >= 0; k--) {
                at += strides[k];
                if (++index[k] < sizes[k]) {
                    break;
                }
                at -= strides[k] * sizes[k];
                index[k] = 0;
            }
        }
    }
}
