package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Step;

/** Elements at places that are listed. */
final class Places {
    private Places() {}

    private static int[] array(List<Integer> indices) {
        return indices.stream().mapToInt(Integer::intValue).toArray();
    }

    /** out[o, i, r] = x[o, indices[i], r] for o below {@code outer} and r below {@code inner}; x has {@code length} in between. */
    static List<Step> gather(int outer, int length, int inner, List<Integer> indices, Place from, Place to) {
        int[] at = array(indices);
        double[] x = F64Kernels.array(from);
        double[] out = F64Kernels.array(to);
        Whole all = () -> {
            int write = to.offset();
            for (int o = 0; o < outer; o++) {
                int base = from.offset() + o * length * inner;
                if (inner == 1) {
                    for (int i = 0; i < at.length; i++) {
                        out[write + i] = x[base + at[i]];
                    }
                    write += at.length;
                } else {
                    for (int i : at) {
                        System.arraycopy(x, base + i * inner, out, write, inner);
                        write += inner;
                    }
                }
            }
        };
        return List.of(all);
    }

    /** out[o, indices[i], r] = Σ x[o, i, r], added in double precision in the order of i. */
    static List<Step> scatter(int outer, int length, int inner, List<Integer> indices, Place from, Place to) {
        int[] at = array(indices);
        double[] x = F64Kernels.array(from);
        double[] out = F64Kernels.array(to);
        double /*wide*/[] sums = new double /*wide*/[length * inner];
        Whole all = () -> {
            int read = from.offset();
            for (int o = 0; o < outer; o++) {
                Arrays.fill(sums, 0);
                for (int i : at) {
                    for (int r = 0; r < inner; r++) {
                        sums[i * inner + r] += x[read++];
                    }
                }
                int write = to.offset() + o * sums.length;
                for (int i = 0; i < sums.length; i++) {
                    out[write + i] = (double) sums[i];
                }
            }
        };
        return List.of(all);
    }

    /** out[places[i]] = x[i]. */
    static List<Step> put(List<Integer> places, Place from, Place to) {
        int[] at = array(places);
        double[] x = F64Kernels.array(from);
        double[] out = F64Kernels.array(to);
        Whole all = () -> {
            for (int i = 0; i < at.length; i++) {
                out[to.offset() + at[i]] = x[from.offset() + i];
            }
        };
        return List.of(all);
    }
}
