package org.quotient.autodiff.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.program.Program;

/** Standardisation, softmax and pooling at sizes where the fast paths are taken, against the interpreter. */
class StatisticsAndPoolsTest {

    private static Tensor random(CounterRandom random, DType dtype, int... sizes) {
        return Tensor.fill(Shape.of(sizes), dtype, i -> Math.rint(8 * random.normal(i)) / 8);
    }

    private static void check(Expr output, Map<String, Tensor> values, double tolerance) {
        Tensor expected = Evaluator.evaluate(output, values);
        Tensor actual = Program.of(output).evaluate(values).get(0);
        for (int i = 0; i < expected.size(); i++) {
            if (Double.isFinite(expected.get(i))) {
                assertThat(actual.get(i)).isCloseTo(expected.get(i), org.assertj.core.data.Offset.offset(tolerance));
            } else {
                assertThat((Object) actual.get(i)).isEqualTo(expected.get(i));
            }
        }
    }

    @Property(seed = "61", tries = 120, edgeCases = EdgeCasesMode.NONE)
    void statistics(@ForAll long seed) {
        CounterRandom random = CounterRandom.seeded(seed);
        DType dtype = DType.values()[random.below(0, 2)];
        int[] sizes = {1 + random.below(1, 5), 1 + random.below(2, 6), 1 + random.below(3, 20), 1 + random.below(4, 60)
        };
        List<Integer> axes = List.of(
                        List.of(0, 2, 3), List.of(3), List.of(1), List.of(0), List.of(1, 2, 3), List.of(0, 1))
                .get(random.below(5, 6));
        Expr x = Expr.input("x", dtype, Shape.of(sizes));
        Map<String, Tensor> values = new HashMap<>();
        values.put("x", random(random.split("x"), dtype, sizes));
        double tolerance = dtype == DType.F64 ? 1e-11 : 1e-4;
        check(Expr.of(new Op.Standardise(axes, 1e-3), x), values, tolerance);
        check(Expr.of(new Op.Softmax(random.below(6, 4)), x), values, tolerance);
        Shape groups = Shape.of(sizes).without(axes);
        Expr mean = Expr.input("mean", dtype, groups);
        Expr variance = Expr.input("variance", dtype, groups);
        values.put("mean", Tensor.fill(groups, dtype, i -> 0.25 * i));
        values.put("variance", Tensor.fill(groups, dtype, i -> 0.5 + i));
        check(Expr.of(new Op.StandardiseWith(axes, 1e-3), x, mean, variance), values, tolerance * 100);
    }

    @Property(seed = "62", tries = 150, edgeCases = EdgeCasesMode.NONE)
    void pools(@ForAll long seed) {
        CounterRandom random = CounterRandom.seeded(seed);
        DType dtype = DType.values()[random.below(0, 2)];
        boolean pairs = random.below(1, 3) == 0;
        boolean whole = !pairs && random.below(2, 4) == 0;
        int height = pairs ? 2 * (1 + random.below(3, 6)) : 1 + random.below(3, 9);
        int width = pairs ? 2 * (1 + random.below(4, 6)) : 1 + random.below(4, 9);
        int kernelHeight = 1 + random.below(5, Math.min(3, height));
        int kernelWidth = 1 + random.below(6, Math.min(3, width));
        Window window = pairs
                ? Window.square(2, 2, 0)
                : whole
                        ? new Window(height, width, height, width, 0, 0, 0, 0, 1, 1)
                        : new Window(
                                kernelHeight,
                                kernelWidth,
                                1 + random.below(7, 3),
                                1 + random.below(8, 3),
                                random.below(9, 2),
                                random.below(10, 2),
                                random.below(11, 2),
                                random.below(12, 2),
                                2 * kernelHeight - 1 <= height ? 1 + random.below(17, 2) : 1,
                                2 * kernelWidth - 1 <= width ? 1 + random.below(18, 2) : 1);
        int n = 1 + random.below(13, 3);
        int c = 1 + random.below(14, 40);
        int oh = window.outputHeight(height);
        int ow = window.outputWidth(width);
        Map<String, Tensor> values = new HashMap<>();
        // Whole eighths: ties are common, and the first maximum must win.
        Tensor image = random(random.split("x"), dtype, n, c, height, width);
        if (random.below(15, 4) == 0) {
            image.data()[random.below(16, image.size())] = Double.NaN;
        }
        image.data()[random.below(19, image.size())] = Double.NEGATIVE_INFINITY;
        image.data()[random.below(20, image.size())] = -0.0;
        values.put("x", image);
        values.put("t", random(random.split("t"), dtype, n, c, height, width));
        values.put("g", random(random.split("g"), dtype, n, c, oh, ow));
        Expr x = Expr.input("x", dtype, image.shape());
        Expr t = Expr.input("t", dtype, image.shape());
        Expr g = Expr.input("g", dtype, Shape.of(n, c, oh, ow));
        List<Expr> outputs = new ArrayList<>();
        outputs.add(Expr.of(new Op.Pool(Op.PoolKind.SUM, window, height, width), x));
        outputs.add(Expr.of(new Op.Pool(Op.PoolKind.SUM_ADJOINT, window, height, width), g));
        outputs.add(Expr.of(new Op.Pool(Op.PoolKind.MAX, window, height, width), x));
        outputs.add(Expr.of(new Op.Pool(Op.PoolKind.MAX_SELECT, window, height, width), x, t));
        outputs.add(Expr.of(new Op.Pool(Op.PoolKind.MAX_SCATTER, window, height, width), x, g));
        for (Expr output : outputs) {
            check(output, values, dtype == DType.F64 ? 1e-12 : 1e-5);
        }
    }
}
