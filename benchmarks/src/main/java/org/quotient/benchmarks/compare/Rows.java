package org.quotient.benchmarks.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.field.Echelon;
import org.quotient.autodiff.field.FieldProducts;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Initialisation;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.benchmarks.torch.TorchProgram;

/** The rows of the table of targets. */
final class Rows {
    private static final DType[] BOTH = {DType.F32, DType.F64};
    private static final String MLP = "mlp:784-256-256-10";

    private final long seed;
    private final List<Row> rows = new ArrayList<>();

    private Rows(long seed) {
        this.seed = seed;
    }

    /**
     * All rows.
     *
     * @param seed of weights, inputs and labels
     */
    static List<Row> of(long seed) {
        Rows r = new Rows(seed);
        for (DType dtype : BOTH) {
            r.builtIn("mlp", MLP, 64, dtype, Target.speed(1.15));
        }
        for (DType dtype : BOTH) {
            r.builtIn("g-sgd-mlp", "mlp:784-64-64-64-64-10", 64, dtype, Target.speed(1.5));
        }
        for (DType dtype : BOTH) {
            r.builtIn("moons", "mlp:2-64-64-2", 32, dtype, Target.speed(5));
        }
        for (DType dtype : BOTH) {
            r.builtIn("tiny", "mlp:2-2-2-10", 2, dtype, Target.speed(20).under(10e-6, "10 µs"));
        }
        r.descent(
                "cnn-f32",
                "CNN",
                "conv3x3x16-pool-conv3x3x32-pool-fc, 1x28x28, batch 64, f32",
                Target.speed(1),
                r::cnn);
        r.builtIn("cifar-nv", "cifar-nv", 32, DType.F32, Target.speed(0.9));
        r.builtIn("resnet-18", "resnet-18", 32, DType.F32, Target.speed(0.9));
        r.builtIn("resnet-18-bn", "resnet-18,bn=true", 32, DType.F32, Target.speed(0.9));
        for (DType dtype : BOTH) {
            for (int n : new int[] {256, 512, 1024}) {
                r.product(n, dtype);
            }
        }
        r.threads("threads-mlp", "two threads, MLP", () -> r.task(MLP, 64, DType.F32), "784-256-256-10, batch 64, f32");
        r.threads("threads-cnn", "two threads, CNN", r::cnn, "as cnn-f32");
        for (DType dtype : BOTH) {
            r.hessianVector(dtype);
        }
        r.rank(4000);
        return List.copyOf(r.rows);
    }

    private Task task(String spec, int batch, DType dtype) {
        return Task.of(spec + ",dtype=" + name(dtype), batch, seed);
    }

    private static String name(DType dtype) {
        return dtype.name().toLowerCase(Locale.ROOT);
    }

    private Task cnn() {
        NetworkBuilder net = NetworkBuilder.named("cnn", DType.F32, Initialisation.TORCH);
        Window three = Window.square(3, 1, 1);
        Flow x = net.input("x", 1, 28, 28);
        Flow h = x.conv("conv1", 16, three).relu().maxPool(2);
        h = h.conv("conv2", 32, three).relu().maxPool(2).flatten();
        Model model = net.build(h.dense("fc", 10)).model(seed);
        return Task.of(model, 64, seed);
    }

    private void builtIn(String id, String spec, int batch, DType dtype, Target target) {
        String size = spec + ", batch " + batch + ", " + name(dtype);
        descent(id + "-" + name(dtype), "SGD step", size, target, () -> task(spec, batch, dtype));
    }

    private void descent(String id, String work, String size, Target target, Supplier<Task> task) {
        rows.add(new Row(
                id,
                work.equals("SGD step") ? work : "SGD step, " + work,
                size,
                tolerance(id.endsWith("f64") ? DType.F64 : DType.F32),
                false,
                target,
                peers -> Engine.descent(Engine.NAME, task.get(), 1),
                peers -> peers.variants(task.get().torch())));
    }

    private void product(int n, DType dtype) {
        rows.add(new Row(
                "gemm-" + n + "-" + name(dtype),
                "matrix product",
                n + " x " + n + ", " + name(dtype),
                tolerance(dtype),
                false,
                Target.speed(0.85, OpenBlas.NAME),
                peers -> Engine.product(matrix("a", n, dtype), matrix("b", n, dtype)),
                peers -> {
                    Tensor a = matrix("a", n, dtype);
                    Tensor b = matrix("b", n, dtype);
                    List<List<Contender>> others = new ArrayList<>(peers.variants(TorchProgram.product(a, b)));
                    peers.blas().ifPresent(blas -> others.add(List.of(blas.product(a, b))));
                    return others;
                }));
    }

    private Tensor matrix(String name, int n, DType dtype) {
        return Tensor.fill(Shape.of(n, n), dtype, CounterRandom.seeded(seed).split(name)::uniform);
    }

    private void threads(String id, String work, Supplier<Task> task, String size) {
        rows.add(new Row(
                id + "-f32",
                "SGD step, " + work,
                size,
                tolerance(DType.F32),
                false,
                Target.speed(1.6, "our one thread"),
                peers -> Engine.descent(Engine.NAME + ", 2 threads", task.get(), 2),
                peers -> List.of(List.of(Engine.descent("our one thread", task.get(), 1)))));
    }

    private void hessianVector(DType dtype) {
        Supplier<Task> task = () -> task(MLP, 64, dtype);
        rows.add(new Row(
                "hvp-" + name(dtype),
                "Hessian-vector product",
                MLP + ", batch 64, " + name(dtype),
                Double.POSITIVE_INFINITY,
                false,
                Target.cost(3.5, "a gradient"),
                peers -> Engine.hessianVector(task.get()),
                peers -> List.of(List.of(Engine.gradient(task.get())))));
    }

    /** A dense matrix of random residues: the product of two random factors. */
    private void rank(int n) {
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        rows.add(new Row(
                "rank-" + n,
                "rank mod " + field.p(),
                n + " x " + n + ", dense, of rank " + 3 * n / 4,
                0,
                true,
                Target.time().under(5, "5 s of CPU"),
                peers -> {
                    CounterRandom random = CounterRandom.seeded(seed).split("rank");
                    int r = 3 * n / 4;
                    double[] left = residues(field, n * r, random.split("left"));
                    double[] right = residues(field, r * n, random.split("right"));
                    double[] a = new FieldProducts(field).multiply(n, n, r, left, right);
                    int[] last = new int[1];
                    return new Timed(
                            Engine.NAME,
                            () -> {},
                            steps -> {
                                for (int i = 0; i < steps; i++) {
                                    last[0] = Echelon.rank(field, n, n, a);
                                }
                            },
                            () -> last[0],
                            () -> {});
                },
                peers -> List.of()));
    }

    private static double[] residues(Numbers.PrimeField field, int count, CounterRandom random) {
        double[] all = new double[count];
        Arrays.setAll(all, i -> random.below(i, field.p()));
        return all;
    }

    /** How far results may be apart after three steps. */
    private static double tolerance(DType dtype) {
        return dtype == DType.F64 ? 1e-9 : 1e-3;
    }
}
