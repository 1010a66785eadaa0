package org.quotient.autodiff.kernel.f64;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.Chain;

/**
 * The iteration space of a chain with neighbouring axes merged where every load walks them with one stride: outer axes, and
 * runs along the last. A space whose runs would be short, or leave much of a block empty, is made one run: loads that begin
 * again and again, such as a bias per column, are repeated, those that stay for a while, such as a scale per row, are stretched, and the
 * places of other irregular loads are in tables.
 *
 * @param sizes of the merged axes; the last is the length of a run
 * @param strides per load, one per merged axis
 * @param tables per load the place of each element, or null where the strides tell
 * @param periods per load the number of neighbouring elements that it repeats all along a run; 0 if it does not
 * @param stretches per load the number of neighbouring elements that share one of its numbers; 0 if they do not
 * @param reduced per merged axis whether it is summed over
 */
record Space(int[] sizes, int[][] strides, int[][] tables, int[] periods, int[] stretches, boolean[] reduced) {
    private static final int SHORT_RUN = 256;
    private static final int LARGEST_TABLE = 1 << 16;

    /** The space in which a chain is computed. */
    static Space of(Chain chain) {
        Space merged = of(chain, List.of());
        int run = merged.run();
        if (chain.elements() <= run) {
            return merged;
        }
        long blocks = (long) merged.runs() * Math.ceilDiv(run, Frame.BLOCK);
        if (run < SHORT_RUN || 5 * blocks > 6L * Math.ceilDiv(chain.elements(), Frame.BLOCK)) {
            Space flat = merged.flat(chain.elements());
            if (flat != null) {
                return flat;
            }
        }
        return run < SHORT_RUN && chain.elements() <= LARGEST_TABLE ? tabled(chain) : merged;
    }

    /** All in one run, if each load walks on, begins again after some neighbouring elements, or stays for some; else null. */
    private @Nullable Space flat(int elements) {
        int last = sizes.length - 1;
        int[][] steps = new int[strides.length][1];
        int[] again = new int[strides.length];
        int[] stay = new int[strides.length];
        for (int i = 0; i < strides.length; i++) {
            // The innermost axes along which the load stays or walks on, and how many elements they have.
            int axis = last;
            int length = sizes[last];
            while (axis > 0 && strides[i][axis - 1] == strides[i][last] * length) {
                length *= sizes[--axis];
            }
            if (axis == 0) {
                steps[i][0] = strides[i][last];
            } else if (strides[i][last] == 0 && isDense(i, axis - 1)) {
                stay[i] = length;
            } else if (strides[i][last] == 1 && isStill(i, axis - 1)) {
                steps[i][0] = 1;
                again[i] = length;
            } else {
                return null;
            }
        }
        return new Space(new int[] {elements}, steps, new int[strides.length][], again, stay, new boolean[1]);
    }

    /** Whether a load walks number by number along the axes up to one. */
    private boolean isDense(int load, int axis) {
        int step = 1;
        for (int a = axis; a >= 0; a--) {
            if (strides[load][a] != step) {
                return false;
            }
            step *= sizes[a];
        }
        return true;
    }

    /** Whether a load stays along the axes up to one. */
    private boolean isStill(int load, int axis) {
        for (int a = axis; a >= 0; a--) {
            if (strides[load][a] != 0) {
                return false;
            }
        }
        return true;
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
        return new Space(sizes, strides, new int[loads][], new int[loads], new int[loads], reduced);
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
        return new Space(new int[] {elements}, strides, tables, new int[loads], new int[loads], new boolean[1]);
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
