package org.quotient.benchmarks.overhead;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Optional;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;

/**
 * Steps of two optimizers in turn, on one thread, in processor time of that thread: what else a machine does then costs little
 * more than caches, and that alike. Which of the two is first alternates. Where arrays happen to lie decides about some percent
 * of a step, so the memory of both is given back and taken anew several times.
 *
 * @param batch samples of a batch
 * @param pairs how many
 * @param openings how often memory is taken anew, the pairs shared among them
 * @param steps of each in a pair
 * @param warmUp steps before the first pair of each opening, of each
 * @param seed of weights and data
 */
record Pairs(int batch, int pairs, int openings, int steps, int warmUp, long seed) {
    /** Small: the work is to be the same in every step. */
    private static final double RATE = 1e-6;

    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    OverheadResult measure(OverheadRow row) {
        Model model = row.model(seed);
        Problem problem = Problem.of(model.network(), Loss.crossEntropy());
        Batch data = data(model);
        double[] own = new double[pairs];
        double[] base = new double[pairs];
        Optional<OverheadResult> result = Optional.empty();
        for (int k = 0; k < openings; k++) {
            int from = (int) ((long) pairs * k / openings);
            int to = (int) ((long) pairs * (k + 1) / openings);
            result = Optional.of(measure(row, problem, model, data, own, base, from, to));
        }
        return result.orElseThrow();
    }

    private OverheadResult measure(
            OverheadRow row, Problem problem, Model model, Batch data, double[] own, double[] base, int from, int to) {
        try (Run first = open(problem, model, row.optimizer());
                Run second = open(problem, model, row.base())) {
            for (int i = 0; i < warmUp; i++) {
                first.step(data, RATE);
                second.step(data, RATE);
            }
            for (int i = from; i < to; i++) {
                if (i % 2 == 0) {
                    own[i] = time(first, data);
                    base[i] = time(second, data);
                } else {
                    base[i] = time(second, data);
                    own[i] = time(first, data);
                }
            }
            return new OverheadResult(row, own, base, new int[] {pairs}, first.cost(), second.cost());
        }
    }

    private static Run open(Problem problem, Model model, String optimizer) {
        Training training = Training.of(problem, Optimizers.of(optimizer));
        return training.open(training.start(model.weights()));
    }

    /** Microseconds a step. */
    private double time(Run run, Batch data) {
        long start = CLOCK.getCurrentThreadCpuTime();
        for (int i = 0; i < steps; i++) {
            run.step(data, RATE);
        }
        return (CLOCK.getCurrentThreadCpuTime() - start) / 1e3 / steps;
    }

    private Batch data(Model model) {
        CounterRandom random = CounterRandom.seeded(seed);
        CounterRandom classes = random.split("labels");
        Expr input = model.network().inputs().getFirst();
        int count = model.network().outputs().getFirst().shape().size(1);
        return Batch.of(
                Tensor.fill(input.shape().bind(batch), input.dtype(), random.split("inputs")::normal),
                Tensor.fill(Shape.of(batch), input.dtype(), i -> classes.below(i, count)));
    }
}
