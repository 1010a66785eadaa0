package org.quotient.geometry.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Op.ConvForm;
import org.quotient.autodiff.Op.PoolKind;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Network;

/** Without activations an output element is the sum of its paths' values; so indices are right, operation by operation. */
class PathSumTest {
    private static final Window SKEW = new Window(2, 3, 2, 1, 1, 0, 0, 2, 1, 2);

    private static Expr parameter(String name, int... sizes) {
        return Expr.parameter(name, DType.F64, Shape.of(sizes));
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
        return List.of(
                of("convolution", Expr.of(new Op.Conv(ConvForm.FORWARD, SKEW, 2, 3, 5), image, kernel)),
                of("its input adjoint", Expr.of(new Op.Conv(ConvForm.INPUT_ADJOINT, SKEW, 2, 3, 5), after, kernel)),
                of("its kernel adjoint", Expr.of(new Op.Conv(ConvForm.KERNEL_ADJOINT, SKEW, 2, 3, 5), image, after)),
                of("sum pool", Expr.of(new Op.Pool(PoolKind.SUM, SKEW, 3, 5), image)),
                of("its adjoint", Expr.of(new Op.Pool(PoolKind.SUM_ADJOINT, SKEW, 3, 5), pooled)),
                of("einsum", Ops.einsum("abc,cdb->dca", x, parameter("f", 4, 2, 3))),
                of("outer product", Ops.einsum("abc,d->bdac", x, parameter("f", 2))),
                of("transpose", Ops.transpose(x, 2, 0, 1)),
                of("broadcast", Expr.of(new Op.Broadcast(Shape.of(2, 5, 3, 4), List.of(0, 2, 3)), x)),
                of("slice", Expr.of(new Op.Slice(List.of(0, 1, 0), List.of(2, 3, 4), List.of(1, 1, 3)), x)),
                of("pad", Expr.of(new Op.Pad(List.of(1, 0, 2), List.of(0, 1, 0), List.of(0, 2, 1)), x)),
                of("concatenation", Ops.concat(1, List.of(x, parameter("f", 2, 2, 4), x))),
                of("gather", Ops.gather(x, 1, 2, 0, 2, 1)),
                of("scatter", Expr.of(new Op.Scatter(1, List.of(3, 0, 3), 5), x)),
                of("sum", x.sum(0, 2)),
                of(
                        "reshape and products",
                        x.reshape(4, 6).matmul(x.reshape(6, 4)).times(parameter("g", 4))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputs")
    void anOutputElementIsTheSumOfItsPaths(String what, Expr output) {
        List<Expr> parameters = Graph.variables(List.of(output), Op.Role.PARAMETER);
        CounterRandom random = CounterRandom.seeded(what.hashCode());
        Map<String, Tensor> values = new HashMap<>();
        double[] theta = new double
                [parameters.stream().mapToInt(p -> p.shape().elements()).sum()];
        int offset = 0;
        for (Expr parameter : parameters) {
            int from = offset;
            Tensor value = Tensor.fill(parameter.shape(), DType.F64, i -> 1.0 + random.below(from + i, 9));
            System.arraycopy(value.data(), 0, theta, offset, value.size());
            offset += value.size();
            values.put(Network.nameOf(parameter), value);
        }
        Tensor expected = Evaluator.evaluate(output, values);
        Network network = new Network(what, List.of(), parameters, List.of(), List.of(output));
        // One graph for each element, since sinks without a path are left out.
        Expr flat = output.reshape(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            PathGraph graph = PathGraph.of(network.withOutputs(List.of(Ops.slice(flat, 0, i, i + 1))), new BitSet());
            double sum = Monomials.of(graph, 10_000).stream()
                    .mapToDouble(m -> value(m.vector(), theta))
                    .sum();
            assertThat(sum).as("element %d", i).isCloseTo(expected.get(i), within(1e-9));
        }
    }

    private static double value(PathVector path, double[] theta) {
        double value = 1;
        for (int i = 0; i < path.size(); i++) {
            value *= Math.pow(theta[path.element(i)], path.exponent(i));
        }
        return value;
    }
}
