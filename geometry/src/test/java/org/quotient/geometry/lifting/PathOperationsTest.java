package org.quotient.geometry.lifting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Op.ConvForm;
import org.quotient.autodiff.Op.PoolKind;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;

/** Operation by operation: every output element is Σ Φ_p a_p start_p over its paths, and PathLifting sums the same paths. */
class PathOperationsTest {
    private static final Window SKEW = new Window(2, 3, 2, 1, 1, 0, 0, 2, 1, 2);

    private static Expr parameter(String name, int... sizes) {
        return Expr.parameter(name, DType.F64, Shape.of(sizes));
    }

    private static Expr constant(Shape shape, double... values) {
        return Expr.constant(Tensor.of(shape, values));
    }

    private static Arguments of(String what, Expr output) {
        return Arguments.of(what, output);
    }

    static List<Arguments> outputs() {
        int h = SKEW.outputHeight(3);
        int w = SKEW.outputWidth(5);
        Expr image = parameter("a", 2, 4, 3, 5);
        Expr kernel = parameter("b", 6, 2, 2, 3);
        Expr after = parameter("c", 2, 6, h, w);
        Expr pooled = parameter("d", 2, 4, h, w);
        Expr x = parameter("e", 2, 3, 4);
        Expr y = parameter("f", 2, 3, 4);
        Expr slope = parameter("s", 4);
        Expr vector = parameter("v", 3);
        Expr some = constant(Shape.of(4), -2, 0, 0.5, 3);
        return List.of(
                of("convolution", Expr.of(new Op.Conv(ConvForm.FORWARD, SKEW, 2, 3, 5), image, kernel)),
                of("its input adjoint", Expr.of(new Op.Conv(ConvForm.INPUT_ADJOINT, SKEW, 2, 3, 5), after, kernel)),
                of("its kernel adjoint", Expr.of(new Op.Conv(ConvForm.KERNEL_ADJOINT, SKEW, 2, 3, 5), image, after)),
                of("sum pool", Expr.of(new Op.Pool(PoolKind.SUM, SKEW, 3, 5), image)),
                of("its adjoint", Expr.of(new Op.Pool(PoolKind.SUM_ADJOINT, SKEW, 3, 5), pooled)),
                of("max pool", Expr.of(new Op.Pool(PoolKind.MAX, SKEW, 3, 5), image)),
                of(
                        "selection",
                        Expr.of(new Op.Pool(PoolKind.MAX_SELECT, SKEW, 3, 5), image, parameter("t", 2, 4, 3, 5))),
                of("its adjoint", Expr.of(new Op.Pool(PoolKind.MAX_SCATTER, SKEW, 3, 5), image, pooled)),
                of("einsum", Ops.einsum("abc,cdb->dca", x, parameter("g", 4, 2, 3))),
                of("outer product", Ops.einsum("abc,d->bdac", x, parameter("g", 2))),
                of("transpose", Ops.transpose(x, 2, 0, 1)),
                of("broadcast", Expr.of(new Op.Broadcast(Shape.of(2, 5, 3, 4), List.of(0, 2, 3)), x)),
                of("slice", Expr.of(new Op.Slice(List.of(0, 1, 0), List.of(2, 3, 4), List.of(1, 1, 3)), x)),
                of("pad", Expr.of(new Op.Pad(List.of(1, 0, 2), List.of(0, 1, 0), List.of(0, 2, 1)), x)),
                of("concatenation", Ops.concat(1, List.of(x, parameter("g", 2, 2, 4), x))),
                of("gather", Ops.gather(x, 1, 2, 0, 2, 1)),
                of("scatter", Expr.of(new Op.Scatter(1, List.of(3, 0, 3), 5), x)),
                of("sum", x.sum(0, 2)),
                of("mean", x.mean(0, 2)),
                of("maximum over axes", Ops.maxOver(x, 0, 2)),
                of("maximum of two", Ops.max(x, y.neg())),
                of("difference", x.minus(y)),
                of("quotient by constants", x.over(constant(Shape.of(4), -2, 4, 0.5, 3))),
                of(
                        "quotient by a sum of constants",
                        x.over(constant(Shape.of(3), 3, -5, 1).sum())),
                of("root of the largest constant", x.times(Ops.sqrt(Ops.maxOver(constant(Shape.of(2), -3, 5), 0)))),
                of("product with constants", x.times(some).plus(some)),
                of("cube", Ops.pow(vector.plus(1), Ops.fullLike(vector, 3))),
                of("absolute value", Ops.abs(x)),
                of("ReLU of a difference", x.minus(y).relu()),
                of("leaky ReLU with trained slopes", Ops.prelu(x.minus(y), slope)),
                of("cuts", Ops.softmax(x, 2).times(y).plus(Ops.exp(x.sum(2)).sum())),
                of(
                        "reshape and products",
                        x.reshape(4, 6).matmul(x.reshape(6, 4)).times(parameter("g", 4))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputs")
    void everyElementIsTheSumOverItsPaths(String what, Expr output) {
        List<Expr> parameters = Graph.variables(List.of(output), Op.Role.PARAMETER);
        CounterRandom random = CounterRandom.seeded(what.hashCode());
        Map<String, Tensor> values = new HashMap<>();
        for (Expr p : parameters) {
            CounterRandom own = random.split(Network.nameOf(p));
            // Whole numbers, so that maxima have ties.
            values.put(Network.nameOf(p), Tensor.fill(p.shape(), DType.F64, i -> own.below(i, 7) - 3.0));
        }
        Network network = new Network(what, List.of(), parameters, List.of(), List.of(output));
        Paths paths = Paths.of(new Model(network, Weights.of(values)));
        PathActivations at = paths.at();
        Tensor expected = paths.model().evaluate(List.of()).get(0);
        Map<Endpoint, double[]> sums = new LinkedHashMap<>();
        double[] total = new double[expected.size()];
        double norm = 0;
        double count = 0;
        for (Path path : paths) {
            double[] sum = sums.computeIfAbsent(path.end(), e -> new double[2]);
            sum[0] += at.contribution(path);
            sum[1] = at.end(path);
            if (path.end().kind() == Endpoint.Kind.OUTPUT) {
                total[path.end().element()] += at.contribution(path);
            }
            norm += path.value() * path.value();
            count++;
        }
        sums.forEach((end, sum) -> assertThat(sum[0]).as("%s", end).isCloseTo(sum[1], within(1e-9)));
        assertThat(total).containsExactly(expected.data(), within(1e-9));
        double squared = Math.pow(PathLifting.of(paths.model()).norm(2), 2);
        assertThat(norm).isCloseTo(squared, within(1e-12 * squared));
        assertThat(count).isEqualTo(paths.count());
    }
}
