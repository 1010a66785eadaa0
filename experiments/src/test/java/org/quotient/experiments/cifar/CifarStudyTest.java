package org.quotient.experiments.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.experiments.cifar.CifarStudy.Results;
import org.quotient.experiments.cifar.CifarStudy.Settings;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Outcome;
import org.quotient.experiments.study.Part;
import org.quotient.experiments.study.Tuned;

@DisplayName("Convolutional networks on pictures")
class CifarStudyTest {
    private static double first(Tuned tuned, String method) {
        return tuned.methods().stream()
                .filter(m -> m.name().equals(method))
                .map(m -> tuned.runs(m).getFirst().outcome().losses().getFirst())
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName(
            "PathCond + SGD and the frames begin with the function that SGD begins with, G-SGD with that of the skeleton start")
    void starts() throws IOException {
        Settings settings = Settings.quick();
        Results results = CifarStudy.run(settings, Optional.empty(), Journal.inMemory(), () -> {});
        assertThat(results.entries()).hasSize((int) settings.runs());
        Part part = results.parts().getFirst();
        assertThat(part.group()).isPositive().isLessThan((int) part.parameters());
        Tuned tuned = results.tuned(part);
        assertThat(tuned.methods()).allSatisfy(m -> assertThat(tuned.runs(m)).hasSize(1));
        double sgd = first(tuned, "SGD");
        for (String method : new String[] {"Path-SGD", "PathCond + SGD", "frame-SGD", "Adam", "frame-Adam"}) {
            assertThat(first(tuned, method)).as(method).isCloseTo(sgd, within(1e-5));
        }
        assertThat(first(tuned, "G-SGD")).isEqualTo(first(tuned, "SGD, skeleton start"));
        assertThat(first(tuned, "G-SGD")).isNotCloseTo(sgd, within(0.01));
    }

    @Test
    @DisplayName("a run made again for a look at its running statistics is the run, bit for bit")
    void looks() throws IOException {
        Results results = CifarStudy.run(Settings.quick(), Optional.empty(), Journal.inMemory(), () -> {});
        Part part = results.parts().getFirst();
        Tuned tuned = results.tuned(part);
        StatisticsLook look = results.looks().getFirst();
        Outcome run = tuned.runs(Settings.gSgd(tuned.methods())).getFirst().outcome();
        assertThat(look.epochs()).hasSameSizeAs(run.epochs());
        for (int k = 0; k < look.epochs().size(); k++) {
            StatisticsLook.Epoch e = look.epochs().get(k);
            assertThat(e.trainLoss()).isEqualTo(run.epochs().get(k).trainLoss());
            assertThat(e.running()).isEqualTo(1 - run.epochs().get(k).validationAccuracy());
            assertThat(e.anew()).isBetween(0.0, 1.0);
            assertThat(e.inARow()).isLessThanOrEqualTo(e.guarded());
        }
    }
}
