package org.quotient.autodiff;

import java.util.List;

/** Values of standardisation and softmax. */
final class NormaliseKernels {
    private NormaliseKernels() {}

    static Tensor compute(Op.Normalise op, List<Tensor> operands, Shape shape, Numbers numbers) {
        Tensor x = operands.get(0);
        double[] out = new double[x.size()];
        switch (op) {
            case Op.Standardise s -> standardise(s, x, out);
            case Op.StandardiseWith s -> {
                int[] group = ReduceKernels.groups(x.shape(), s.axes());
                for (int i = 0; i < out.length; i++) {
                    double mean = operands.get(1).get(group[i]);
                    double deviation = Math.sqrt(operands.get(2).get(group[i]) + s.epsilon());
                    out[i] = (x.get(i) - mean) / deviation;
                }
            }
            case Op.Softmax s -> softmax(s, x, out);
        }
        numbers.settle(out, 0, out.length);
        return Tensor.of(shape, x.dtype(), out);
    }

    private static void standardise(Op.Standardise s, Tensor x, double[] out) {
        int[] group = ReduceKernels.groups(x.shape(), s.axes());
        int groups = x.shape().without(s.axes()).elements();
        double count = groups == 0 ? 1 : (double) x.size() / groups;
        double[] mean = new double[groups];
        double[] variance = new double[groups];
        for (int i = 0; i < out.length; i++) {
            mean[group[i]] += x.get(i);
        }
        for (int g = 0; g < groups; g++) {
            mean[g] /= count;
        }
        for (int i = 0; i < out.length; i++) {
            double centred = x.get(i) - mean[group[i]];
            variance[group[i]] += centred * centred;
        }
        for (int i = 0; i < out.length; i++) {
            double deviation = Math.sqrt(variance[group[i]] / count + s.epsilon());
            out[i] = (x.get(i) - mean[group[i]]) / deviation;
        }
    }

    private static void softmax(Op.Softmax s, Tensor x, double[] out) {
        int[] group = ReduceKernels.groups(x.shape(), List.of(s.axis()));
        int groups = x.shape().without(List.of(s.axis())).elements();
        double[] max = new double[groups];
        double[] sum = new double[groups];
        java.util.Arrays.fill(max, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < out.length; i++) {
            max[group[i]] = Math.max(max[group[i]], x.get(i));
        }
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.exp(x.get(i) - max[group[i]]);
            sum[group[i]] += out[i];
        }
        for (int i = 0; i < out.length; i++) {
            out[i] /= sum[group[i]];
        }
    }
}
