package org.quotient.autodiff.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;

class NetworkBuilderTest {

    /** The network of the worked step: W1 = [[2,1],[−1,3]] from inputs (rows) to units, x = (2,1): h = (3,5), y = (−2,11). */
    @Test
    void aDenseLayerIsXTimesWeightTransposed() {
        NetworkBuilder net = NetworkBuilder.named("2-2-2");
        Flow y = net.input("x", 2).dense("fc1", 2, false).relu().dense("fc2", 2, false);
        Model model = net.build(y)
                .model(0)
                .at(Weights.of(Map.of(
                        "fc1.weight", Tensor.of(Shape.of(2, 2), 2, -1, 1, 3),
                        "fc2.weight", Tensor.of(Shape.of(2, 2), 1, -1, 2, 1))));
        Tensor out = model.evaluate(List.of(Tensor.of(Shape.of(1, 2), 2, 1))).get(0);
        assertThat(out.data()).containsExactly(-2, 11);
    }

    @Test
    void denseActsOnEachTokenAlike() {
        NetworkBuilder net = NetworkBuilder.named("tokens");
        Flow y = net.input("x", 3, 2).dense("fc", 4);
        Model model = net.build(y).model(2);
        Tensor x = Tensor.of(Shape.of(1, 3, 2), 1, 2, 5, 6, 1, 2);
        Tensor out = model.evaluate(List.of(x)).get(0);
        assertThat(out.shape()).isEqualTo(Shape.of(1, 3, 4));
        for (int i = 0; i < 4; i++) {
            assertThat(out.get(i)).isEqualTo(out.get(8 + i)).isNotEqualTo(out.get(4 + i));
        }
    }

    @Test
    void layersHaveTheShapesThatTheirNamesPromise() {
        NetworkBuilder net = NetworkBuilder.named("shapes");
        Flow x = net.input("x", 4, 8, 8);
        assertThat(x.conv("c1", 6, Window.square(3, 2, 1), 2, true).shape()).isEqualTo(Shape.of(Shape.N, 6, 4, 4));
        assertThat(x.maxPool(2).shape()).isEqualTo(Shape.of(Shape.N, 4, 4, 4));
        assertThat(x.averagePool(4).shape()).isEqualTo(Shape.of(Shape.N, 4, 2, 2));
        assertThat(x.globalAveragePool().shape()).isEqualTo(Shape.of(Shape.N, 4));
        assertThat(x.globalMaxPool().shape()).isEqualTo(Shape.of(Shape.N, 4));
        assertThat(x.upsample(2).shape()).isEqualTo(Shape.of(Shape.N, 4, 16, 16));
        assertThat(x.concat(x.relu()).shape()).isEqualTo(Shape.of(Shape.N, 8, 8, 8));
        assertThat(x.flatten().shape()).isEqualTo(Shape.of(Shape.N, 256));
        assertThat(x.layerNorm("ln").prelu("p").batchNorm("bn").shape()).isEqualTo(x.shape());
        InitialisedNetwork built = net.build(x.flatten());
        assertThat(built.network().parameters().stream().map(Network::nameOf))
                .containsExactly("c1.weight", "c1.bias", "ln.weight", "ln.bias", "p.weight", "bn.weight", "bn.bias");
        assertThat(built.network().buffers().stream().map(Network::nameOf))
                .containsExactly("bn.running_mean", "bn.running_var");
    }

    @Test
    void aParameterUsedTwiceIsOneParameter() {
        NetworkBuilder net = NetworkBuilder.named("shared");
        Flow x = net.input("x", 3);
        Expr w = net.parameter("w", Initialisation.HE.weight(3, 3), 3, 3);
        Flow y = x.denseWith(w).relu().denseWith(w);
        assertThat(net.build(y).network().parameterCount()).isEqualTo(9);
    }

    @Test
    void mistakesAreNamed() {
        NetworkBuilder net = NetworkBuilder.named("mistakes");
        Flow x = net.input("x", 3);
        Flow y = x.dense("fc", 2);
        assertThatIllegalArgumentException().isThrownBy(() -> y.dense("fc", 2)).withMessageContaining("declared twice");
        assertThatIllegalArgumentException().isThrownBy(() -> y.dense("g", 0)).withMessageContaining("at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> y.conv("c", 2, Window.square(3, 1, 1)))
                .withMessageContaining("image batch");
        assertThatIllegalArgumentException().isThrownBy(net::build).withMessageContaining("output");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> net.input("z", 1 << 20, 1 << 20))
                .withMessageContaining("2^31");
        Flow image = net.input("image", 3, 4, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> image.conv("c", 4, Window.square(3, 1, 1), 2, true))
                .withMessageContaining("groups");
    }
}
