package org.quotient.geometry.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
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

/** The numbers of conservation laws that are known (Marcotte, Gribonval and Peyré 2023, 2024, 2025). */
class ConservationLawsTest {
    private static Expr parameter(String name, int... sizes) {
        return Expr.parameter(name, DType.F64, Shape.of(sizes));
    }

    private static ConservationLaws laws(String builtIn) {
        return ConservationLaws.of(BuiltIns.model(builtIn, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "'mlp:2-2-1,bias=false', 2",
        "'mlp:2-3-2,bias=false', 3",
        "'mlp:2-3-1', 3",
        "'mlp:1-2-2-1', 4",
        "'mlp:2-2-2-2,bias=false', 4",
        "'mlp:2-3-2-1', 5"
    })
    void reluNetworksHaveOneLawForEachHiddenUnit(String network, int hidden) {
        ConservationLaws laws = laws(network);
        assertThat(laws.laws()).isEqualTo(hidden);
        assertThat(laws.known()).isEqualTo(hidden);
        assertThat(laws.proved()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1", "2, 1, 2", "1, 2, 1", "2, 2, 2", "1, 3, 1", "1, 3, 2", "2, 3, 2", "1, 4, 1", "1, 4, 2", "2, 5, 2"
    })
    void twoLinearLayersConserveTheDifferenceOfTheirGramMatrices(int n, int r, int m) {
        int total = n + m;
        int expected = r <= total ? r * (r + 1) / 2 : total * r - total * (total - 1) / 2;
        Expr u = parameter("U", n, r);
        Expr v = parameter("V", m, r);
        assertThat(ConservationLaws.of(List.of(u.matmul(v.transpose())), List.of(u, v))
                        .laws())
                .isEqualTo(expected);
        ConservationLaws network = laws("mlp:" + m + "-" + r + "-" + n + ",activation=identity,bias=false");
        assertThat(network.laws()).as("the same as a network").isEqualTo(expected);
        assertThat(network.known()).as("by rescaling alone").isEqualTo(r);
        assertThat(network.proved()).isEqualTo(expected == r);
    }

    @Test
    void convolutionsHaveOneLawForEachHiddenChannel() {
        NetworkBuilder build = NetworkBuilder.named("two convolutions");
        Flow x = build.input("x", 2, 4, 4);
        Flow y = x.conv("a", 3, Window.square(3, 1, 1)).relu().conv("b", 1, Window.square(2, 1, 0));
        ConservationLaws laws = ConservationLaws.of(build.build(y).model(0));
        assertThat(laws.laws()).isEqualTo(3);
        assertThat(laws.proved()).isTrue();
    }

    @Test
    void attentionConservesOneSymmetricMatrixForEachOfItsTwoProducts() {
        // Q Kᵀ and V O, width 3 and heads of size 2: QᵀQ − KᵀK and VᵀV − O Oᵀ.
        Expr q = parameter("Q", 3, 2);
        Expr k = parameter("K", 3, 2);
        Expr v = parameter("V", 3, 2);
        Expr o = parameter("O", 2, 3);
        assertThat(ConservationLaws.of(List.of(q.matmul(k.transpose()), v.matmul(o)), List.of(q, k, v, o))
                        .laws())
                .isEqualTo(3 + 3);
    }

    @Test
    void aSoftmaxLayerConservesItsColumnSums() {
        Expr w = parameter("W", 3, 4);
        Expr x = Expr.input("x", DType.F64, Shape.of(Shape.N, 4));
        Expr y = Ops.softmax(x.matmul(w.transpose()), 1);
        Network network = new Network("softmax", List.of(x), List.of(w), List.of(), List.of(y));
        Weights weights = Weights.of(Map.of("W", Tensor.fill(Shape.of(3, 4), DType.F64, i -> i)));
        assertThat(ConservationLaws.of(new Model(network, weights)).laws()).isEqualTo(4);
    }

    @Test
    void skipsNeitherAddNorRemoveLawsWithinABlock() {
        for (boolean skip : new boolean[] {false, true}) {
            NetworkBuilder build = NetworkBuilder.named("block");
            Flow x = build.input("x", 2);
            Flow block = x.dense("a", 3).relu().dense("b", 2);
            ConservationLaws laws =
                    ConservationLaws.of(build.build(skip ? block.add(x) : block).model(0));
            assertThat(laws.laws()).isEqualTo(3);
            assertThat(laws.proved()).isTrue();
        }
    }

    @Test
    void noLawReachesAcrossAResidualStream() {
        NetworkBuilder build = NetworkBuilder.named("two blocks");
        Flow x = build.input("x", 2);
        Flow h = x.dense("a", 2).relu().dense("b", 2).add(x);
        Flow y = h.dense("c", 2).relu().dense("d", 2).add(h);
        assertThat(ConservationLaws.of(build.build(y).model(0)).laws()).isEqualTo(2 + 2);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "5"})
    void aProductOfScalarsConservesAllDifferencesOfSquares(int factors) {
        List<Expr> x = new ArrayList<>();
        for (int i = 0; i < factors; i++) {
            x.add(parameter("x" + i, 1));
        }
        Expr product = x.stream().reduce(Expr::times).orElseThrow();
        ConservationLaws laws = ConservationLaws.of(List.of(product), x);
        assertThat(laws.laws()).isEqualTo(factors - 1);
        assertThat(laws.closure()).isEqualTo(1);
    }

    @Test
    void bracketsAreNeededWhereFieldsDoNotCommute() {
        // (y, x, 0) and (0, z, y) span two directions, and their bracket (−z, 0, x) adds none: x² − y² + z² remains.
        Expr x = parameter("x", 1);
        Expr y = parameter("y", 1);
        Expr z = parameter("z", 1);
        assertThat(ConservationLaws.of(List.of(x.times(y), y.times(z)), List.of(x, y, z))
                        .laws())
                .isEqualTo(1);
        // (y, x, 0) and (z, 2y, x) have the bracket (−2y, 2x − z, y), which is independent of both.
        assertThat(ConservationLaws.of(List.of(x.times(y), x.times(z).plus(y.times(y))), List.of(x, y, z))
                        .laws())
                .isZero();
    }

    @Test
    void momentumLeavesReluNetworksNoLawAndLinearOnesTheRotations() {
        ConservationLaws relu = ConservationLaws.withMomentum(BuiltIns.model("mlp:2-2-1,bias=false", 0));
        assertThat(relu.parameters()).isEqualTo(13);
        assertThat(relu.laws()).isZero();
        for (int r = 1; r <= 3; r++) {
            assertThat(ConservationLaws.withMomentum(
                                    BuiltIns.model("mlp:2-" + r + "-2,activation=identity,bias=false", 0))
                            .laws())
                    .isEqualTo(r * (r - 1) / 2);
        }
    }

    @Test
    void whatIsNoPolynomialIsNamed() {
        assertThatThrownBy(() -> laws("mlp:2-3-1,activation=tanh"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tanh");
    }
}
