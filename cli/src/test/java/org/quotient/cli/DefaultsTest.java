package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.interop.data.DataSets;
import org.quotient.optimizers.training.Evaluation;
import org.quotient.optimizers.training.Progress;
import org.quotient.optimizers.training.Schedule;
import org.quotient.optimizers.training.Task;
import org.quotient.optimizers.training.Trainer;
import org.quotient.optimizers.training.TrainingPlan;
import org.quotient.optimizers.zoo.OptimizerKind;
import org.quotient.optimizers.zoo.Optimizers;

/**
 * The default learning rate and batch of every optimizer train the data sets that are made on the spot, in 30 epochs, to more than
 * nine tenths right on both parts, in networks with two hidden layers of 32. Every optimizer takes one of the data sets in turn; {@code -Dquotient.defaults=all} takes all,
 * with another seed in double precision too, which takes long.
 */
class DefaultsTest {
    private record Case(String data, String network) {}

    private static final List<Case> CASES = List.of(
            new Case("moons", "mlp:2-32-32-2"),
            new Case("spirals", "mlp:2-32-32-3"),
            new Case("teacher", "mlp:5-32-32-3"),
            new Case("digits", "mlp:64-32-32-10"));

    @TestFactory
    Stream<DynamicTest> theDefaultsTrain() {
        boolean all = "all".equals(System.getProperty("quotient.defaults"));
        List<DynamicTest> tests = new ArrayList<>();
        List<OptimizerKind> kinds = Optimizers.all();
        for (int k = 0; k < kinds.size(); k++) {
            for (int c = 0; c < CASES.size(); c++) {
                if (all || c == (k + 2) % CASES.size()) {
                    tests.add(test(kinds.get(k), CASES.get(c), 0, DType.F32));
                }
                if (all) {
                    tests.add(test(kinds.get(k), CASES.get(c), 1, DType.F64));
                }
            }
        }
        return tests.stream();
    }

    private static DynamicTest test(OptimizerKind kind, Case on, long seed, DType dtype) {
        String label = kind.name() + " on " + on.data() + ", " + on.network() + ", " + dtype + ", seed " + seed;
        return DynamicTest.dynamicTest(label, () -> {
            DataSplit data = DataSets.load(on.data(), seed);
            Model model = BuiltIns.model(on.network() + (dtype == DType.F32 ? ",dtype=f32" : ""), seed);
            Task task = Task.of(model.network(), data, false);
            TrainingPlan plan = new TrainingPlan(
                    30, kind.batch(), kind.learningRate(), Schedule.CONSTANT, seed, Optional.empty(), 0, 1);
            Trainer trainer = Trainer.of(model.network(), task, kind.update(""), plan);
            Progress done = trainer.run(trainer.begin(model.weights()), Trainer.Listener.silent());
            try (Evaluation evaluation = Evaluation.of(model.network(), task, 1)) {
                var weights = done.state().model().weights();
                assertThat(evaluation.score(weights, task.data().train()).accuracy())
                        .as("train")
                        .isGreaterThan(0.9);
                assertThat(evaluation.score(weights, task.data().test()).accuracy())
                        .as("test")
                        .isGreaterThan(0.9);
            }
        });
    }
}
