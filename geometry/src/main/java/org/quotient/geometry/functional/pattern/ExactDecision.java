package org.quotient.geometry.functional.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a kink decides from exact values of one sample.
 *
 * @param mask the decision, row-major; at ties a choice
 * @param ties where the sample lies on the kink, unless both choices give the same polynomial
 */
record ExactDecision(double[] mask, List<Doubt> ties) {

    static ExactDecision of(Kink kink, ExactValues x) {
        return kink.isSign() ? sign(x) : winner(kink, x);
    }

    private static ExactDecision sign(ExactValues x) {
        double[] mask = new double[x.numbers().length];
        List<Doubt> ties = new ArrayList<>();
        for (int i = 0; i < mask.length; i++) {
            int sign = x.sign(i);
            if (sign == 0 && x.nonzero()[i]) {
                ties.add(new Doubt(0, i, -1));
            }
            mask[i] = sign > 0 ? 1 : 0;
        }
        return new ExactDecision(mask, ties);
    }

    private static ExactDecision winner(Kink kink, ExactValues x) {
        int[] group = Groups.of(x.shape(), kink.axes());
        int[] best = new int[x.shape().without(kink.axes()).elements()];
        Arrays.fill(best, -1);
        for (int i = 0; i < group.length; i++) {
            int old = best[group[i]];
            if (kink.present()[i] == 1 && (old < 0 || x.numbers()[i].compareTo(x.numbers()[old]) > 0)) {
                best[group[i]] = i;
            }
        }
        double[] mask = new double[group.length];
        List<Doubt> ties = new ArrayList<>();
        for (int i = 0; i < group.length; i++) {
            int first = best[group[i]];
            mask[i] = i == first ? 1 : 0;
            boolean tie = i != first && kink.present()[i] == 1 && x.numbers()[i].equals(x.numbers()[first]);
            if (tie && (x.nonzero()[i] || x.nonzero()[first])) {
                ties.add(new Doubt(0, first, i));
            }
        }
        return new ExactDecision(mask, ties);
    }
}
