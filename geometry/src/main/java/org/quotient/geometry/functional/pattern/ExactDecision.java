package org.quotient.geometry.functional.pattern;

import java.util.Optional;

/** What a kink decides from exact values of one sample. */
final class ExactDecision {
    private ExactDecision() {}

    /** The mask, row-major, or nothing if the point lies on the kink. */
    static Optional<double[]> of(Kink kink, ExactValues x) {
        return kink.isSign() ? sign(x) : winner(kink, x);
    }

    private static Optional<double[]> sign(ExactValues x) {
        double[] mask = new double[x.numbers().length];
        for (int i = 0; i < mask.length; i++) {
            int sign = x.sign(i);
            if (sign == 0 && x.nonzero()[i]) {
                return Optional.empty();
            }
            mask[i] = sign > 0 ? 1 : 0;
        }
        return Optional.of(mask);
    }

    private static Optional<double[]> winner(Kink kink, ExactValues x) {
        int[] group = Groups.of(x.shape(), kink.axes());
        int[] best = new int[x.shape().without(kink.axes()).elements()];
        java.util.Arrays.fill(best, -1);
        for (int i = 0; i < group.length; i++) {
            int old = best[group[i]];
            if (kink.present()[i] == 1 && (old < 0 || x.numbers()[i].compareTo(x.numbers()[old]) > 0)) {
                best[group[i]] = i;
            }
        }
        double[] mask = new double[group.length];
        for (int i = 0; i < group.length; i++) {
            int first = best[group[i]];
            mask[i] = i == first ? 1 : 0;
            boolean tie = i != first && kink.present()[i] == 1 && x.numbers()[i].equals(x.numbers()[first]);
            if (tie && (x.nonzero()[i] || x.nonzero()[first])) {
                return Optional.empty();
            }
        }
        return Optional.of(mask);
    }
}
