package org.quotient.benchmarks;

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
import org.openjdk.jmh.annotations.Warmup;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.optimizers.training.Batch;
import org.quotient.optimizers.training.Loss;
import org.quotient.optimizers.training.Run;
import org.quotient.optimizers.training.Training;
import org.quotient.optimizers.zoo.Optimizers;

/** One step of training on the cross-entropy in place: loss, gradient by reverse mode and new weights. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class GradientBenchmark {
    /** A name of a built-in classifier with one input. */
    @Param("mlp:784-64-64-10")
    public String network;

    /** The number of samples. */
    @Param("64")
    public int batch;

    /** An optimizer with settings. */
    @Param("sgd")
    public String optimizer = "sgd";

    private Run run;
    private Batch samples;

    /** Draws weights, inputs and labels, and builds the graph of the gradient. */
    @Setup
    public void draw() {
        Model model = BuiltIns.model(network, 0);
        Training training = Training.of(model.network(), Loss.crossEntropy(), Optimizers.of(optimizer));
        run = training.open(training.start(model.weights()));
        Expr input = model.network().inputs().get(0);
        int classes = model.network().outputs().get(0).shape().size(1);
        CounterRandom random = CounterRandom.seeded(1);
        samples = Batch.of(
                Tensor.fill(input.shape().bind(batch), input.dtype(), random::normal),
                Tensor.fill(Shape.of(batch), input.dtype(), i -> random.below(i, classes)));
    }

    /** A step on the same samples; the loss before it. */
    @Benchmark
    public double step() {
        return run.step(samples, 0.01);
    }
}
