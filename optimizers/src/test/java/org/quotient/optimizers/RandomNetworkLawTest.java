package org.quotient.optimizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.RandomNetwork;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.RescalingGroup;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;

/**
 * Invariant updates know no architecture: on whatever graph is drawn the outputs after five steps are the same bits from rescaled
 * weights, or the update says in words what about the graph it cannot handle.
 */
class RandomNetworkLawTest {
    private static final int STEPS = 5;
    private static final int DRAWS = 60;

    /** Small, to keep the numbers of wild networks away from overflow. */
    private static final double ETA = 0x1p-20;

    @ParameterizedTest
    @CsvSource({
        "log-sgd:mu=0.5, 60",
        "log-sgd:retraction=linear, 60",
        "frame-sgd:mu=0.5, 25",
        "frame-adam:decay=0.1, 25",
        "sm:deep, 25",
        "path-sgd:mu=0.5, 40",
        "g-sgd:mu=0.5, 40",
        "g-sgd:skeleton=index, 40",
    })
    void theOutputsReachedAreTheSameBitsOnAnyGraph(String optimizer, int atLeast) {
        int handled = 0;
        for (int seed = 0; seed < DRAWS; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed, 0.5);
            Network network = drawn.network()
                    .withOutputs(List.of(drawn.network().outputs().getFirst()));
            if (network.parameters().isEmpty()) {
                continue;
            }
            RescalingGroup group = RescalingGroup.of(network);
            Weights theta = drawn.model().weights();
            try {
                Tensor from = reached(optimizer, group, drawn, theta, seed);
                Tensor rescaled = reached(
                        optimizer, group, drawn, group.actByPowersOfTwo(theta, exponents(group.rank(), seed)), seed);
                assertThat(from.sameBits(rescaled))
                        .as(optimizer + " on " + drawn)
                        .isTrue();
                handled++;
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).hasSizeGreaterThan(20);
            }
        }
        assertThat(handled).isGreaterThanOrEqualTo(atLeast);
    }

    @ParameterizedTest
    @CsvSource({"sgd", "adam", "momentum"})
    void gradientDescentFeelsTheRepresentative(String optimizer) {
        int differ = 0;
        for (int seed = 0; seed < 30; seed++) {
            RandomNetwork drawn = RandomNetworks.draw(seed, 0.5);
            RescalingGroup group = RescalingGroup.of(drawn.network()
                    .withOutputs(List.of(drawn.network().outputs().getFirst())));
            Weights theta = drawn.model().weights();
            Weights moved = group.actByPowersOfTwo(theta, exponents(group.rank(), seed));
            differ += reached(optimizer, group, drawn, theta, seed)
                            .sameBits(reached(optimizer, group, drawn, moved, seed))
                    ? 0
                    : 1;
        }
        assertThat(differ).isGreaterThan(15);
    }

    private static Tensor reached(
            String optimizer, RescalingGroup group, RandomNetwork drawn, Weights from, long seed) {
        Problem problem = Problem.of(group, Loss.halfSquaredError());
        Training training = Training.of(problem, Optimizers.of(optimizer));
        try (Run run = training.open(training.start(from))) {
            for (Batch batch : batches(group.network(), drawn, seed)) {
                run.step(batch, ETA);
            }
            return new Model(group.network(), run.weights())
                    .evaluate(drawn.inputs(3, seed + 100))
                    .getFirst();
        }
    }

    private static List<Batch> batches(Network network, RandomNetwork drawn, long seed) {
        List<Batch> batches = new ArrayList<>();
        Expr output = network.outputs().getFirst();
        for (int t = 0; t < STEPS; t++) {
            batches.add(new Batch(
                    drawn.inputs(2, seed + t), Tensor.fill(output.shape().bind(2), output.dtype(), i -> 1)));
        }
        return batches;
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
