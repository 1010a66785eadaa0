package org.quotient.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is timed when. The contenders here only pretend: their clock is part of the test. */
class InterleavedTest {
    private final List<String> log = new ArrayList<>();

    /** Takes a fixed time per step, and its number is the count of steps since the last reset. */
    private final class Pretender implements Contender {
        private final String name;
        private final double perStep;
        private int done;
        private boolean closed;

        Pretender(String name, double perStep) {
            this.name = name;
            this.perStep = perStep;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void reset() {
            done = 0;
        }

        @Override
        public Sample run(int steps) {
            log.add(name);
            done += steps;
            return new Sample(steps * perStep, steps * perStep, done);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    @DisplayName("blocks last as long as asked, contenders take turns, and who begins changes")
    void turns() {
        Interleaved clock = new Interleaved(6, 0.05, 0.2, what -> {});
        List<Interleaved.Series> all = clock.measure(List.of(new Pretender("a", 1e-3), new Pretender("b", 0.2)));
        assertThat(all.get(0).steps()).isEqualTo(50);
        assertThat(all.get(1).steps()).isEqualTo(1);
        assertThat(all.get(0).wall()).hasSize(6).containsOnly(1e-3);
        assertThat(log.subList(log.size() - 12, log.size()))
                .containsExactly("a", "b", "b", "a", "a", "b", "b", "a", "a", "b", "b", "a");
    }

    @Test
    @DisplayName("results are compared after the same few steps from the first weights")
    void check() {
        Interleaved clock = new Interleaved(6, 0.05, 0.2, what -> {});
        assertThat(clock.measure(List.of(new Pretender("a", 1e-3), new Pretender("b", 0.2))))
                .extracting(Interleaved.Series::check)
                .containsOnly(3.0);
    }

    @Test
    @DisplayName("of several variants the fastest stays and the others are closed")
    void fastest() {
        Pretender slow = new Pretender("slow", 2e-3);
        Pretender fast = new Pretender("fast", 1e-3);
        Interleaved clock = new Interleaved(6, 0.05, 0.2, what -> {});
        assertThat(clock.fastest(List.of(slow, fast))).isSameAs(fast);
        assertThat(slow.closed).isTrue();
        assertThat(fast.closed).isFalse();
    }

    @Test
    @DisplayName("a ratio of 2 reaches a target of 1.5 and misses one of 3; another result is no result")
    void verdicts() {
        Interleaved clock = new Interleaved(6, 0.05, 0.2, what -> {});
        List<Interleaved.Series> series = clock.measure(List.of(new Pretender("a", 1e-3), new Pretender("b", 2e-3)));
        assertThat(comparison(Target.speed(1.5), series).verdict()).isEqualTo(Target.Verdict.REACHED);
        assertThat(comparison(Target.speed(3), series).verdict()).isEqualTo(Target.Verdict.MISSED);
        assertThat(comparison(Target.speed(1.5).under(1e-4, "100 µs"), series).verdict())
                .isEqualTo(Target.Verdict.MISSED);
        assertThat(comparison(Target.speed(1.5, "c"), series).verdict()).isEqualTo(Target.Verdict.NOT_JUDGED);
        Interleaved.Series other = new Interleaved.Series("b", 1, series.get(1).samples(), 3.1, Double.NaN);
        assertThat(comparison(Target.speed(1.5), List.of(series.get(0), other)).verdict())
                .isEqualTo(Target.Verdict.DIFFERENT);
    }

    private static Comparison comparison(Target target, List<Interleaved.Series> series) {
        Row row = new Row(
                "row",
                "work",
                "size",
                1e-3,
                false,
                target,
                peers -> new Timed("", () -> {}, n -> {}, () -> 0, () -> {}),
                peers -> List.of());
        return new Comparison(row, series, 0);
    }
}
