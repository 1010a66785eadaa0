package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Step;

/** Standardisation and softmax. */
final class Normalisations {
    private Normalisations() {}

    static List<Step> standardise(
            List<Integer> sizes, List<Integer> axes, double /*wide*/ epsilon, Place xPlace, Place out) {
        int elements = sizes.stream().reduce(1, Math::multiplyExact);
        int groups = Reductions.results(sizes, axes);
        double /*wide*/ count = (double /*wide*/) elements / Math.max(1, groups);
        double /*wide*/[] mean = new double /*wide*/[groups];
        double /*wide*/[] variance = new double /*wide*/[groups];
        double[] x = F64Kernels.array(xPlace);
        double[] z = F64Kernels.array(out);
        Whole all = () -> {
            Arrays.fill(mean, 0);
            Arrays.fill(variance, 0);
            for (int e = 0; e < elements; e++) {
                mean[Reductions.result(sizes, axes, e)] += x[xPlace.offset() + e] / count;
            }
            for (int e = 0; e < elements; e++) {
                int g = Reductions.result(sizes, axes, e);
                double /*wide*/ centred = x[xPlace.offset() + e] - mean[g];
                variance[g] += centred * centred / count;
            }
            for (int e = 0; e < elements; e++) {
                int g = Reductions.result(sizes, axes, e);
                z[out.offset() + e] = (double) ((x[xPlace.offset() + e] - mean[g]) / Math.sqrt(variance[g] + epsilon));
            }
        };
        return List.of(all);
    }

    static List<Step> standardiseWith(
            List<Integer> sizes,
            List<Integer> axes,
            double /*wide*/ epsilon,
            Place xPlace,
            Place mean,
            Place variance,
            Place out) {
        int elements = sizes.stream().reduce(1, Math::multiplyExact);
        double[] x = F64Kernels.array(xPlace);
        double[] m = F64Kernels.array(mean);
        double[] v = F64Kernels.array(variance);
        double[] z = F64Kernels.array(out);
        Whole all = () -> {
            for (int e = 0; e < elements; e++) {
                int g = Reductions.result(sizes, axes, e);
                z[out.offset() + e] = (double) ((x[xPlace.offset() + e] - m[mean.offset() + g])
                        / Math.sqrt(v[variance.offset() + g] + epsilon));
            }
        };
        return List.of(all);
    }

    static List<Step> softmax(List<Integer> sizes, int axis, Place xPlace, Place out) {
        int elements = sizes.stream().reduce(1, Math::multiplyExact);
        List<Integer> axes = List.of(axis);
        int groups = Reductions.results(sizes, axes);
        double[] max = new double[groups];
        double[] sum = new double[groups];
        double[] x = F64Kernels.array(xPlace);
        double[] z = F64Kernels.array(out);
        Whole all = () -> {
            Arrays.fill(max, Double.NEGATIVE_INFINITY);
            Arrays.fill(sum, 0);
            for (int e = 0; e < elements; e++) {
                int g = Reductions.result(sizes, axes, e);
                max[g] = Math.max(max[g], x[xPlace.offset() + e]);
            }
            for (int e = 0; e < elements; e++) {
                int g = Reductions.result(sizes, axes, e);
                z[out.offset() + e] = (double) Math.exp(x[xPlace.offset() + e] - max[g]);
                sum[g] += z[out.offset() + e];
            }
            for (int e = 0; e < elements; e++) {
                z[out.offset() + e] /= sum[Reductions.result(sizes, axes, e)];
            }
        };
        return List.of(all);
    }
}
