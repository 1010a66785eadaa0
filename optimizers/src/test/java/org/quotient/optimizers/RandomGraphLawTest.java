package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.checks.Equivariance;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Training;

/** The log metric knows no architecture: its law holds on whatever graph is drawn. */
class RandomGraphLawTest {
    private static final int STEPS = 5;

    /** Small, to keep the numbers of wild networks away from overflow. */
    private static final double ETA = 0x1p-20;

    @Property(tries = 60, seed = "20")
    @Label("the log metric is invariant on random graphs, with momentum and without, bit for bit")
    void logMetric(@ForAll long seed) {
        RandomNetwork drawn = RandomNetworks.draw(seed, 0.5);
        RescalingGroup group = RescalingGroup.of(firstOutput(drawn));
        for (Update update : List.of(Updates.logMetric(group, ETA), Updates.logMetricMomentum(group, ETA, 0.5))) {
            assertThat(measure(update, group, drawn, seed).exact())
                    .as(update.name() + " on " + drawn)
                    .isTrue();
        }
    }

    @Example
    @Label("gradient descent is not, on most of them: the property above can fail")
    void gradientDescent() {
        int differ = 0;
        for (int seed = 0; seed < 30; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed, 0.5);
            RescalingGroup group = RescalingGroup.of(firstOutput(drawn));
            differ += measure(Updates.sgd(ETA), group, drawn, seed).exact() ? 0 : 1;
        }
        assertThat(differ).isGreaterThan(15);
    }

    private static Network firstOutput(RandomNetwork drawn) {
        return drawn.network().withOutputs(List.of(drawn.network().outputs().get(0)));
    }

    private static Equivariance measure(Update update, RescalingGroup group, RandomNetwork drawn, long seed) {
        List<Batch> batches = new ArrayList<>();
        Expr output = group.network().outputs().get(0);
        for (int t = 0; t < STEPS; t++) {
            batches.add(new Batch(
                    drawn.inputs(2, seed + t), Tensor.fill(output.shape().bind(2), output.dtype(), i -> 1)));
        }
        Training training = Training.of(group.network(), Loss.halfSquaredError(), update);
        return Equivariance.measure(training, group, drawn.model().weights(), exponents(group.rank(), seed), batches);
    }

    private static int[] exponents(int rank, long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("exponents");
        int[] exponents = new int[rank];
        for (int k = 0; k < rank; k++) {
            exponents[k] = random.below(k, 7) - 3;
        }
        return exponents;
    }
}
