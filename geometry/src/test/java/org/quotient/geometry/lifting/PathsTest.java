package org.quotient.geometry.lifting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Names;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;

/** Φ and ∂Φ written out, for the worked networks of the path conditioning specification, section 6. */
class PathsTest {
    private static final Window ONE = Window.square(1, 1, 0);
    private static final Window PAIR = new Window(1, 2, 1, 1, 0, 0, 0, 0, 1, 1);
    private static final Window HALF = new Window(1, 2, 1, 2, 0, 0, 0, 0, 1, 1);

    private static Paths paths(Network network, double... theta) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        int at = 0;
        for (Expr p : network.parameters()) {
            int size = p.shape().elements();
            values.put(Network.nameOf(p), Tensor.of(p.shape(), Arrays.copyOfRange(theta, at, at + size)));
            at += size;
        }
        assertThat(at).isEqualTo(theta.length);
        return Paths.of(new Model(network, Weights.of(values)));
    }

    private static Network dense(boolean hiddenBias, boolean outputBias, int... widths) {
        NetworkBuilder net = NetworkBuilder.named("dense");
        Flow x = net.input("x", widths[0]);
        for (int i = 1; i < widths.length; i++) {
            boolean last = i == widths.length - 1;
            x = x.dense("l" + i, widths[i], last ? outputBias : hiddenBias);
            x = last ? x : x.relu();
        }
        return net.build(x).network();
    }

    private static Network network(List<Expr> inputs, List<Expr> parameters, Expr... outputs) {
        return new Network("network", inputs, parameters, List.of(), List.of(outputs));
    }

    private static List<String> texts(Paths paths) {
        return paths.stream().map(Path::toString).toList();
    }

    @Test
    @DisplayName("O1: Φ = 2·8, ∂Φ = (8, 2)")
    void oneUnit() {
        Paths paths = paths(dense(false, false, 1, 1, 1), 2, 8);
        assertThat(texts(paths)).containsExactly("x[0] -> l1.weight[0,0] -> l2.weight[0,0] -> output[0]");
        assertThat(paths.phi()).containsExactly(16);
        assertThat(paths.jacobian()).isDeepEqualTo(new double[][] {{8, 2}});
        assertThat(paths.count()).isEqualTo(1);
    }

    @Test
    @DisplayName("O2, O2c: biases start at the constant 1; an output bias is a path of its own")
    void biases() {
        Paths paths = paths(dense(true, true, 1, 1, 1), 4, 3, 1, 7);
        assertThat(texts(paths))
                .containsExactly(
                        "x[0] -> l1.weight[0,0] -> l2.weight[0,0] -> output[0]",
                        "1 -> l1.bias[0] -> l2.weight[0,0] -> output[0]",
                        "1 -> l2.bias[0] -> output[0]");
        assertThat(paths.phi()).containsExactly(4, 3, 7);
        assertThat(paths.jacobian()).isDeepEqualTo(new double[][] {{1, 0, 4, 0}, {0, 1, 3, 0}, {0, 0, 0, 1}});
    }

    @Test
    @DisplayName("O3: 2-2-1 with a bias that is zero: its path has value 0 and derivative −1")
    void layered() {
        Paths paths = paths(dense(true, false, 2, 2, 1), 1, 2, 3, -1, 1, 0, 2, -1);
        assertThat(paths.phi()).containsExactly(2, 4, 2, -3, 1, -0.0);
        assertThat(paths.jacobian()).isDeepEqualTo(new double[][] {
            {2, 0, 0, 0, 0, 0, 1, 0},
            {0, 2, 0, 0, 0, 0, 2, 0},
            {0, 0, 0, 0, 2, 0, 1, 0},
            {0, 0, -1, 0, 0, 0, 0, 3},
            {0, 0, 0, -1, 0, 0, 0, -1},
            {0, 0, 0, 0, 0, -1, 0, 0}
        });
        Path last = paths.stream().skip(5).findFirst().orElseThrow();
        assertThat(last.partial("l1.bias", 1)).isEqualTo(-1);
        assertThat(last.partial("l2.weight", 0, 1)).isZero();
        assertThat(last.partial("l2.weight", 0, 0)).isZero();
        assertThat(last.length()).isEqualTo(2);
    }

    @Test
    @DisplayName("O3c: with two outputs every path counts for one of them")
    void twoOutputs() {
        Paths paths = paths(dense(true, true, 2, 2, 2), 1, 2, 3, -1, 1, .5, 2, -1, -3, 1, .25, -2);
        assertThat(paths.phi()).containsExactly(2, 4, 2, -3, 1, -.5, .25, -3, -6, -3, 3, -1, .5, -2);
        assertThat(paths.stream().map(p -> p.end().element()))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1);
    }

    @Test
    @DisplayName("O4 and O5: a chain; a skip connection with weights has two paths")
    void chainAndSkip() {
        Paths chain = paths(dense(false, false, 1, 1, 1, 1), 1, 2, 4);
        assertThat(chain.phi()).containsExactly(8);
        assertThat(chain.jacobian()).isDeepEqualTo(new double[][] {{8, 4, 2}});
        NetworkBuilder net = NetworkBuilder.named("skip");
        Flow first = net.input("x", 1).dense("a", 1, false).relu();
        Flow second = first.dense("b", 1, false).relu();
        Network skip = net.build(second.dense("c", 1, false).add(first.dense("s", 1, false)))
                .network();
        Paths paths = paths(skip, 1, 2, 1, 3);
        assertThat(paths.phi()).containsExactly(2, 3);
        assertThat(paths.jacobian()).isDeepEqualTo(new double[][] {{2, 1, 2, 0}, {3, 0, 0, 1}});
    }

    @Test
    @DisplayName("O6: in a convolution every position has its own paths through the same weights")
    void convolution() {
        NetworkBuilder net = NetworkBuilder.named("conv");
        Flow x = net.input("x", 1, 1, 3).conv("c1", 1, PAIR).relu();
        Paths paths = paths(net.build(x.conv("c2", 1, PAIR, 1, false)).network(), 1, 2, 2, 3, 4);
        assertThat(paths.phi()).containsExactly(3, 6, 6, 4, 8, 8);
        double[][] each = {
            {3, 0, 0, 1, 0}, {0, 3, 0, 2, 0}, {0, 0, 3, 2, 0}, {4, 0, 0, 0, 1}, {0, 4, 0, 0, 2}, {0, 0, 4, 0, 2}
        };
        assertThat(paths.jacobian()).isDeepEqualTo(each);
        assertThat(texts(paths).get(3))
                .isEqualTo("x[0,0,1] -> c1.weight[0,0,0,0] -> c2.weight[0,0,0,1] -> output[0,0,0]");
    }

    @Test
    @DisplayName("O7: every entrant of a maximum continues a path; an average multiplies by ½")
    void pooling() {
        NetworkBuilder net = NetworkBuilder.named("pool");
        Flow x = net.input("x", 1, 1, 2).conv("c", 1, ONE).relu();
        Paths max = paths(net.build(x.maxPool(HALF).flatten().dense("d", 1)).network(), 1, 2, 3, 1);
        assertThat(max.phi()).containsExactly(3, 6, 3, 6, 1);
        double[][] rows = {{3, 0, 1, 0}, {0, 3, 2, 0}, {3, 0, 1, 0}, {0, 3, 2, 0}, {0, 0, 0, 1}};
        assertThat(max.jacobian()).isDeepEqualTo(rows);
        // Of the pixels 5 and 6 the second wins; of 6 and 6 the first.
        assertThat(max.stream().mapToDouble(max.at(image(5, 6))::of).toArray()).containsExactly(0, 0, 1, 1, 1);
        assertThat(max.stream().mapToDouble(max.at(image(6, 6))::of).toArray()).containsExactly(1, 1, 0, 0, 1);
        NetworkBuilder other = NetworkBuilder.named("average");
        Flow y = other.input("x", 1, 1, 2).conv("c", 1, ONE).relu();
        Paths average =
                paths(other.build(y.averagePool(HALF).flatten().dense("d", 1)).network(), 1, 2, 3, 1);
        assertThat(average.phi()).containsExactly(1.5, 3, 1.5, 3, 1);
        assertThat(texts(average).get(0))
                .isEqualTo("0.5 · x[0,0,0] -> c.weight[0,0,0,0] -> d.weight[0,0] -> output[0]");
    }

    private static Tensor image(double... pixels) {
        return Tensor.of(Shape.of(1, 1, 1, pixels.length), pixels);
    }

    @Test
    @DisplayName("A weight w used twice: Φ = w²u, ∂Φ/∂w = 2wu, which is 0 at w = 0")
    void reuse() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 1));
        Expr w = Expr.parameter("w", DType.F64, Shape.of(1, 1));
        Expr u = Expr.parameter("u", DType.F64, Shape.of(1, 1));
        Network twice = network(
                List.of(x), List.of(w, u), x.matmul(w).relu().matmul(w).relu().matmul(u));
        Path path = paths(twice, 3, 5).iterator().next();
        assertThat(path).hasToString("x[0] -> w[0,0] -> w[0,0] -> u[0,0] -> output[0]");
        assertThat(path.length()).isEqualTo(3);
        assertThat(path.multiplicity(path.edges().get(0))).isEqualTo(2);
        assertThat(path.gradient().values()).containsExactly(30.0, 9.0);
        assertThat(paths(twice, 0, 5).jacobian()).isDeepEqualTo(new double[][] {{0, 0}});
    }

    @Test
    @DisplayName("Where activations multiply, paths are pairs: (ax + b)(cx) has two, x² and x")
    void products() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 1));
        Expr a = Expr.parameter("a", DType.F64, Shape.of(1));
        Expr b = Expr.parameter("b", DType.F64, Shape.of(1));
        Expr c = Expr.parameter("c", DType.F64, Shape.of(1));
        Network gate = network(List.of(x), List.of(a, b, c), x.times(a).plus(b).times(x.times(c)));
        Paths paths = paths(gate, 2, 3, 5);
        assertThat(texts(paths))
                .containsExactly(
                        "(x[0] -> a[0]) * (x[0] -> c[0]) -> output[0]", "(1 -> b[0]) * (x[0] -> c[0]) -> output[0]");
        assertThat(paths.phi()).containsExactly(10, 15);
        assertThat(paths.jacobian()).isDeepEqualTo(new double[][] {{5, 0, 2}, {0, 5, 3}});
        PathActivations at = paths.at(Tensor.of(Shape.of(1, 1), 7));
        assertThat(paths.stream().mapToDouble(at::start).toArray()).containsExactly(49, 7);
        assertThat(paths.stream().mapToDouble(at::contribution).sum()).isEqualTo((2 * 7 + 3) * (5 * 7));
    }

    @Test
    @DisplayName("Activations: ReLU 1[x > 0], leaky 1 or its slope, |·| a sign, max the first of equal ones")
    void kinks() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 2));
        Expr w = Expr.parameter("w", DType.F64, Shape.of(2));
        Expr h = x.times(w);
        Expr first = Ops.gather(h, 1, 0);
        Expr second = Ops.gather(h, 1, 1);
        Network network = network(
                List.of(x),
                List.of(w),
                h.relu(),
                Ops.leakyRelu(h, 0.25),
                Ops.abs(h),
                Ops.max(first, second),
                Ops.maxOver(h, 1));
        Paths paths = paths(network, 1, 1);
        assertThat(paths.stream().map(p -> p.end().toString()))
                .containsExactly(
                        "output0[0]",
                        "output0[1]",
                        "output1[0]",
                        "output1[1]",
                        "output2[0]",
                        "output2[1]",
                        "output3[0]",
                        "output3[0]",
                        "output4",
                        "output4");
        assertThat(activations(paths, 2, -3)).containsExactly(1, 0, 1, .25, 1, -1, 1, 0, 1, 0);
        assertThat(activations(paths, 0, 0)).containsExactly(0, 0, .25, .25, 0, 0, 1, 0, 1, 0);
        assertThat(activations(paths, -1, 1)).containsExactly(0, 1, .25, 1, -1, 1, 0, 1, 0, 1);
    }

    private static double[] activations(Paths paths, double... x) {
        PathActivations at = paths.at(Tensor.of(Shape.of(1, x.length), x));
        return paths.stream().mapToDouble(at::of).toArray();
    }

    @Test
    @DisplayName("A normalisation cuts: the weights before it end there, γ and β begin anew")
    void cuts() {
        NetworkBuilder net = NetworkBuilder.named("bn");
        Flow x = net.input("x", 2).dense("a", 1, false).batchNorm("bn").relu();
        Network network = net.build(x.dense("c", 1, false)).network();
        Map<String, Tensor> values = new LinkedHashMap<>();
        network.parameters().forEach(p -> values.put(Network.nameOf(p), Tensor.fill(p.shape(), DType.F64, i -> 2)));
        network.buffers().forEach(b -> values.put(Network.nameOf(b), Tensor.fill(b.shape(), DType.F64, i -> 3)));
        Paths paths = Paths.of(new Model(network, Weights.of(values)));
        String cut = Graph.topological(network.outputs()).stream()
                .filter(e -> e.op() instanceof Op.Normalise)
                .map(e -> e.label().isEmpty() ? Names.of(e.op()) : e.label())
                .findFirst()
                .orElseThrow();
        assertThat(texts(paths))
                .containsExactly(
                        cut + "[0] -> bn.weight[0] -> c.weight[0,0] -> output[0]",
                        "1 -> bn.bias[0] -> c.weight[0,0] -> output[0]",
                        "x[0] -> a.weight[0,0] -> " + cut + "[0]",
                        "x[1] -> a.weight[0,1] -> " + cut + "[0]");
        assertThat(paths.phi()).containsExactly(4, 4, 2, 2);
    }

    @Test
    @DisplayName("The first paths of a network with 10^40 of them come at once; an array of all is refused")
    void large() {
        Paths paths = Paths.of(BuiltIns.model("mlp:10" + "-100".repeat(18) + "-10", 1));
        assertThat(paths.stream().limit(3).map(Path::length)).containsExactly(19, 19, 19);
        assertThat(paths.count()).isGreaterThan(1e37);
        assertThatThrownBy(paths::phi)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("E38 paths")
                .hasMessageContaining("PathLifting");
        assertThatThrownBy(Paths.of(BuiltIns.model("mlp:8-60-60-60-8", 1))::jacobian)
                .hasMessageContaining("The network has 15581288 paths");
    }

    @Test
    void whatIsAskedWronglyIsRefused() {
        Paths paths = paths(dense(false, false, 1, 1, 1), 2, 8);
        Path path = paths.iterator().next();
        assertThatThrownBy(() -> path.partial("l3.weight", 0, 0)).hasMessageContaining("l1.weight, l2.weight");
        assertThatThrownBy(() -> path.partial("l1.weight", 0, 1)).hasMessageContaining("[1, 1] and no element [0, 1]");
        assertThatThrownBy(() -> paths.at(Tensor.of(Shape.of(2, 1), 1, 2))).hasMessageContaining("one sample");
        assertThatThrownBy(paths::at).hasMessageContaining("1 inputs; given 0");
        PathActivations other = paths(dense(false, false, 1, 1, 1), 2, 8).at(Tensor.of(Shape.of(1, 1), 1));
        assertThatThrownBy(() -> other.of(path)).hasMessageContaining("another enumeration");
        Expr w = Expr.parameter("w", DType.F64, Shape.of(1));
        assertThatThrownBy(() -> paths(network(List.of(), List.of(w), Ops.sqrt(w)), 2))
                .hasMessageContaining("square root");
        assertThatThrownBy(() ->
                        paths(network(List.of(), List.of(w), Ops.fullLike(w, 1).over(w)), 2))
                .hasMessageContaining("a quotient by");
    }
}
