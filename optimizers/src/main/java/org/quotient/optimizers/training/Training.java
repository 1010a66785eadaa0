package org.quotient.optimizers.training;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Update;

/**
 * Steps of training as a pure function: state and batch in, state out. For long runs {@link #open} keeps everything in place.
 */
public final class Training {
    private final Problem problem;
    private final Update update;
    private final int threads;
    private @Nullable Run last;

    private Training(Problem problem, Update update, int threads) {
        this.problem = problem;
        this.update = update;
        this.threads = threads;
    }

    /**
     * What one step did.
     *
     * @param next the state after it
     * @param loss before it, on its batch
     * @param differential ∂loss/∂θ before it, by parameter
     */
    public record Step(TrainingState next, double loss, Map<String, Tensor> differential) {}

    /** Training of a network on one thread. */
    public static Training of(Network network, Loss loss, Update update) {
        return of(Problem.of(network, loss), update);
    }

    /** Training for a problem on one thread. */
    public static Training of(Problem problem, Update update) {
        return new Training(problem, update, 1);
    }

    /** The same on several threads; the results are the same bits. */
    public Training withThreads(int number) {
        return new Training(problem, update, number);
    }

    /** The problem. */
    public Problem problem() {
        return problem;
    }

    /** The update. */
    public Update update() {
        return update;
    }

    /**
     * The state before the first step. Updates that choose a representative or an initialisation of their own have done so.
     *
     * @param weights of the problem's network, buffers included
     */
    public TrainingState start(Weights weights) {
        return startWith(
                update.initialisation().map(own -> own.apply(problem, weights)).orElse(weights));
    }

    /**
     * The same without the update's own {@link Update#initialisation}: the function is that of the weights given.
     *
     * @param weights of the problem's network, buffers included
     */
    public TrainingState startWith(Weights weights) {
        Weights from = update.start(problem, weights);
        return new TrainingState(new Model(problem.network(), from), update.init(problem, from), 0);
    }

    /**
     * One step. Nothing given is modified; weights and state are copied in and out.
     *
     * @param state from {@link #start} or the last step
     * @param batch inputs and target
     * @param learningRate η
     */
    public synchronized Step step(TrainingState state, Batch batch, double learningRate) {
        Run run = last;
        if (run == null || !run.resume(state)) {
            if (run != null) {
                run.close();
            }
            run = new Run(problem, update, state, threads, true);
            last = run;
        }
        double loss = run.step(batch, learningRate);
        return new Step(run.state(), loss, run.differential());
    }

    /**
     * The loss on a batch, in training mode, by interpretation.
     *
     * @param weights of the problem's network, buffers included
     */
    public double loss(Weights weights, Batch batch) {
        problem.check(batch);
        Map<String, Tensor> values = weights.with(problem.network().inputs(), batch.inputs());
        values.put(Network.nameOf(problem.target()), batch.target());
        return Evaluator.evaluate(List.of(problem.loss()), values).getFirst().item();
    }

    /** A run from a state, in place. */
    public Run open(TrainingState state) {
        return new Run(problem, update, state, threads, false);
    }

    /** The same, with the differential of each step to be read. */
    public Run openObserved(TrainingState state) {
        return new Run(problem, update, state, threads, true);
    }
}
