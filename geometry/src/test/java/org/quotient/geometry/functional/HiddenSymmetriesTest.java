package org.quotient.geometry.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.geometry.functional.HiddenSymmetries.Interval;
import org.quotient.geometry.functional.sampling.Sampling;

/** Frequencies of hidden symmetries among drawn weights. */
class HiddenSymmetriesTest {
    @Test
    void theIntervalIsThatOfClopperAndPearson() {
        // 0 of n: 1 − (α/2)^(1/n); n of n: its mirror image; 5 of 10 as in tables.
        assertThat(HiddenSymmetries.clopperPearson(0, 20, 0.95).upper())
                .isCloseTo(1 - Math.pow(0.025, 1 / 20.0), within(1e-9));
        assertThat(HiddenSymmetries.clopperPearson(20, 20, 0.95).lower())
                .isCloseTo(Math.pow(0.025, 1 / 20.0), within(1e-9));
        Interval half = HiddenSymmetries.clopperPearson(5, 10, 0.95);
        assertThat(half.lower()).isCloseTo(0.1871, within(5e-5));
        assertThat(half.upper()).isCloseTo(0.8129, within(5e-5));
        assertThatThrownBy(() -> HiddenSymmetries.clopperPearson(3, 2, 0.95))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSingleFirstUnitIsFollowedByTheExactLaw() {
        // (1, 1, 2, 1) under a symmetric law: dimensions 1, 3, 4, 5, 6 with chances 1, 5, 2, 5, 3 of 16; the bound is
        // 6.
        InitialisedNetwork network = BuiltIns.network("mlp:1-1-2-1,init=torch");
        HiddenSymmetries found = HiddenSymmetries.of(network, 0, 400, d -> d.exact(1_000));
        assertThat(found.undecided()).isZero();
        assertThat(found.attained() + found.hidden()).isEqualTo(400);
        assertThat(found.laws()).isEqualTo(network.laws());
        assertThat(found.probability(0.999).lower()).isLessThan(3 / 16.0);
        assertThat(found.probability(0.999).upper()).isGreaterThan(3 / 16.0);
        Map<Integer, Integer> sixteenths = Map.of(5, 1, 3, 5, 2, 2, 1, 5, 0, 3);
        assertThat(found.missing().keySet()).isEqualTo(sixteenths.keySet());
        found.missing().forEach((missing, times) -> {
            Interval interval = HiddenSymmetries.clopperPearson(times, 400, 0.9999);
            double chance = sixteenths.getOrDefault(missing, 0) / 16.0;
            assertThat(chance).as("missing " + missing).isBetween(interval.lower(), interval.upper());
        });
    }

    @Test
    void drawsThatAreNotDecidedWidenTheInterval() {
        InitialisedNetwork network = BuiltIns.network("mlp:1-1-2-1,init=torch");
        Sampling short0 = Sampling.seeded(0).withPatience(1).withLines(0);
        HiddenSymmetries found = HiddenSymmetries.of(network, 0, 20, d -> d.sampled(short0));
        HiddenSymmetries exact = HiddenSymmetries.of(network, 0, 20, d -> d.exact(1_000));
        assertThat(found.undecided()).isPositive();
        assertThat(found.attained()).isLessThanOrEqualTo(exact.attained());
        assertThat(found.probability(0.9).lower())
                .isLessThanOrEqualTo(exact.probability(0.9).lower());
        assertThat(found.probability(0.9).upper())
                .isGreaterThanOrEqualTo(exact.probability(0.9).upper());
    }
}
