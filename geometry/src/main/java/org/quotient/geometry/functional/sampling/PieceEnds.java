package org.quotient.geometry.functional.sampling;

import java.util.Arrays;
import org.quotient.geometry.functional.pattern.Kink;

/** How far a line stays on a piece, ahead and behind, from values of affine functions at two of its points. */
final class PieceEnds {
    private double before = Double.NEGATIVE_INFINITY;
    private double after = Double.POSITIVE_INFINITY;

    /** The nearest zero behind, not positive. */
    double before() {
        return before;
    }

    /** The nearest zero ahead, not negative. */
    double after() {
        return after;
    }

    /**
     * Takes the arguments of one kink into account.
     *
     * @param now their values here, samples along the leading axis
     * @param then their values a step ahead, on the same polynomial piece
     * @param sample which sample
     * @param samples how many there are
     * @param step the distance of the two points, positive
     */
    void narrow(Kink kink, double[] now, double[] then, int sample, int samples, double step) {
        int size = now.length / samples;
        int offset = sample * size;
        if (kink.isSign()) {
            for (int i = offset; i < offset + size; i++) {
                zero(now[i], then[i], step);
            }
            return;
        }
        int[] group = kink.groups(kink.argument().shape().bind(1));
        int[] best = new int[Arrays.stream(group).max().orElse(0) + 1];
        Arrays.fill(best, -1);
        for (int i = 0; i < size; i++) {
            int old = best[group[i]];
            if (kink.present()[i] == 1 && (old < 0 || now[offset + i] > now[offset + old])) {
                best[group[i]] = i;
            }
        }
        for (int i = 0; i < size; i++) {
            int first = best[group[i]];
            if (i != first && kink.present()[i] == 1) {
                zero(now[offset + first] - now[offset + i], then[offset + first] - then[offset + i], step);
            }
        }
    }

    private void zero(double now, double then, double step) {
        if (now != then && now != 0) {
            double at = -now * step / (then - now);
            if (at > 0) {
                after = Math.min(after, at);
            } else if (at < 0) {
                before = Math.max(before, at);
            }
        }
    }
}
