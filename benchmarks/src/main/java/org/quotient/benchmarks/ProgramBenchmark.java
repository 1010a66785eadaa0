package org.quotient.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.TrainingMode;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;

/** One step of gradient descent as a compiled program: loss, gradient and the update of all weights in place. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx2g", "--add-modules=jdk.incubator.vector"})
public class ProgramBenchmark {
    /** A name of a built-in classifier with one input. */
    @Param("mlp:784-256-256-10")
    public String network;

    /** The number type. */
    @Param({"f32", "f64"})
    public String dtype;

    /** The number of samples. */
    @Param("64")
    public int batch;

    /** The number of threads. */
    @Param("1")
    public int threads;

    private Session session;

    /** Draws weights, inputs and labels, and compiles the step. */
    @Setup
    public void compile() {
        Model model = BuiltIns.model(network + ",dtype=" + dtype.toLowerCase(Locale.ROOT), 0);
        Network graph = TrainingMode.of(model.network());
        Expr input = graph.inputs().get(0);
        Expr output = graph.outputs().get(0);
        Expr labels = Expr.input("labels", output.dtype(), Shape.of(Shape.N));
        Expr loss = Layers.crossEntropy(output, labels);
        List<Expr> gradients = Differentiation.gradient(loss, graph.parameters());
        Program.Builder step = Program.builder().output(loss);
        for (int i = 0; i < gradients.size(); i++) {
            Expr parameter = graph.parameters().get(i);
            step.update(parameter, parameter.minus(gradients.get(i).times(1e-4)));
        }
        CounterRandom random = CounterRandom.seeded(1);
        int classes = output.shape().size(1);
        session = step.build().session(threads);
        graph.parameters()
                .forEach(p -> session.set(Network.nameOf(p), model.weights().get(p)));
        session.set(Network.nameOf(input), Tensor.fill(input.shape().bind(batch), input.dtype(), random::normal));
        session.set("labels", Tensor.fill(Shape.of(batch), input.dtype(), i -> random.below(i, classes)));
    }

    /** A step from where the last one ended; the loss before it. */
    @Benchmark
    public double step() {
        session.run();
        return session.scalar(0);
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        session.close();
    }
}
