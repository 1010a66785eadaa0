package org.quotient.geometry.lifting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CustomOp;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.Weights;

/** The worked numbers of the path conditioning specification, section 6, that concern the lifting: g there is the diagonal of G. */
class PathLiftingTest {
    private static final double EXACT = 1e-12;

    private static Model model(Network network, double... theta) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        int at = 0;
        for (Expr p : network.parameters()) {
            int size = p.shape().elements();
            values.put(Network.nameOf(p), Tensor.of(p.shape(), Arrays.copyOfRange(theta, at, at + size)));
            at += size;
        }
        assertThat(at).isEqualTo(theta.length);
        return new Model(network, Weights.of(values));
    }

    private static double[] diagonal(Model model) {
        return PathLifting.of(model).diagonal().values().stream()
                .flatMapToDouble(t -> Arrays.stream(t.data()))
                .toArray();
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

    @Test
    @DisplayName("O1: one path of 2·8; g = (64, 4), ‖Φ‖ = 16")
    void oneUnit() {
        Model model = model(dense(false, false, 1, 1, 1), 2, 8);
        assertThat(diagonal(model)).containsExactly(new double[] {64, 4}, within(EXACT));
        PathLifting lifting = PathLifting.of(model);
        assertThat(lifting.norm(1)).isCloseTo(16, within(EXACT));
        assertThat(lifting.norm(2)).isCloseTo(16, within(EXACT));
        assertThat(lifting.inner(model.weights())).isEqualTo(256);
        Map<String, Tensor> v =
                Map.of("l1.weight", Tensor.of(Shape.of(1, 1), 1), "l2.weight", Tensor.of(Shape.of(1, 1), 0));
        Map<String, Tensor> column = lifting.times(v);
        assertThat(column.get("l1.weight").item()).isEqualTo(64);
        assertThat(column.get("l2.weight").item()).isEqualTo(16);
    }

    @Test
    @DisplayName("O2: with biases; the output bias has g = 1 and changes no other")
    void biases() {
        assertThat(diagonal(model(dense(true, false, 1, 1, 1), 4, 3, 1)))
                .containsExactly(new double[] {1, 1, 25}, within(EXACT));
        assertThat(diagonal(model(dense(true, false, 1, 1, 1), 2, 4, 1)))
                .containsExactly(new double[] {1, 1, 20}, within(EXACT));
        assertThat(diagonal(model(dense(true, true, 1, 1, 1), 4, 3, 1, 7)))
                .containsExactly(new double[] {1, 1, 25, 1}, within(EXACT));
    }

    @Test
    @DisplayName("O3, O3b, O3c, O11: 2-2-1 and 2-2-2, with a bias that is zero and with zero weights")
    void layered() {
        assertThat(diagonal(model(dense(true, false, 2, 2, 1), 1, 2, 3, -1, 1, 0, 2, -1)))
                .containsExactly(new double[] {4, 4, 1, 1, 4, 1, 6, 10}, within(EXACT));
        assertThat(diagonal(model(dense(true, false, 2, 2, 1), 1, 2, 3, -1, 1, .5, 2, -1)))
                .containsExactly(new double[] {4, 4, 1, 1, 4, 1, 6, 10.25}, within(EXACT));
        assertThat(diagonal(model(dense(true, true, 2, 2, 2), 1, 2, 3, -1, 1, .5, 2, -1, -3, 1, .25, -2)))
                .containsExactly(new double[] {13, 13, 2, 2, 13, 2, 6, 10.25, 6, 10.25, 1, 1}, within(EXACT));
        assertThat(diagonal(model(dense(true, false, 2, 2, 1), 1, 2, 3, -1, 1, .5, 2, 0)))
                .containsExactly(new double[] {4, 4, 0, 0, 4, 0, 6, 10.25}, within(EXACT));
    }

    @Test
    @DisplayName("O4 and O5: a chain, a skip connection with weights")
    void chainAndSkip() {
        assertThat(diagonal(model(dense(false, false, 1, 1, 1, 1), 1, 2, 4)))
                .containsExactly(new double[] {64, 16, 4}, within(EXACT));
        NetworkBuilder net = NetworkBuilder.named("skip");
        Flow first = net.input("x", 1).dense("a", 1, false).relu();
        Flow second = first.dense("b", 1, false).relu();
        Network skip = net.build(second.dense("c", 1, false).add(first.dense("s", 1, false)))
                .network();
        assertThat(diagonal(model(skip, 1, 2, 1, 3))).containsExactly(new double[] {13, 1, 4, 1}, within(EXACT));
    }

    @Test
    @DisplayName("O6: a convolution counts every position")
    void convolution() {
        NetworkBuilder net = NetworkBuilder.named("conv");
        Window pair = new Window(1, 2, 1, 1, 0, 0, 0, 0, 1, 1);
        Flow x = net.input("x", 1, 1, 3).conv("c1", 1, pair).relu();
        Network network = net.build(x.conv("c2", 1, pair, 1, false)).network();
        assertThat(diagonal(model(network, 1, 2, 2, 3, 4)))
                .containsExactly(new double[] {25, 25, 25, 9, 9}, within(EXACT));
    }

    @Test
    @DisplayName("O7: every entrant of a maximum continues a path; constants of an average are squared")
    void pooling() {
        NetworkBuilder net = NetworkBuilder.named("pool");
        Window one = Window.square(1, 1, 0);
        Flow x = net.input("x", 1, 1, 2).conv("c", 1, one).relu();
        Window pair = new Window(1, 2, 1, 2, 0, 0, 0, 0, 1, 1);
        Network max = net.build(x.maxPool(pair).flatten().dense("d", 1)).network();
        assertThat(diagonal(model(max, 1, 2, 3, 1))).containsExactly(new double[] {18, 18, 10, 1}, within(EXACT));
        NetworkBuilder other = NetworkBuilder.named("average");
        Flow y = other.input("x", 1, 1, 2).conv("c", 1, one).relu();
        Network average =
                other.build(y.averagePool(pair).flatten().dense("d", 1)).network();
        assertThat(diagonal(model(average, 1, 2, 3, 1)))
                .containsExactly(new double[] {4.5, 4.5, 2.5, 1}, within(EXACT));
    }

    @Test
    @DisplayName("A weight used twice along a path: Φ = w²·x has derivative 2w, so G = 4w²")
    void reuse() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 1));
        Expr w = Expr.parameter("w", DType.F64, Shape.of(1, 1));
        Expr u = Expr.parameter("u", DType.F64, Shape.of(1, 1));
        Expr y = x.matmul(w).relu().matmul(w).relu().matmul(u);
        Network network = new Network(
                "twice", java.util.List.of(x), java.util.List.of(w, u), java.util.List.of(), java.util.List.of(y));
        // Φ = w²u at (3, 5): ∂Φ = (2wu, w²) = (30, 9).
        assertThat(diagonal(model(network, 3, 5))).containsExactly(new double[] {900, 81}, within(EXACT));
        assertThat(diagonal(model(network, 0, 5))).containsExactly(new double[] {0, 0}, within(EXACT));
        Map<String, Tensor> v = Map.of("w", Tensor.of(Shape.of(1, 1), 1), "u", Tensor.of(Shape.of(1, 1), 0));
        Map<String, Tensor> column = PathLifting.of(model(network, 3, 5)).times(v);
        assertThat(column.get("w").item()).isCloseTo(900, within(1e-9));
        assertThat(column.get("u").item()).isCloseTo(270, within(1e-9));
    }

    @Test
    @DisplayName("A normalisation cuts the graph: γ and β begin anew, the weights before it end there")
    void normalisation() {
        NetworkBuilder net = NetworkBuilder.named("bn");
        Flow x = net.input("x", 2).dense("a", 1, false).batchNorm("bn").relu();
        Network network = net.build(x.dense("c", 1, false)).network();
        // a = (5, 7) | γ = 2, β = 3 | c = 4: paths 5, 7, 2·4, 3·4.
        Map<String, Tensor> values = new LinkedHashMap<>();
        network.parameters().forEach(p -> {
            String name = Network.nameOf(p);
            double[] all = name.equals("a.weight")
                    ? new double[] {5, 7}
                    : new double[] {name.contains("weight") && name.startsWith("bn") ? 2 : name.startsWith("bn") ? 3 : 4
                    };
            values.put(name, Tensor.of(p.shape(), all));
        });
        PathLifting lifting = PathLifting.of(new Model(network, Weights.of(values)));
        assertThat(lifting.norm(1)).isCloseTo(5 + 7 + 8 + 12, within(EXACT));
        Map<String, Tensor> g = lifting.diagonal();
        assertThat(g.get("a.weight").data()).containsExactly(new double[] {1, 1}, within(EXACT));
        assertThat(g.get("c.weight").item()).isCloseTo(4 + 9, within(EXACT));
    }

    @Test
    @DisplayName("Depth 100 and weights of 10^±20: logarithms do not overflow")
    void beyondTheRange() {
        int[] widths = new int[101];
        Arrays.fill(widths, 2);
        for (double scale : new double[] {1e20, 1e-20, 1}) {
            double[] theta = new double[400];
            Arrays.fill(theta, scale);
            PathLifting lifting = PathLifting.of(model(dense(false, false, widths), theta));
            // 2^101 paths of 100 edges.
            double log = 100 * Math.log(scale);
            assertThat(lifting.logNorm(1)).isCloseTo(101 * Math.log(2) + log, within(1e-9 * Math.abs(log) + 1e-9));
            assertThat(lifting.logNorm(2)).isCloseTo(50.5 * Math.log(2) + log, within(1e-9 * Math.abs(log) + 1e-9));
            // Through each edge 2^99 paths.
            double g = 99 * Math.log(2) + 2 * 99 * Math.log(scale);
            lifting.logDiagonal().values().forEach(t -> assertThat(t.get(3)).isCloseTo(g, within(1e-9 * Math.abs(g))));
        }
    }

    @Test
    void whatHasNoLiftingIsRefused() {
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 2));
        Expr w = Expr.parameter("w", DType.F64, Shape.of(2, 2));
        Expr h = x.matmul(w);
        Network network = new Network(
                "root",
                java.util.List.of(x),
                java.util.List.of(w),
                java.util.List.of(),
                java.util.List.of(Ops.sqrt(Ops.abs(h))));
        assertThatThrownBy(() -> PathLifting.of(model(network, 1, 2, 3, 4)).norm(2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("square root");
        assertThatThrownBy(() -> PathLifting.of(model(dense(false, false, 1, 1), Double.NaN)))
                .hasMessageContaining("NaN");
    }

    @Test
    @DisplayName("Weights whose squares no double holds: norms, inner products, G and its second term in logarithms")
    void extremes() {
        for (double size : new double[] {1e-170, 1e170}) {
            Model model = model(dense(false, false, 1, 1, 1), size, size);
            PathLifting lifting = PathLifting.of(model);
            double log = Math.log(size);
            assertThat(lifting.logNorm(2)).isCloseTo(2 * log, within(1e-9));
            assertThat(lifting.logNorm(0.5)).isCloseTo(2 * log, within(1e-9));
            assertThat(lifting.logDiagonal().get("l1.weight").get(0)).isCloseTo(2 * log, within(1e-9));
            assertThat(lifting.inner(model(dense(false, false, 1, 1, 1), 1 / size, 2 / size)
                            .weights()))
                    .isCloseTo(2, within(1e-12));
            Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 1));
            Expr w = Expr.parameter("w", DType.F64, Shape.of(1, 1));
            Expr u = Expr.parameter("u", DType.F64, Shape.of(1, 1));
            Expr y = x.matmul(w).relu().matmul(w).relu().matmul(u);
            Network network = new Network(
                    "twice", java.util.List.of(x), java.util.List.of(w, u), java.util.List.of(), java.util.List.of(y));
            // Φ = w²u: ∂Φ = (2wu, w²).
            Map<String, Tensor> logs =
                    PathLifting.of(model(network, size, size)).logDiagonal();
            assertThat(logs.get("w").get(0)).isCloseTo(2 * (Math.log(2) + 2 * log), within(1e-9));
            assertThat(logs.get("u").get(0)).isCloseTo(4 * log, within(1e-9));
        }
    }

    /** Element by element f, said to be homogeneous of degree 1 or not to be. */
    private record Outside(java.util.function.DoubleUnaryOperator f, boolean homogeneous) implements CustomOp {
        @Override
        public String name() {
            return "outside";
        }

        @Override
        public Shape shape(java.util.List<Shape> operands) {
            return operands.get(0);
        }

        @Override
        public Tensor value(java.util.List<Tensor> operands) {
            Tensor x = operands.get(0);
            return Tensor.fill(x.shape(), x.dtype(), i -> f.applyAsDouble(x.get(i)));
        }

        @Override
        public java.util.List<Expr> vjp(java.util.List<Expr> operands, Expr gradient) {
            return java.util.List.of(gradient);
        }

        @Override
        public Expr jvp(java.util.List<Expr> operands, java.util.List<Expr> tangents) {
            return tangents.get(0);
        }

        @Override
        public java.util.OptionalInt elementwiseDegree(int operand) {
            return homogeneous ? java.util.OptionalInt.of(1) : java.util.OptionalInt.empty();
        }
    }

    @Test
    @DisplayName("Paths go through a custom operation that is homogeneous, and end at one that is not")
    void custom() {
        double[] theta = {1, 2, 3, -1, 1, .5, 2, -1};
        double[] g = {4, 4, 1, 1, 4, 1, 6, 10.25};
        for (boolean homogeneous : new boolean[] {true, false}) {
            NetworkBuilder net = NetworkBuilder.named("custom");
            Flow hidden = net.input("x", 2).dense("l1", 2).custom(new Outside(v -> Math.max(v, 0.3 * v), homogeneous));
            Model model = model(net.build(hidden.dense("l2", 1, false)).network(), theta);
            // Cut, the paths into it are the single weights, and those from it the outgoing ones.
            assertThat(diagonal(model))
                    .containsExactly(homogeneous ? g : new double[] {1, 1, 1, 1, 1, 1, 1, 1}, within(EXACT));
            Paths paths = Paths.of(model);
            assertThat(paths.stream().count()).isEqualTo(homogeneous ? 6 : 8);
            PathActivations active = paths.at(Tensor.of(Shape.of(1, 2), 0.7, -1.1));
            Map<String, Double> sums = new LinkedHashMap<>();
            for (Path path : paths) {
                sums.merge(path.end().toString(), active.contribution(path), Double::sum);
                if (path.end().kind() == Endpoint.Kind.OUTPUT) {
                    sums.put("value", active.end(path));
                }
            }
            assertThat(sums.get("output[0]")).isCloseTo(sums.get("value"), within(EXACT));
        }
    }
}
