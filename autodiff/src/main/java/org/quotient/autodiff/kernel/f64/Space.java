package org.quotient.autodiff.kernel.f64;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.Chain;

/**
 * The iteration space of a chain with neighbouring axes merged where every load walks them with one stride: outer axes, and
 * runs along the last. A space whose runs would be short is made one run: loads that begin again and again, such as a bias per
 * column, are repeated, and the places of other irregular loads are in tables.
 *
 * @param sizes of the merged axes; the last is the length of a run
 * @param strides per load, one per merged axis
 * @param tables per load the place of each element, or null where the strides tell
 * @param periods per load the number of neighbouring elements that it repeats all along a run; 0 if it does not
 * @param reduced per merged axis whether it is summed over
 */
record Space(int[] sizes, int[][] strides, int[][] tables, int[] periods, boolean[] reduced) {
    private static final int SHORT_RUN = 256;
    private static final int LARGEST_TABLE = 1 << 16;

    /** The space in which a chain is computed. */
    static Space of(Chain chain) {
        Space merged = of(chain, List.of());
        int run = merged.run();
        if (run >= SHORT_RUN || chain.elements() <= run) {
            return merged;
        }
        Space repeated = merged.repeated(chain.elements());
        if (repeated != null) {
            return repeated;
        }
        return chain.elements() <= LARGEST_TABLE ? tabled(chain) : merged;
    }

    /** All in one run, if each load either walks on or begins again after some neighbouring elements; else null. */
    private @Nullable Space repeated(int elements) {
        int[][] steps = new int[strides.length][1];
        int[] again = new int[strides.length];
        for (int i = 0; i < strides.length; i++) {
            int last = sizes.length - 1;
            int axis = last;
            int length = sizes[last];
            while (axis > 0 && strides[i][axis - 1] == strides[i][last] * length) {
                length *= sizes[--axis];
            }
            for (int outer = 0; outer < axis; outer++) {
                if (strides[i][outer] != 0 || strides[i][last] != 1) {
                    return null;
                }
            }
            steps[i][0] = strides[i][last];
            again[i] = axis > 0 ? length : 0;
        }
        return new Space(new int[] {elements}, steps, new int[strides.length][], again, new boolean[1]);
    }

    /** The space with the axes that are summed over kept apart from the others. */
    static Space of(Chain chain, List<Integer> axes) {
        int loads = chain.loads().size();
        List<int[]> kept = new ArrayList<>();
        for (int axis = 0; axis < chain.sizes().size(); axis++) {
            int size = chain.sizes().get(axis);
            if (size == 1) {
                continue;
            }
            int[] entry = new int[loads + 2];
            entry[0] = size;
            entry[1] = axes.contains(axis) ? 1 : 0;
            for (int i = 0; i < loads; i++) {
                entry[i + 2] = chain.loads().get(i).strides().get(axis);
            }
            if (kept.isEmpty() || !joins(kept.getLast(), entry)) {
                kept.add(entry);
            } else {
                entry[0] *= kept.removeLast()[0];
                kept.add(entry);
            }
        }
        if (kept.isEmpty()) {
            int[] one = new int[loads + 2];
            one[0] = chain.elements();
            kept.add(one);
        }
        int[] sizes = new int[kept.size()];
        boolean[] reduced = new boolean[kept.size()];
        int[][] strides = new int[loads][kept.size()];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = kept.get(axis)[0];
            reduced[axis] = kept.get(axis)[1] == 1;
            for (int i = 0; i < loads; i++) {
                strides[i][axis] = kept.get(axis)[i + 2];
            }
        }
        return new Space(sizes, strides, new int[loads][], new int[loads], reduced);
    }

    /** Whether an axis is one with the axis before it, for every load. */
    private static boolean joins(int[] outer, int[] inner) {
        boolean same = outer[1] == inner[1];
        for (int i = 2; i < outer.length; i++) {
            same &= outer[i] == inner[i] * inner[0];
        }
        return same;
    }

    private static Space tabled(Chain chain) {
        int elements = chain.elements();
        int loads = chain.loads().size();
        int[][] strides = new int[loads][1];
        int[][] tables = new int[loads][];
        for (int i = 0; i < loads; i++) {
            int[] table = new int[elements];
            boolean regular = true;
            for (int e = 0; e < elements; e++) {
                int rest = e;
                for (int axis = chain.sizes().size() - 1; axis >= 0; axis--) {
                    int size = chain.sizes().get(axis);
                    table[e] += rest % size * chain.loads().get(i).strides().get(axis);
                    rest /= size;
                }
                regular &= table[e] == e * table[Math.min(1, elements - 1)];
            }
            strides[i][0] = elements > 1 ? table[1] : 0;
            tables[i] = regular ? null : table;
        }
        return new Space(new int[] {elements}, strides, tables, new int[loads], new boolean[1]);
    }

    /** The length of a run. */
    int run() {
        return sizes[sizes.length - 1];
    }

    /** The number of runs. */
    int runs() {
        int count = 1;
        for (int axis = 0; axis < sizes.length - 1; axis++) {
            count *= sizes[axis];
        }
        return count;
    }

    /** The place of a load at the start of a run. */
    int start(int load, int run) {
        int at = 0;
        int rest = run;
        for (int axis = sizes.length - 2; axis >= 0; axis--) {
            at += rest % sizes[axis] * strides[load][axis];
            rest /= sizes[axis];
        }
        return at;
    }
}
