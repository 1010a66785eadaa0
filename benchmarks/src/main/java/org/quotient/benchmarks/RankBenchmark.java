package org.quotient.benchmarks;

import java.util.SplittableRandom;
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
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.field.Echelon;
import org.quotient.autodiff.field.FieldProducts;
import org.quotient.autodiff.field.RowSpace;

/** The rank of a dense n×n matrix modulo the largest prime below 2^22, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx3g", "--add-modules=jdk.incubator.vector"})
public class RankBenchmark {
    /** Rows and columns. */
    @Param({"1000", "2000", "4000"})
    public int n;

    /** The true rank, in quarters of n: 3 is what Jacobians with symmetries look like, 4 is full. */
    @Param({"3", "4"})
    public int quarters;

    private final Numbers.PrimeField field = Numbers.PrimeField.largest();
    private double[] matrix = new double[0];

    /** Draws a product of two random factors of that rank, which is not measured. */
    @Setup
    public void draw() {
        int rank = n * quarters / 4;
        SplittableRandom random = new SplittableRandom(1);
        double[] left = random.doubles((long) n * rank)
                .map(x -> Math.floor(x * field.p()))
                .toArray();
        double[] right = random.doubles((long) rank * n)
                .map(x -> Math.floor(x * field.p()))
                .toArray();
        matrix = new FieldProducts(field).multiply(n, n, rank, left, right);
    }

    /** The rank of the whole matrix. */
    @Benchmark
    public int rank() {
        return Echelon.rank(field, n, n, matrix);
    }

    /** The same from blocks of ten rows, as a Jacobian of ten outputs gives them sample by sample. */
    @Benchmark
    public int stream() {
        RowSpace space = new RowSpace(field, n);
        for (int i = 0; i < n; i += 10) {
            space.add(matrix, i * n, Math.min(10, n - i));
        }
        return space.rank();
    }
}
