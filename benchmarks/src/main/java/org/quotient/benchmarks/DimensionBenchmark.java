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
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.DimensionCount;
import org.quotient.geometry.RescalingGroup;

/** The rescaling group and the dimension of a network, from its graph alone: no weight is drawn. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class DimensionBenchmark {
    /** A name of a built-in network. */
    @Param({"resnet-34", "mlp:784-512-512-10"})
    public String network;

    private Network graph;

    /** Builds the graph, which is not measured. */
    @Setup
    public void build() {
        graph = BuiltIns.model(network, 0).network();
    }

    /** Live parameters and the inferred group. */
    @Benchmark
    public RescalingGroup group() {
        return RescalingGroup.of(graph);
    }

    /** The group, the count and its certificate. */
    @Benchmark
    public DimensionCount dimension() {
        return DimensionCount.of(graph);
    }
}
