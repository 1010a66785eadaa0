package org.quotient.benchmarks;

import java.util.List;
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
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;

/** One forward pass through the reference evaluator. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class ForwardBenchmark {
    /** A name of a built-in network with one input. */
    @Param("lenet-5")
    public String network;

    /** The number of samples. */
    @Param("32")
    public int batch;

    private Model model;
    private List<Tensor> inputs;

    /** Draws weights and inputs. */
    @Setup
    public void draw() {
        model = BuiltIns.model(network, 0);
        model.weights().asMap();
        Expr input = model.network().inputs().get(0);
        inputs = List.of(Tensor.fill(input.shape().bind(batch), input.dtype(), CounterRandom.seeded(1)::normal));
    }

    /** The outputs. */
    @Benchmark
    public List<Tensor> forward() {
        return model.evaluate(inputs);
    }
}
