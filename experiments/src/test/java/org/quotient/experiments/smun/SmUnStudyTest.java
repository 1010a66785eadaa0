package org.quotient.experiments.smun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.experiments.smun.SmUnStudy.Part;
import org.quotient.experiments.smun.SmUnStudy.Results;
import org.quotient.experiments.smun.SmUnStudy.Settings;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Method;

@DisplayName("SM and UN with and without batch normalisation")
class SmUnStudyTest {
    @Test
    @DisplayName("every row of every matrix starts with norm 1, all else as drawn")
    void unitRows() {
        Model drawn = BuiltIns.network("mlp:6-5-4,init=he,bn=true").model(0);
        Weights unit = SmUnStudy.unitRows(drawn.network(), drawn.weights());
        for (String name : drawn.weights().names()) {
            Tensor w = unit.get(name);
            if (w.shape().rank() == 2) {
                int columns = w.shape().size(1);
                for (int row = 0; row < w.size(); row += columns) {
                    double squares = 0;
                    for (int j = row; j < row + columns; j++) {
                        squares += w.get(j) * w.get(j);
                    }
                    assertThat(squares).isCloseTo(1, within(1e-12));
                }
            } else {
                assertThat(w.sameBits(drawn.weights().get(name))).isTrue();
            }
        }
    }

    @Test
    @DisplayName(
            "all methods begin with one function in each network, reported runs are there for each, and stop in time")
    void structure() throws IOException {
        Settings settings = Settings.quick();
        Results results = SmUnStudy.run(settings, Optional.empty(), Journal.inMemory(), () -> {});
        assertThat(settings.parts()).containsExactly(new Part(2, false), new Part(2, true));
        assertThat(results.entries()).hasSize((int) settings.runs());
        for (Part part : settings.parts()) {
            double first = Double.NaN;
            for (Method method : settings.methods()) {
                assertThat(results.runs(part, method)).hasSameSizeAs(settings.seeds());
                double loss =
                        results.runs(part, method).getFirst().outcome().losses().getFirst();
                first = Double.isNaN(first) ? loss : first;
                assertThat(loss).as(part.text() + ", " + method.name()).isCloseTo(first, within(1e-4));
                assertThat(results.runs(part, method))
                        .allSatisfy(run -> assertThat(run.outcome().epochs()).hasSizeBetween(1, settings.epochs()));
            }
        }
    }
}
