package org.quotient.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;

/** Medians, their intervals, and ratios of them. */
class StatisticsTest {
    @Test
    @DisplayName("the median of 3, 1, 2 is 2, that of 4, 1, 2, 3 is 5/2")
    void median() {
        assertThat(Statistics.median(3, 1, 2)).isEqualTo(2);
        assertThat(Statistics.median(4, 1, 2, 3)).isEqualTo(2.5);
    }

    @Test
    @DisplayName("of 15 values the interval goes from the 4th to the 12th, of 6 from the 1st to the 6th")
    void ranks() {
        // P(Bin(15, 1/2) <= 3) = 576/32768 = 1.8 %, P(... <= 4) = 5.9 %; P(Bin(6, 1/2) <= 0) = 1.6 %.
        assertThat(Statistics.intervalRank(15)).isEqualTo(3);
        double[] values = IntStream.rangeClosed(1, 15).mapToDouble(i -> i).toArray();
        assertThat(Statistics.medianInterval(values)).isEqualTo(new Statistics.Estimate(8, 4, 12));
        double[] six = IntStream.rangeClosed(1, 6).mapToDouble(i -> i).toArray();
        assertThat(Statistics.medianInterval(six)).isEqualTo(new Statistics.Estimate(3.5, 1, 6));
    }

    @Test
    @DisplayName("the interval holds the true median of skewed data in at least 95 % of 1000 series")
    void coverage() {
        CounterRandom random = CounterRandom.seeded(1);
        int held = 0;
        for (int series = 0; series < 1000; series++) {
            int s = series;
            double[] values = IntStream.range(0, 15)
                    .mapToDouble(i -> Math.exp(random.normal(15L * s + i)))
                    .toArray();
            Statistics.Estimate e = Statistics.medianInterval(values);
            held += e.low() <= 1 && 1 <= e.high() ? 1 : 0;
        }
        assertThat(held).isBetween(950, 990);
    }

    @Test
    @DisplayName("what slows both down in the same repetition leaves the ratio where it is")
    void pairs() {
        CounterRandom random = CounterRandom.seeded(2);
        double[] ours =
                IntStream.range(0, 15).mapToDouble(i -> 1 + random.uniform(i)).toArray();
        double[] theirs = IntStream.range(0, 15).mapToDouble(i -> 3 * ours[i]).toArray();
        Statistics.Estimate ratio = Statistics.ratioOfMedians(theirs, ours);
        assertThat(ratio.value()).isCloseTo(3, within(1e-12));
        assertThat(ratio.low()).isCloseTo(3, within(1e-12));
        assertThat(ratio.high()).isCloseTo(3, within(1e-12));
    }

    @Test
    @DisplayName("the interval of a ratio holds the ratio, and is wide where repetitions differ")
    void width() {
        CounterRandom random = CounterRandom.seeded(3);
        double[] ours =
                IntStream.range(0, 15).mapToDouble(i -> 1 + random.uniform(i)).toArray();
        double[] theirs =
                IntStream.range(20, 35).mapToDouble(i -> 2 + random.uniform(i)).toArray();
        Statistics.Estimate ratio = Statistics.ratioOfMedians(theirs, ours);
        assertThat(ratio.low()).isLessThan(ratio.value());
        assertThat(ratio.high()).isGreaterThan(ratio.value());
    }

    @Test
    @DisplayName("equal repetitions have no spread; of 1 to 5 it is a third")
    void spread() {
        assertThat(Statistics.spread(2, 2, 2)).isZero();
        assertThat(Statistics.spread(1, 2, 3, 4, 5)).isCloseTo(1.0 / 3, within(1e-12));
    }
}
