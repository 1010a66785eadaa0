package org.quotient.experiments.moons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.quotient.experiments.moons.MoonsStudy.End;
import org.quotient.experiments.moons.MoonsStudy.Moved;
import org.quotient.experiments.moons.MoonsStudy.Results;
import org.quotient.experiments.moons.MoonsStudy.Rule;
import org.quotient.experiments.moons.MoonsStudy.Run;
import org.quotient.experiments.moons.MoonsStudy.Settings;

@DisplayName("Two moons, the small version")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MoonsStudyTest {
    private Results results;
    private int steps;

    @BeforeAll
    void run() {
        results = MoonsStudy.run(Settings.quick(), () -> steps++);
    }

    @Test
    @DisplayName("every announced run is made, and none twice")
    void complete() {
        assertThat(results.runs()).hasSize((int) Settings.quick().runs()).hasSize(steps);
        assertThat(results.runs().stream().map(r -> List.of(r.depth(), r.method(), r.seed(), r.rule(), r.rate())))
                .doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("the same seed gives the same numbers, another one others")
    void deterministic() {
        assertThat(MoonsStudy.run(Settings.quick(), () -> {})).isEqualTo(results);
        Summary.Cell cell = new Summary(results.runs()).cell(1, Method.BASELINE, 0.1);
        assertThat(cell.runs().get(0).finalLoss())
                .isNotEqualTo(cell.runs().get(1).finalLoss());
    }

    @Test
    @DisplayName("training begins at the same loss whatever the representative, and lowers it")
    void sameFunction() {
        for (Run run : results.runs()) {
            Run baseline = new Summary(results.runs())
                    .cell(run.depth(), Method.BASELINE, 0.01).runs().stream()
                            .filter(r -> r.seed() == run.seed())
                            .findFirst()
                            .orElseThrow();
            assertThat(run.initialLoss()).isCloseTo(baseline.initialLoss(), within(1e-6));
            if (run.end() != End.DIVERGED) {
                assertThat(run.finalLoss()).isLessThan(run.initialLoss());
            }
        }
        for (Moved moved : results.moved()) {
            assertThat(moved.functionChange()).isLessThan(1e-5);
        }
    }

    @Test
    @DisplayName("the exact minimum is below ten sweeps, and both below the start; the baseline does not move")
    void criterion() {
        for (Moved moved : results.moved()) {
            double exact = results.moved().stream()
                    .filter(m -> m.depth() == moved.depth()
                            && m.seed() == moved.seed()
                            && m.method() == Method.PATHCOND_EXACT)
                    .findFirst()
                    .orElseThrow()
                    .divergenceAfter();
            assertThat(moved.divergenceAfter()).isGreaterThan(exact * (1 - 1e-9));
            switch (moved.method()) {
                case BASELINE -> assertThat(moved.traceAfter()).isEqualTo(moved.traceBefore());
                case PATHCOND_SWEEPS, PATHCOND_EXACT ->
                    assertThat(moved.divergenceAfter()).isLessThan(moved.divergenceBefore());
                case ENORM -> assertThat(moved.largestLogScale()).isPositive();
            }
        }
    }

    @Test
    @DisplayName("a matched rate is the baseline's times tr K before over after")
    void matched() {
        Summary summary = new Summary(results.runs());
        for (Run run : results.runs()) {
            if (run.rule() != Rule.GRID) {
                Moved moved = results.moved().stream()
                        .filter(m -> m.depth() == run.depth() && m.seed() == run.seed() && m.method() == run.method())
                        .findFirst()
                        .orElseThrow();
                double from = run.rule() == Rule.MATCHED_TO_SMALL ? 0.01 : summary.best(run.depth(), Method.BASELINE);
                assertThat(run.rate() * moved.traceAfter() / moved.traceBefore())
                        .isCloseTo(from, within(1e-12));
            }
        }
    }

    @Test
    @DisplayName("the best rate is that of the lowest median, and a diverged run counts as infinite")
    void best() {
        Run good = run(0.1, 0.5, End.TRAINED);
        Run bad = run(1.0, Double.POSITIVE_INFINITY, End.DIVERGED);
        Run better = run(1.0, 0.1, End.TRAINED);
        assertThat(new Summary(List.of(good, better)).best(1, Method.ENORM)).isEqualTo(1.0);
        assertThat(new Summary(List.of(good, good, good, bad, bad, better)).best(1, Method.ENORM))
                .isEqualTo(0.1);
    }

    private static Run run(double rate, double loss, End end) {
        return new Run(1, Method.ENORM, 0, Rule.GRID, rate, end, 0.7, loss, 1, 1, List.of());
    }
}
