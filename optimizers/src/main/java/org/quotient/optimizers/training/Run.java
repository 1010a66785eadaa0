package org.quotient.optimizers.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.program.Cost;
import org.quotient.autodiff.program.Session;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Update;

/**
 * Training in place: the loss, its gradient and the update as one compiled program, whose memory holds weights and state. Work
 * between steps, as some updates ask for, is done as soon as the step before it is. Not safe for use by several threads at a
 * time.
 */
public final class Run implements AutoCloseable {
    private final Problem problem;
    private final Update update;
    private final int threads;
    private final boolean observed;
    private State state;
    private StepProgram program;
    private Session session;
    private long steps;

    /** What the last step said, where its program is gone: work between steps may need another one. */
    private @Nullable Said said;

    private record Said(Map<String, Double> reports, Map<String, Tensor> differential) {}

    Run(Problem problem, Update update, TrainingState from, int threads, boolean observed) {
        this.problem = problem;
        this.update = update;
        this.threads = threads;
        this.observed = observed;
        this.state = from.optimizer();
        this.steps = from.steps();
        this.program = StepProgram.of(problem, update, state, observed);
        this.session = program.program().session(threads);
        load(from.model().weights());
    }

    private void load(Weights weights) {
        for (Expr p : problem.network().parameters()) {
            session.set(Network.nameOf(p), weights.get(p));
        }
        for (Expr b : program.buffers()) {
            session.set(Network.nameOf(b), weights.get(b));
        }
        program.slots()
                .forEach((slot, names) -> names.forEach((name, variable) -> session.set(
                        variable,
                        java.util.Objects.requireNonNull(
                                state.get(slot).values().get(name)))));
        others = weights;
    }

    /** Goes on from another state of the same update; false if a program of its own is needed for it. */
    boolean resume(TrainingState from) {
        if (!from.optimizer().fixed().sameBits(program.fixed())
                || !from.optimizer().slots().keySet().equals(state.slots().keySet())) {
            return false;
        }
        state = from.optimizer();
        steps = from.steps();
        said = null;
        load(from.model().weights());
        return true;
    }

    /** Weights that the program does not change: buffers that nothing updates. */
    private Weights others;

    /**
     * One step.
     *
     * @param batch inputs and target
     * @param learningRate η
     * @return the loss before the step, on the batch
     * @throws IllegalArgumentException if the learning rate is negative or not finite, or a target is none for the loss
     */
    public double step(Batch batch, double learningRate) {
        if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "A learning rate is a finite number of at least 0; given " + learningRate);
        }
        problem.check(batch);
        List<Expr> inputs = problem.network().inputs();
        for (int i = 0; i < inputs.size(); i++) {
            session.set(Network.nameOf(inputs.get(i)), batch.inputs().get(i));
        }
        session.set(Network.nameOf(problem.target()), batch.target());
        scalar(program.learningRate(), learningRate);
        for (Map.Entry<Expr, LongToDoubleFunction> number : program.perStep().entrySet()) {
            scalar(number.getKey(), number.getValue().applyAsDouble(steps + 1));
        }
        session.run();
        said = null;
        steps++;
        double loss = session.scalar(0);
        update.between().filter(work -> steps % work.every() == 0).ifPresent(this::work);
        return loss;
    }

    private void scalar(Expr variable, double value) {
        String name = Network.nameOf(variable);
        if (session.program().variables().containsKey(name)) {
            session.set(name, Tensor.of(Shape.SCALAR, variable.dtype(), value));
        }
    }

    private void work(Update.Between work) {
        TrainingState now = state();
        Update.Moved moved = work.moved(problem, now.model().weights(), now.optimizer());
        boolean rebuild = !moved.state().fixed().sameBits(program.fixed());
        if (rebuild) {
            said = new Said(reports(), observed ? differential() : Map.of());
            session.close();
            program = StepProgram.of(problem, update, moved.state(), observed);
            session = program.program().session(threads);
        }
        state = moved.state();
        load(moved.weights());
    }

    /** How many steps were taken, those before this run included. */
    public long steps() {
        return steps;
    }

    /** What the update reported in the last step, by name. */
    public Map<String, Double> reports() {
        if (said != null) {
            return said.reports;
        }
        Map<String, Double> out = new LinkedHashMap<>();
        List<String> names = program.reports();
        for (int i = 0; i < names.size(); i++) {
            out.put(names.get(i), session.scalar(1 + i));
        }
        return out;
    }

    /**
     * ∂loss/∂θ before the last step.
     *
     * @throws IllegalStateException if the run was not opened to be observed
     */
    public Map<String, Tensor> differential() {
        if (!observed) {
            throw new IllegalStateException("This run keeps no differential; open it with Training.openObserved");
        }
        if (said != null) {
            return said.differential;
        }
        Map<String, Tensor> out = new LinkedHashMap<>();
        int next = 1 + program.reports().size();
        for (Expr p : problem.network().parameters()) {
            out.put(Network.nameOf(p), session.output(next++));
        }
        return out;
    }

    /** The present weights, running statistics included. */
    public Weights weights() {
        Map<String, Tensor> out = new LinkedHashMap<>();
        problem.network().parameters().forEach(p -> out.put(Network.nameOf(p), session.get(Network.nameOf(p))));
        List<Expr> moving = new ArrayList<>(program.buffers());
        problem.network()
                .buffers()
                .forEach(b -> out.put(
                        Network.nameOf(b), moving.contains(b) ? session.get(Network.nameOf(b)) : others.get(b)));
        return Weights.of(out);
    }

    /** The present state, as a value. */
    public TrainingState state() {
        State now = State.EMPTY;
        for (Map.Entry<String, State.Slot> entry : state.slots().entrySet()) {
            State.Slot slot = entry.getValue();
            Map<String, String> variables = program.slots().get(entry.getKey());
            if (variables != null) {
                Map<String, Tensor> values = new LinkedHashMap<>();
                slot.values().forEach((name, old) -> {
                    String variable = variables.get(name);
                    values.put(name, variable == null ? old : session.get(variable));
                });
                slot = slot.with(values);
            }
            now = now.with(entry.getKey(), slot);
        }
        return new TrainingState(new Model(problem.network(), weights()), now, steps);
    }

    /** Where the time of a step goes, of the last batch size. */
    public String profile(int repetitions) {
        return session.profile(repetitions);
    }

    /** What a step does, counted from its compiled program, with the last batch size. */
    public Cost cost() {
        return session.cost();
    }

    @Override
    public void close() {
        session.close();
    }
}
