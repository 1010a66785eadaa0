package org.quotient.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Shape;
import org.quotient.geometry.DimensionCount;

/** What is timed is what is meant: each benchmark once, on something small, with its result looked at. */
class BenchmarksTest {
    @Test
    @DisplayName("the dimension of mlp:4-3-2 is 23 − 3, and so many generators are inferred")
    void dimension() {
        DimensionBenchmark benchmark = new DimensionBenchmark();
        benchmark.network = "mlp:4-3-2";
        benchmark.build();
        assertThat(benchmark.group().rank()).isEqualTo(3);
        DimensionCount count = benchmark.dimension();
        assertThat(count.dimension()).isEqualTo(20);
        assertThat(count.certificate().proved()).isTrue();
    }

    @Test
    @DisplayName("a forward pass of two images gives two rows of ten scores")
    void forward() {
        ForwardBenchmark benchmark = new ForwardBenchmark();
        benchmark.network = "lenet-5";
        benchmark.batch = 2;
        benchmark.draw();
        assertThat(benchmark.forward().get(0).shape()).isEqualTo(Shape.of(2, 10));
    }

    @Test
    @DisplayName(
            "a step starts near the cross-entropy log 10 of a guess among ten, with a gradient, and moves the weights")
    void step() {
        GradientBenchmark benchmark = new GradientBenchmark();
        benchmark.network = "mlp:20-8-10";
        benchmark.batch = 16;
        benchmark.draw();
        double first = benchmark.step();
        assertThat(first).isCloseTo(Math.log(10), within(0.5));
        assertThat(benchmark.step()).as("after a step down").isLessThan(first);
    }

    @Test
    @DisplayName("compiled steps go down the same loss, and begin at that of a guess among ten")
    void program() {
        ProgramBenchmark benchmark = new ProgramBenchmark();
        benchmark.network = "mlp:20-8-10";
        benchmark.dtype = "f64";
        benchmark.batch = 16;
        benchmark.threads = 1;
        benchmark.compile();
        double first = benchmark.step();
        assertThat(first).isCloseTo(Math.log(10), within(0.5));
        assertThat(benchmark.step()).isLessThan(first);
        benchmark.close();
    }

    @Test
    @DisplayName("a product of random 40×30 and 30×40 matrices has rank 30, taken as a whole and row by row")
    void rank() {
        RankBenchmark benchmark = new RankBenchmark();
        benchmark.n = 40;
        benchmark.quarters = 3;
        benchmark.draw();
        assertThat(benchmark.rank()).isEqualTo(30);
        assertThat(benchmark.stream()).isEqualTo(30);
    }
}
