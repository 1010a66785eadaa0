package org.quotient.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.experiments.study.Job.Phase;

@DisplayName("The choice of a learning rate")
class ChoiceTest {
    private static final Method SGD = Method.of("SGD", "sgd", List.of(0.1, 1.0, 0.01));

    private static Entry entry(Phase phase, double rate, long seed, double loss) {
        Outcome outcome = new Outcome(
                1, Double.isNaN(loss), List.of(), List.of(new Outcome.Epoch(1, loss, 0.5)), Double.NaN, Double.NaN, "");
        return new Entry(new Job("", phase, "", "SGD", rate, seed), outcome);
    }

    @Test
    @DisplayName("is the least median of validation losses; divergence counts as infinite, reported runs do not count")
    void median() {
        List<Entry> entries = List.of(
                entry(Phase.CHOOSE, 1.0, 0, 0.1),
                entry(Phase.CHOOSE, 1.0, 1, Double.NaN),
                entry(Phase.CHOOSE, 0.1, 0, 0.4),
                entry(Phase.CHOOSE, 0.1, 1, 0.6),
                entry(Phase.CHOOSE, 0.01, 0, 0.9),
                entry(Phase.CHOOSE, 0.01, 1, 0.2),
                entry(Phase.FINAL, 0.01, 2, 0.0));
        assertThat(Choice.of(entries, SGD, "", "")).isEqualTo(new Choice(0.1, 0.5, 1, 6, false));
    }

    @Test
    @DisplayName("is by training losses where those are the criterion")
    void criterion() {
        List<Entry> entries = List.of(trained(1.0, 0.3, 0.1), trained(0.1, 0.2, 0.5), trained(0.01, 0.9, 0.9));
        assertThat(Choice.of(entries, SGD, "", "").rate()).isEqualTo(1.0);
        assertThat(Choice.of(entries, SGD, "", "", Criterion.TRAINING_LOSS))
                .isEqualTo(new Choice(0.1, 0.2, 0, 3, false));
    }

    private static Entry trained(double rate, double train, double validation) {
        Outcome outcome = new Outcome(
                1, false, List.of(), List.of(new Outcome.Epoch(train, validation, 0.5)), Double.NaN, Double.NaN, "");
        return new Entry(new Job("", Phase.CHOOSE, "", "SGD", rate, 0), outcome);
    }

    @Test
    @DisplayName("says so if it is at the edge of the grid")
    void edge() {
        List<Entry> entries = List.of(entry(Phase.CHOOSE, 1.0, 0, 0.1), entry(Phase.CHOOSE, 0.1, 0, 0.2));
        assertThat(Choice.of(entries, SGD, "", "").atEdge()).isTrue();
    }

    @Test
    @DisplayName("is fair: methods with more rates than others, or of one name, are refused")
    void budgets() {
        Method greedy = Method.of("Adam", "adam", List.of(0.1, 1.0, 0.01, 0.001));
        assertThatThrownBy(() -> Method.equalBudgets(List.of(SGD, greedy))).hasMessageContaining("Adam: 4");
        assertThatThrownBy(() -> Method.equalBudgets(List.of(SGD, SGD))).hasMessageContaining("names of their own");
        assertThatThrownBy(() -> Method.of("a", "sgdd", List.of(1.0))).hasMessageContaining("sgd");
    }
}
