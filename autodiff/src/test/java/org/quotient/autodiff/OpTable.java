package org.quotient.autodiff;

import static org.quotient.autodiff.Shape.N;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Op.BinaryKind;
import org.quotient.autodiff.Op.ConvForm;
import org.quotient.autodiff.Op.PoolKind;
import org.quotient.autodiff.Op.ReduceKind;
import org.quotient.autodiff.Op.UnaryKind;
import org.quotient.autodiff.checks.Subject;

/**
 * The table of operations: one row per primitive (every kind of it) and per builder function, each a function at a point
 * away from kinks. Tests of derivatives and printing run over it.
 */
public final class OpTable {
    private final List<Subject> rows = new ArrayList<>();
    private final Map<String, Expr> inputs = new LinkedHashMap<>();
    private final CounterRandom random = CounterRandom.seeded(20);

    private OpTable() {
        unary();
        binary();
        reductions();
        products();
        moves();
        pools();
        normalisations();
        custom();
        builders();
    }

    public static List<Subject> rows() {
        return new OpTable().rows;
    }

    // ---- Rows

    /** One node per variable: derivatives are taken with respect to nodes, not names. */
    private Expr in(String name, int... sizes) {
        return inputs.computeIfAbsent(name + Shape.of(sizes), key -> Expr.input(name, DType.F64, Shape.of(sizes)));
    }

    /** A row at a point whose elements are distinct, at least 0.15 from each other where there are few, and from 0. */
    private void row(String name, Expr output, Expr... at) {
        rowAt(name, output, 0, at);
    }

    /** A row at a point with elements between 0.3 and about 2. */
    private void positive(String name, Expr output, Expr... at) {
        rowAt(name, output, 3, at);
    }

    private void rowAt(String name, Expr output, double shift, Expr... at) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (Expr variable : at) {
            Op.Variable v = (Op.Variable) variable.op();
            Shape shape = v.shape().bind(3);
            double[] data = spread(shape.elements(), name + v.name());
            for (int i = 0; i < data.length; i++) {
                data[i] = shift == 0 ? data[i] : 0.3 + Math.abs(data[i]);
            }
            values.put(v.name(), Tensor.of(shape, DType.F64, data));
        }
        rows.add(new Subject(name, List.of(output), List.of(at), values));
    }

    /** A random permutation of odd multiples of a spacing, so that no two values are close and none is close to 0. */
    private double[] spread(int n, String key) {
        CounterRandom stream = random.split(key);
        double[] data = new double[n];
        double gap = Math.max(0.12, 3.0 / Math.max(1, n));
        for (int i = 0; i < n; i++) {
            data[i] = (2 * i - n + (n % 2 == 0 ? 1 : 2)) * gap / 2 + 0.02 * stream.uniform(i);
        }
        for (int i = n - 1; i > 0; i--) {
            int j = stream.below(1000L + i, i + 1);
            double swapped = data[i];
            data[i] = data[j];
            data[j] = swapped;
        }
        return data;
    }

    private void unary() {
        Expr x = in("x", N, 4);
        for (UnaryKind kind : UnaryKind.values()) {
            Expr y = Expr.of(new Op.Unary(kind), x);
            switch (kind) {
                case LOG, SQRT -> positive(kind.name(), y, x);
                // The derivative of a detached value is 0 by definition: a formula in which the detached part cancels.
                case DETACH -> {
                    Expr shift = Ops.detach(x.sum());
                    row(kind.name(), Ops.exp(x.minus(shift)).times(Ops.exp(shift)), x);
                }
                default -> row(kind.name(), y, x);
            }
        }
    }

    private void binary() {
        Expr x = in("x", N, 2);
        Expr y = in("y", N, 2);
        for (BinaryKind kind : BinaryKind.values()) {
            Expr z = Expr.of(new Op.Binary(kind), x, y);
            switch (kind) {
                case DIV, POW -> positive(kind.name(), z, x, y);
                default -> row(kind.name(), z, x, y);
            }
        }
    }

    private void reductions() {
        Expr x = in("x", N, 2, 3);
        for (ReduceKind kind : ReduceKind.values()) {
            row(kind.name() + " over the batch and an axis", Expr.of(new Op.Reduce(kind, List.of(0, 2)), x), x);
            row(kind.name() + " over one axis", Expr.of(new Op.Reduce(kind, List.of(1)), x), x);
        }
    }

    private void products() {
        Expr x = in("x", N, 2, 3);
        Expr y = in("y", 3, 2, 4);
        row("EINSUM with batch, inner and free letters", Ops.einsum("nbi,ibo->onb", x, y), x, y);
        row("EINSUM outer", Ops.einsum("a,b->ba", in("x", 2), in("y", 3)), in("x", 2), in("y", 3));
        conv("plain", Window.square(3, 1, 1), 1, 4, 4);
        conv("groups and stride", Window.square(2, 2, 0), 2, 4, 5);
        conv("dilation and uneven padding", new Window(2, 2, 2, 1, 1, 0, 2, 1, 2, 2), 1, 4, 4);
        conv("depthwise", Window.square(3, 2, 1), 2, 3, 3);
    }

    private void conv(String name, Window window, int groups, int height, int width) {
        int channels = 2;
        int outputs = 2;
        Expr x = in("x", 2, channels, height, width);
        Expr k = in("k", outputs, channels / groups, window.kernelHeight(), window.kernelWidth());
        Expr g = in("g", 2, outputs, window.outputHeight(height), window.outputWidth(width));
        for (ConvForm form : ConvForm.values()) {
            Expr a = form == ConvForm.INPUT_ADJOINT ? g : x;
            Expr b = form == ConvForm.KERNEL_ADJOINT ? g : k;
            row(
                    "CONV " + form.name() + " " + name,
                    Expr.of(new Op.Conv(form, window, groups, height, width), a, b),
                    a,
                    b);
        }
    }

    private void moves() {
        Expr x = in("x", N, 2, 3);
        row("RESHAPE", Expr.of(new Op.Reshape(Shape.of(N, 6)), x), x);
        row("TRANSPOSE", Expr.of(new Op.Transpose(List.of(1, 2, 0)), x), x);
        row("BROADCAST", Expr.of(new Op.Broadcast(Shape.of(2, N, 2, 3, 2), List.of(1, 2, 3)), x), x);
        row("SLICE", Expr.of(new Op.Slice(List.of(0, 1, 0), List.of(N, 2, 3), List.of(1, 1, 2)), x), x);
        row("PAD", Expr.of(new Op.Pad(List.of(0, 1, 0), List.of(0, 0, 2), List.of(0, 0, 1)), x), x);
        Expr y = in("y", N, 1, 3);
        row("CONCAT", Expr.of(new Op.Concat(1), x, y, x), x, y);
        row("GATHER", Expr.of(new Op.Gather(2, List.of(2, 0, 2, 1)), x), x);
        row("SCATTER", Expr.of(new Op.Scatter(2, List.of(1, 3, 1), 4), x), x);
    }

    private void pools() {
        pools("plain", Window.square(2, 2, 0), 4, 4);
        pools("padded and overlapping", new Window(3, 2, 2, 1, 1, 0, 1, 1, 1, 2), 4, 3);
    }

    private void pools(String name, Window window, int height, int width) {
        Expr x = in("x", 1, 2, height, width);
        Expr g = in("g", 1, 2, window.outputHeight(height), window.outputWidth(width));
        Expr t = in("t", 1, 2, height, width);
        for (PoolKind kind : PoolKind.values()) {
            Op op = new Op.Pool(kind, window, height, width);
            String label = "POOL " + kind.name() + " " + name;
            switch (kind) {
                case SUM, MAX -> row(label, Expr.of(op, x), x);
                case SUM_ADJOINT -> row(label, Expr.of(op, g), g);
                case MAX_SELECT -> row(label, Expr.of(op, x, t), x, t);
                case MAX_SCATTER -> row(label, Expr.of(op, x, g), x, g);
            }
        }
    }

    private void normalisations() {
        Expr x = in("x", N, 2, 3);
        Expr mean = in("m", 2);
        Expr variance = in("v", 2);
        row("STANDARDISE over batch", Expr.of(new Op.Standardise(List.of(0, 2), 1e-3), x), x);
        row("STANDARDISE over features", Expr.of(new Op.Standardise(List.of(2), 1e-3), x), x);
        positive(
                "STANDARDISEWITH",
                Expr.of(new Op.StandardiseWith(List.of(0, 2), 1e-3), x, mean, variance),
                x,
                mean,
                variance);
        row("SOFTMAX", Expr.of(new Op.Softmax(1), x), x);
    }

    private void custom() {
        Expr x = in("x", N, 2);
        Expr y = in("y", N, 2);
        row("CUSTOM", Expr.of(new Op.Custom(new Swish()), x, y), x, y);
    }

    private void builders() {
        Expr x = in("x", N, 4);
        Expr y = in("y", N, 4);
        Expr a = in("a", 4);
        row("silu", Ops.silu(x), x);
        row("gelu", Ops.gelu(x), x);
        row("geluTanh", Ops.geluTanh(x), x);
        row("leakyRelu", Ops.leakyRelu(x, 0.2), x);
        row("prelu with one slope per channel", Ops.prelu(x, a), x, a);
        row("min", Ops.min(x, y), x, y);
        row("max", Ops.max(x, y), x, y);
        row("sign", Ops.sign(x), x);
        row("mean", x.mean(), x);
        row("mean over the batch", x.mean(0), x);
        row("maxOver", Ops.maxOver(x, -1), x);
        row("broadcast sum", x.plus(a), x, a);
        row("scalar arithmetic", x.times(2).plus(1).over(in("s").plus(3)), x, in("s"));
        row("slice", Ops.slice(x, 1, 0, 4, 3), x);
        row("gather", Ops.gather(x, 1, 3, 3, 0), x);
        row("logSoftmax", Ops.logSoftmax(x, 1), x);
        row("halfSquaredError", Layers.halfSquaredError(x, y), x, y);
        row("matmul", x.matmul(in("w", 4, 3)), x, in("w", 4, 3));
        row("matmul with a vector", x.matmul(a), x, a);
        row("matmul batched", in("p", N, 2, 3).matmul(in("q", N, 3, 2)), in("p", N, 2, 3), in("q", N, 3, 2));
        row("matmul broadcast", in("p", N, 1, 2, 3).matmul(in("q", 2, 3, 2)), in("p", N, 1, 2, 3), in("q", 2, 3, 2));
        row("flatten", Ops.flatten(in("p", N, 2, 3)), in("p", N, 2, 3));
        row("layerNorm", Layers.layerNorm(x, a, in("b", 4), 1e-3), x, a, in("b", 4));
        Expr image = in("i", N, 2, 3, 3);
        Expr g = in("g", 2);
        Expr b = in("b", 2);
        row("batchNorm in training", Layers.batchNorm(image, g, b, 1e-3), image, g, b);
        Expr m = in("m", 2);
        Expr v = in("v", 2);
        positive("batchNorm at inference", Layers.batchNorm(image, g, b, m, v, 1e-3), image, g, b, m, v);
        row("averagePool counting padding", Ops.averagePool2d(image, Window.square(2, 2, 1), true), image);
        row("averagePool inside only", Ops.averagePool2d(image, Window.square(2, 2, 1), false), image);
        row("maxPool", Ops.maxPool2d(in("i", 1, 2, 4, 4), Window.square(2, 2, 0)), in("i", 1, 2, 4, 4));
        row("conv2d", Ops.conv2d(image, in("k", 2, 2, 2, 2), Window.square(2, 1, 0), 1), image, in("k", 2, 2, 2, 2));
        row("upsampleNearest", Ops.upsampleNearest(image, 2, 3), image);
        row("global average", image.mean(2, 3), image);
        withLabels();
    }

    private void withLabels() {
        Expr logits = in("x", N, 4);
        Expr labels = Expr.buffer("labels", DType.F64, Shape.of(N));
        Map<String, Tensor> values = Map.of(
                "x", Tensor.of(Shape.of(3, 4), DType.F64, spread(12, "logits")),
                "labels", Tensor.of(Shape.of(3), 2, 0, 3),
                "t", Tensor.of(Shape.of(4, 2), DType.F64, spread(8, "table")));
        rows.add(Subject.of("crossEntropy", Layers.crossEntropy(logits, labels), List.of(logits), values));
        rows.add(Subject.of("oneHot", Ops.oneHot(labels, 4).times(logits), List.of(logits), values));
        Expr table = in("t", 4, 2);
        rows.add(Subject.of("embedding", Ops.embedding(table, labels), List.of(table), values));
    }

    /** x·sigmoid(y·x), written as an operation from outside. */
    record Swish() implements CustomOp {
        @Override
        public String name() {
            return "swish";
        }

        @Override
        public Shape shape(List<Shape> operands) {
            if (operands.size() != 2 || !operands.get(0).equals(operands.get(1))) {
                throw new IllegalArgumentException("swish expects two operands of equal shape; given " + operands);
            }
            return operands.get(0);
        }

        @Override
        public Tensor value(List<Tensor> operands) {
            Tensor x = operands.get(0);
            Tensor y = operands.get(1);
            return Tensor.fill(x.shape(), x.dtype(), i -> x.get(i) / (1 + Math.exp(-x.get(i) * y.get(i))));
        }

        @Override
        public List<Expr> vjp(List<Expr> operands, Expr gradient) {
            return List.of(gradient.times(partial(operands, 0)), gradient.times(partial(operands, 1)));
        }

        @Override
        public Expr jvp(List<Expr> operands, List<Expr> tangents) {
            return partial(operands, 0)
                    .times(tangents.get(0))
                    .plus(partial(operands, 1).times(tangents.get(1)));
        }

        private static Expr partial(List<Expr> operands, int i) {
            Expr x = operands.get(0);
            Expr y = operands.get(1);
            Expr s = Ops.sigmoid(x.times(y));
            Expr slope = s.times(s.neg().plus(1));
            return i == 0 ? s.plus(x.times(y).times(slope)) : x.times(x).times(slope);
        }
    }
}
