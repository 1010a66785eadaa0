package org.quotient.geometry.functional.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.Tensor;

/**
 * What a kink decides from values with error bounds.
 *
 * @param mask the decision; at doubtful elements a guess
 * @param doubts where the bounds do not decide
 */
record BallDecision(Tensor mask, List<Doubt> doubts) {

    static BallDecision of(Kink kink, Ball x, int samples) {
        int count = x.middle().size();
        int size = Math.max(1, kink.perSample() ? count / Math.max(1, samples) : count);
        return kink.isSign() ? sign(x, size) : winner(kink, x, size);
    }

    private static BallDecision sign(Ball x, int size) {
        double[] mask = new double[x.middle().size()];
        double[] middle = x.middle().data();
        double[] radius = x.radius().data();
        List<Doubt> doubts = new ArrayList<>();
        for (int i = 0; i < mask.length; i++) {
            mask[i] = middle[i] > 0 && !x.vanishes(i) ? 1 : 0;
            if (!(Math.abs(middle[i]) > radius[i]) && !x.vanishes(i)) {
                doubts.add(new Doubt(i / size, i % size, -1));
            }
        }
        return new BallDecision(Tensor.of(x.shape(), mask), doubts);
    }

    private static BallDecision winner(Kink kink, Ball x, int size) {
        int[] group = Groups.of(x.shape(), kink.axes());
        int[] best = new int[x.shape().without(kink.axes()).elements()];
        Arrays.fill(best, -1);
        for (int i = 0; i < group.length; i++) {
            int old = best[group[i]];
            if (kink.present()[i % size] == 1
                    && (old < 0 || x.middle().get(i) > x.middle().get(old))) {
                best[group[i]] = i;
            }
        }
        double[] mask = new double[group.length];
        List<Doubt> doubts = new ArrayList<>();
        for (int i = 0; i < group.length; i++) {
            int first = best[group[i]];
            if (i == first) {
                mask[i] = 1;
            } else if (kink.present()[i % size] == 1) {
                boolean bothVanish = x.vanishes(i) && x.vanishes(first);
                if (!(x.low(first) > x.high(i)) && !bothVanish) {
                    doubts.add(new Doubt(i / size, first % size, i % size));
                }
            }
        }
        return new BallDecision(Tensor.of(x.shape(), mask), doubts);
    }
}
