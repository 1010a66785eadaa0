package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Step;

/** Strided copies. */
final class Copies {
    private Copies() {}

    static List<Step> steps(
            List<Integer> sizes, Place from, List<Integer> fromStrides, Place to, List<Integer> toStrides) {
        int elements = sizes.stream().reduce(1, Math::multiplyExact);
        double[] x = F64Kernels.array(from);
        double[] z = F64Kernels.array(to);
        Whole all = () -> {
            for (int e = 0; e < elements; e++) {
                int read = from.offset();
                int write = to.offset();
                int rest = e;
                for (int axis = sizes.size() - 1; axis >= 0; axis--) {
                    int i = rest % sizes.get(axis);
                    read += i * fromStrides.get(axis);
                    write += i * toStrides.get(axis);
                    rest /= sizes.get(axis);
                }
                z[write] = x[read];
            }
        };
        return List.of(all);
    }

    static List<Step> fill(Place to, int count, double /*wide*/ value) {
        double[] z = F64Kernels.array(to);
        double filled = (double) value;
        Whole all = () -> Arrays.fill(z, to.offset(), to.offset() + count, filled);
        return List.of(all);
    }
}
