package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/** e^x/Σe^x along one axis, line by line; a line that is not contiguous is brought together first. */
record Softmax(int lines, int length, int inner, double[] x, int xo, double[] z, int zo) implements Step {
    private static final int LEAST_SHARD = 8_192;
    private static final int SHARDS = 16;

    static List<Step> steps(List<Integer> sizes, int axis, Place x, Place out) {
        int elements = sizes.stream().reduce(1, Math::multiplyExact);
        int length = sizes.get(axis);
        int inner = sizes.subList(axis + 1, sizes.size()).stream().reduce(1, Math::multiplyExact);
        return List.of(new Softmax(
                elements / Math.max(1, length),
                length,
                inner,
                F64Kernels.array(x),
                x.offset(),
                F64Kernels.array(out),
                out.offset()));
    }

    @Override
    public int shards() {
        return (int) Math.clamp((long) lines * length / LEAST_SHARD, 1, SHARDS);
    }

    @Override
    public void run(int shard, Scratch scratch) {
        double[] line = scratch.f64(0, length);
        int last = (int) ((long) lines * (shard + 1) / shards());
        for (int q = (int) ((long) lines * shard / shards()); q < last; q++) {
            int at = q / inner * length * inner + q % inner;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < length; i++) {
                line[i] = x[xo + at + i * inner];
                most = Math.max(most, line[i]);
            }
            for (int i = 0; i < length; i++) {
                line[i] -= most;
            }
            Loops.unary(Op.UnaryKind.EXP, length, line, 0, line, 0);
            double /*wide*/ total = 0;
            for (int i = 0; i < length; i++) {
                total += line[i];
            }
            for (int i = 0; i < length; i++) {
                z[zo + at + i * inner] = (double) (line[i] / total);
            }
        }
    }
}
