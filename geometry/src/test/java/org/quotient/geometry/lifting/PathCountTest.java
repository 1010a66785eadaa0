package org.quotient.geometry.lifting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Weights;
import org.quotient.autodiff.network.random.RandomNetworks;
import org.quotient.geometry.Liveness;
import org.quotient.geometry.paths.PathGraph;

/** The number of paths: a product for layered networks, and that of two other counts wherever those reach. */
class PathCountTest {

    private static BigInteger count(Model model) {
        return PathLifting.of(model).pathCount();
    }

    private static BigInteger count(String spec) {
        return count(BuiltIns.model(spec, 1));
    }

    /** n_0 n_1 … n_L without biases; the bias of layer l begins n_l n_{l+1} … n_L more. */
    private static BigInteger product(List<Integer> widths, boolean bias) {
        BigInteger total = BigInteger.valueOf(widths.get(0));
        for (int width : widths.subList(1, widths.size())) {
            total = total.add(bias ? BigInteger.ONE : BigInteger.ZERO).multiply(BigInteger.valueOf(width));
        }
        return total;
    }

    @Property(seed = "91", tries = 60, edgeCases = EdgeCasesMode.NONE)
    @Label("A layered network has n_0·…·n_L paths, and n_l·…·n_L more for each layer l with biases")
    void layered(
            @ForAll @Size(min = 2, max = 40) List<@IntRange(min = 1, max = 30) Integer> widths, @ForAll boolean bias) {
        String sizes = String.join("-", widths.stream().map(Object::toString).toList());
        assertThat(count("mlp:" + sizes + ",bias=" + bias)).isEqualTo(product(widths, bias));
    }

    @Test
    @DisplayName("200 layers of 10: 10^201 paths")
    void deep() {
        String spec = "mlp:"
                + String.join("-", IntStream.range(0, 201).mapToObj(i -> "10").toList()) + ",bias=false";
        assertThat(count(spec)).isEqualTo(BigInteger.TEN.pow(201));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp:3-4-2-3-2",
                "mlp:2-3-2,activation=prelu",
                "mlp:2-3-2,bn=true",
                "mlp:5-4-3,activation=gelu",
                "lenet-5,width=0.25",
                "cifar-nv,width=0.02,input=3x8x8",
                "resnet-18,width=0.04,input=3x8x8,bn=true",
                "preresnet-18,width=0.04,input=3x8x8",
                "densenet-tiny,width=0.5,input=3x8x8",
                "segnet-tiny,width=0.2,input=3x8x8",
                "rnn:2-3-2,steps=4,bias=true",
                "tied-autoencoder:8-3-8",
                "transformer-tiny,width=0.25,tokens=3,classes=2"
            })
    void builtIns(String spec) {
        Model model = BuiltIns.model(spec, 3);
        Liveness liveness = Liveness.of(model.network());
        BigInteger count = count(model);
        assertThat(count)
                .isEqualTo(PathGraph.of(model.network(), liveness.idle()).pathCount());
        agrees(count, Paths.of(model));
    }

    @Property(seed = "92", tries = 400, edgeCases = EdgeCasesMode.NONE)
    @Label("There are as many paths as monomials in the scalar path graph, slopes not counted")
    void random(@ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
        Model model = RandomNetworks.draw(seed).model();
        try {
            PathLifting.of(model).logNorm(2);
        } catch (IllegalArgumentException e) {
            // Division by activations: no lifting, and it says so.
            Assume.that(!e.getMessage().contains("no path lifting"));
        }
        Liveness liveness = Liveness.of(model.network());
        BigInteger count = count(model);
        assertThat(count)
                .isEqualTo(PathGraph.of(model.network(), liveness.idle()).pathCount());
        agrees(count, Paths.of(model));
    }

    /** Counting in doubles is exact up to 2^53. */
    private static void agrees(BigInteger count, Paths paths) {
        double rounding = count.bitLength() <= 53 ? 0 : 1e-12 * count.doubleValue();
        assertThat(paths.count()).isCloseTo(count.doubleValue(), within(rounding));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cifar-nv", "plain-34"})
    @DisplayName(
            "Without biases: the paths of positions, those of one channel a layer, times the product of all widths")
    void fullSize(String name) {
        Model model = BuiltIns.model(name + ",bias=false", 1);
        BigInteger channels = BigInteger.valueOf(3);
        for (Expr weight : model.network().parameters()) {
            channels = channels.multiply(BigInteger.valueOf(weight.shape().size(0)));
        }
        Model narrow = BuiltIns.model(name + ",bias=false,width=0.001,input=1x32x32,classes=1", 1);
        assertThat(narrow.network().parameters()).allMatch(p -> p.shape().size(0) == 1);
        BigInteger positions = PathGraph.of(narrow.network(), new BitSet()).pathCount();
        assertThat(count(model)).isEqualTo(channels.multiply(positions));
    }

    @Test
    @DisplayName("ResNet-34 has a number of paths of more than 100 digits, to which that in doubles is near")
    void residual() {
        Model model = BuiltIns.model("resnet-34", 1);
        BigInteger count = count(model);
        assertThat(count.toString()).hasSizeGreaterThan(100);
        double log = Math.log(count.shiftRight(count.bitLength() - 60).doubleValue())
                + (count.bitLength() - 60) * Math.log(2);
        PathLifting ones = PathLifting.of(model.at(Weights.lazy(
                model.network(),
                n -> Tensor.fill(Objects.requireNonNull(model.weights().get(n)).shape(), DType.F64, i -> 1))));
        // An average of 16 positions multiplies by 1/16, once a path.
        assertThat(ones.logNorm(1)).isCloseTo(log - Math.log(16), within(1e-9));
    }
}
