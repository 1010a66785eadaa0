package org.quotient.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.experiments.study.Job.Phase;

@DisplayName("Tuning with equal budgets")
class TuningTest {
    private static final Method A = Method.of("A", "sgd", List.of(1.0, 0.1));
    private static final Method B = Method.of("B", "momentum", List.of(0.5, 0.05));
    private static final Tuning TUNING = new Tuning(List.of(A, B), List.of(7L), List.of(0L, 1L));

    /** Losses and errors that tell method, rate and seed apart; A is best at 0.1, B at 0.5, where its second seed diverges. */
    private static Outcome outcome(Method method, Job job) {
        double loss = method.equals(A) ? job.rate() : 1 - job.rate();
        boolean diverged = method.equals(B) && job.seed() == 1;
        double error = method.equals(A) ? 0.1 + 0.1 * job.seed() : 0.05;
        return new Outcome(
                1, diverged, List.of(1.0), List.of(new Outcome.Epoch(loss, loss, 1 - error)), loss, 1 - error, "");
    }

    @Test
    @DisplayName(
            "tries every rate on the seeds of the choice, and reports the best on the others; what is known is not run again")
    void runs() {
        Journal journal = Journal.inMemory();
        List<Job> made = new ArrayList<>();
        for (int twice = 0; twice < 2; twice++) {
            TUNING.run(journal, "p", "", () -> {}, (method, job) -> {
                made.add(job);
                return outcome(method, job);
            });
        }
        assertThat(made).hasSize((int) TUNING.runs()).doesNotHaveDuplicates();
        assertThat(made.stream().filter(j -> j.phase() == Phase.FINAL).map(Job::rate))
                .containsExactly(0.1, 0.1, 0.5, 0.5);
        assertThat(made.stream().filter(j -> j.phase() == Phase.FINAL).map(Job::seed))
                .containsExactly(0L, 1L, 0L, 1L);
    }

    @Test
    @DisplayName("compares seed by seed; a run that diverged counts as chance, and is a loss")
    void compares() {
        Journal journal = Journal.inMemory();
        TUNING.run(journal, "p", "", () -> {}, TuningTest::outcome);
        Tuned tuned = TUNING.of(journal.entries(), "p", "");
        Measure error = Measure.testError();
        assertThat(error.mean(tuned.runs(A))).isCloseTo(15, within(1e-9));
        assertThat(error.mean(tuned.runs(B))).isCloseTo((5 + 90) / 2.0, within(1e-9));
        assertThat(tuned.wins(B, A, error)).isEqualTo(1);
        assertThat(tuned.wins(A, B, error)).isEqualTo(1);
        assertThat(tuned.order(error)).isEqualTo("A 15.00 %, B 47.50 %");
        assertThat(tuned.atEdge()).containsExactly("A", "B");
        assertThat(TUNING.of(journal.entries(), "another part", "").tuning()).isEqualTo(TUNING);
    }
}
