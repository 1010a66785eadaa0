package org.quotient.benchmarks.compare;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;

/** Our side: compiled programs. */
final class Engine implements Contender {
    /** How we are called in tables. */
    static final String NAME = "Quotient";

    private static final int TRIALS = 5;

    private final Session session;
    private final Map<String, Tensor> first;
    private final Timed timed;

    private Engine(
            String name, Program program, int threads, Map<String, Tensor> first, ToDoubleFunction<Session> value) {
        this.session = program.session(threads);
        this.first = new LinkedHashMap<>(first);
        first.forEach(session::set);
        this.timed = new Timed(
                name,
                () -> this.first.forEach(session::set),
                steps -> {
                    for (int i = 0; i < steps; i++) {
                        session.run();
                    }
                },
                () -> value.applyAsDouble(session),
                session::close);
    }

    /**
     * Steps of gradient descent: loss, gradient and new weights as one program.
     *
     * @param name how it is called
     * @param task what to train
     * @param threads at least 1
     */
    static Engine descent(String name, Task task, int threads) {
        Network network = task.model().network();
        List<Expr> gradients = Differentiation.gradient(task.loss(), network.parameters());
        Program.Builder builder = Program.builder().output(task.loss());
        for (int i = 0; i < gradients.size(); i++) {
            Expr parameter = network.parameters().get(i);
            builder.update(parameter, parameter.minus(gradients.get(i).times(task.rate())));
        }
        return scalar(name, builder.build(), threads, task.values());
    }

    /** The gradient alone, at the same point again and again. */
    static Engine gradient(Task task) {
        List<Expr> outputs = new ArrayList<>(List.of(task.loss()));
        outputs.addAll(
                Differentiation.gradient(task.loss(), task.model().network().parameters()));
        return scalar(NAME + ", gradient", Program.of(outputs), 1, task.values());
    }

    /** The Hessian times a vector alone, at the same point again and again. */
    static Engine hessianVector(Task task) {
        List<Expr> at = task.model().network().parameters();
        Map<String, Tensor> values = new LinkedHashMap<>(task.values());
        List<Expr> vectors = new ArrayList<>();
        for (Expr parameter : at) {
            String name = "direction of " + Network.nameOf(parameter);
            vectors.add(Expr.input(name, parameter.dtype(), parameter.shape()));
            values.put(name, Tensor.fill(parameter.shape(), parameter.dtype(), task.random(name)));
        }
        Program program = Program.of(Differentiation.hessianVectorProduct(task.loss(), at, vectors));
        return scalar(NAME + ", Hessian-vector product", program, 1, values);
    }

    /** A matrix product. */
    static Engine product(Tensor a, Tensor b) {
        Expr left = Expr.input("a", a.dtype(), a.shape());
        Expr right = Expr.input("b", b.dtype(), b.shape());
        Program program = Program.of(Ops.matmul(left, right));
        return new Engine(NAME, program, 1, Map.of("a", a, "b", b), session -> {
            double[] c = session.output(0).data();
            return c[c.length - 1];
        });
    }

    private static Engine scalar(String name, Program program, int threads, Map<String, Tensor> values) {
        return new Engine(name, program, threads, values, session -> session.scalar(0));
    }

    @Override
    public String name() {
        return timed.name();
    }

    @Override
    public void reset() {
        timed.reset();
    }

    @Override
    public Sample run(int steps) {
        return timed.run(steps);
    }

    /**
     * Bytes that this thread allocates per step, the least of some trials: what the compiler or a counter allocates once is
     * none of a step's. Reading the counter shows its own share, which is taken off.
     */
    @Override
    public double allocation(int steps) {
        if (!(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads)) {
            return Double.NaN;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int trial = 0; trial < TRIALS; trial++) {
            long idle = threads.getCurrentThreadAllocatedBytes();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < steps; i++) {
                session.run();
            }
            long after = threads.getCurrentThreadAllocatedBytes();
            least = Math.min(least, Math.max(0, (after - before) - (before - idle)) / (double) steps);
        }
        return least;
    }

    @Override
    public void close() {
        timed.close();
    }
}
