package org.quotient.geometry.functional.attribution;

import java.util.List;
import org.quotient.autodiff.CounterRandom;
import org.quotient.geometry.functional.attribution.Units.Unit;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.Patterns;

/**
 * How the masks of units behaved over all points seen: how often they were on, and a fingerprint of where. Two units with the same
 * fingerprint were on at the same points, up to a chance of 2^−64 for each pair.
 */
final class MaskStatistics {
    private final List<Kink> kinks;
    private final List<Unit> units;
    private final long[] on;
    private final long[] seen;
    private final long[] fingerprint;
    private final long[] complement;
    private long points;

    MaskStatistics(List<Kink> kinks, List<Unit> units) {
        this.kinks = kinks;
        this.units = units;
        this.on = new long[units.size()];
        this.seen = new long[units.size()];
        this.fingerprint = new long[units.size()];
        this.complement = new long[units.size()];
    }

    void add(Patterns patterns) {
        CounterRandom random = CounterRandom.seeded(points);
        int first = 0;
        for (int k = 0; k < kinks.size(); k++) {
            Kink kink = kinks.get(k);
            if (!kink.perSample() || !kink.isSign()) {
                first += kink.perSample() ? 1 : 0;
                continue;
            }
            double[] mask = patterns.masks().get(k).data();
            int[] channel = Units.channelOf(kink);
            int size = channel.length;
            int[] position = new int[Units.channels(kink)];
            for (int i = 0; i < mask.length; i++) {
                if (i % size == 0) {
                    java.util.Arrays.fill(position, 0);
                }
                int unit = first + channel[i % size];
                long weight = random.split(i / size).bits(position[channel[i % size]]++);
                seen[unit]++;
                if (mask[i] == 1) {
                    on[unit]++;
                    fingerprint[unit] += weight;
                } else {
                    complement[unit] += weight;
                }
            }
            first += Units.channels(kink);
        }
        points += patterns.count();
    }

    boolean never(int unit) {
        return on[unit] == 0 && seen[unit] > 0;
    }

    boolean always(int unit) {
        return on[unit] == seen[unit] && seen[unit] > 0;
    }

    /** An earlier unit of the same decision that is on (same side) or off (opposite side) at the same points, or −1. */
    int twin(int unit, boolean sameSide) {
        for (int other = unit - 1;
                other >= 0 && units.get(other).kink() == units.get(unit).kink();
                other--) {
            long theirs = sameSide ? fingerprint[other] : complement[other];
            if (theirs == fingerprint[unit] && seen[other] == seen[unit]) {
                return other;
            }
        }
        return -1;
    }
}
