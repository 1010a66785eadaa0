package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Step;

/** Reductions. */
final class Reductions {
    private Reductions() {}

    static List<Step> steps(Op.ReduceKind kind, Chain chain, List<Integer> axes, List<Place> in, Place out) {
        int registers = chain.loads().size() + chain.code().size();
        int results = results(chain.sizes(), axes);
        double[] to = F64Kernels.array(out);
        Whole all = () -> {
            double[] value = new double[registers];
            double first = kind == Op.ReduceKind.MAX ? Double.NEGATIVE_INFINITY : 0;
            Arrays.fill(to, out.offset(), out.offset() + results, first);
            for (int e = 0; e < chain.elements(); e++) {
                Chains.evaluate(chain, in, e, value);
                int at = out.offset() + result(chain.sizes(), axes, e);
                double x = value[chain.stores().get(0)];
                if (kind == Op.ReduceKind.SUM) {
                    to[at] += x;
                } else if (x > to[at] || Double.isNaN(x)) {
                    to[at] = x;
                }
            }
        };
        return List.of(all);
    }

    static List<Step> firstMaximum(List<Integer> sizes, List<Integer> axes, Place xPlace, Place out) {
        int elements = sizes.stream().reduce(1, Math::multiplyExact);
        int[] best = new int[results(sizes, axes)];
        double[] x = F64Kernels.array(xPlace);
        double[] to = F64Kernels.array(out);
        Whole all = () -> {
            Arrays.fill(best, -1);
            Arrays.fill(to, out.offset(), out.offset() + elements, 0);
            for (int e = 0; e < elements; e++) {
                int group = result(sizes, axes, e);
                double candidate = x[xPlace.offset() + e];
                if (best[group] < 0 || beats(candidate, x[xPlace.offset() + best[group]])) {
                    best[group] = e;
                }
            }
            for (int e : best) {
                if (e >= 0) {
                    to[out.offset() + e] = 1;
                }
            }
        };
        return List.of(all);
    }

    /** Whether a later element takes the place of the best so far: a larger one, or the first NaN. */
    static boolean beats(double candidate, double best) {
        return candidate > best || Double.isNaN(candidate) && !Double.isNaN(best);
    }

    static int results(List<Integer> sizes, List<Integer> axes) {
        int count = 1;
        for (int axis = 0; axis < sizes.size(); axis++) {
            count *= axes.contains(axis) ? 1 : sizes.get(axis);
        }
        return count;
    }

    /** Index, among the results, of what an element is reduced to. */
    static int result(List<Integer> sizes, List<Integer> axes, int element) {
        int at = 0;
        int stride = 1;
        int rest = element;
        for (int axis = sizes.size() - 1; axis >= 0; axis--) {
            if (!axes.contains(axis)) {
                at += rest % sizes.get(axis) * stride;
                stride *= sizes.get(axis);
            }
            rest /= sizes.get(axis);
        }
        return at;
    }
}
