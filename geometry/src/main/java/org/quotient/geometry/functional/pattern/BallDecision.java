package org.quotient.geometry.functional.pattern;

import org.quotient.autodiff.Tensor;

/** What a kink decides from values with error bounds, and for which samples these are not enough. */
final class BallDecision {
    private BallDecision() {}

    /**
     * The mask; at samples that become undecided it is a guess.
     *
     * @param undecided one flag for each sample; set, never cleared
     */
    static Tensor of(Kink kink, Ball x, boolean[] undecided) {
        return kink.isSign() ? sign(kink, x, undecided) : winner(kink, x, undecided);
    }

    private static Tensor sign(Kink kink, Ball x, boolean[] undecided) {
        double[] mask = new double[x.middle().size()];
        int size = sampleSize(kink, x, undecided);
        double[] middle = x.middle().data();
        double[] radius = x.radius().data();
        for (int i = 0; i < mask.length; i++) {
            mask[i] = middle[i] > 0 && !x.vanishes(i) ? 1 : 0;
            if (!(Math.abs(middle[i]) > radius[i]) && !x.vanishes(i)) {
                mark(kink, undecided, i / size);
            }
        }
        return Tensor.of(x.shape(), mask);
    }

    private static int sampleSize(Kink kink, Ball x, boolean[] undecided) {
        return Math.max(
                1,
                kink.perSample()
                        ? x.middle().size() / Math.max(1, undecided.length)
                        : x.middle().size());
    }

    private static void mark(Kink kink, boolean[] undecided, int sample) {
        if (kink.perSample()) {
            undecided[sample] = true;
        } else {
            java.util.Arrays.fill(undecided, true);
        }
    }

    private static Tensor winner(Kink kink, Ball x, boolean[] undecided) {
        int size = sampleSize(kink, x, undecided);
        int[] group = Groups.of(x.shape(), kink.axes());
        int groups = x.shape().without(kink.axes()).elements();
        int[] best = new int[groups];
        java.util.Arrays.fill(best, -1);
        for (int i = 0; i < group.length; i++) {
            int old = best[group[i]];
            if (kink.present()[i % size] == 1
                    && (old < 0 || x.middle().get(i) > x.middle().get(old))) {
                best[group[i]] = i;
            }
        }
        double[] mask = new double[group.length];
        for (int i = 0; i < group.length; i++) {
            int first = best[group[i]];
            if (i == first) {
                mask[i] = 1;
            } else if (kink.present()[i % size] == 1) {
                boolean bothVanish = x.vanishes(i) && x.vanishes(first);
                if (!(x.low(first) > x.high(i)) && !bothVanish) {
                    mark(kink, undecided, i / size);
                }
            }
        }
        return Tensor.of(x.shape(), mask);
    }
}
