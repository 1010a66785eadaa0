package org.quotient.autodiff.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.Window;

class InitialisationTest {

    /** Variances by the papers: 2/200, 2/(200 + 400), 1/200, 1/(3·200). */
    @ParameterizedTest
    @CsvSource({"HE, 0.01", "GLOROT, 0.0033333333333333335", "LECUN, 0.005", "TORCH, 0.0016666666666666668"})
    void weightsHaveTheVarianceOfTheirLaw(Initialisation law, double variance) {
        assertThat(law.weight(200, 400).variance()).isCloseTo(variance, within(1e-15));
        NetworkBuilder net = NetworkBuilder.named("n", org.quotient.autodiff.DType.F64, law);
        Flow y = net.input("x", 200).dense("fc", 400);
        double[] w = net.build(y).model(5).weights().get("fc.weight").data();
        double mean = DoubleStream.of(w).average().orElseThrow();
        double second = DoubleStream.of(w).map(v -> v * v).average().orElseThrow();
        // Five standard errors of 80,000 draws; the fourth moment is at most three times the squared variance.
        assertThat(mean).isCloseTo(0, within(5 * Math.sqrt(variance / w.length)));
        assertThat(second).isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / w.length)));
    }

    @Test
    void normalLawsHaveNormalTailsAndUniformOnesNone() {
        double[] he = draw(Initialisation.HE);
        double deviation = Math.sqrt(2.0 / 200);
        double beyondTwo =
                DoubleStream.of(he).filter(v -> Math.abs(v) > 2 * deviation).count() / (double) he.length;
        assertThat(beyondTwo).isCloseTo(0.0455, within(0.005));
        double bound = 1 / Math.sqrt(200);
        double[] torch = draw(Initialisation.TORCH);
        assertThat(DoubleStream.of(torch).map(Math::abs).max().orElseThrow())
                .isLessThanOrEqualTo(bound)
                .isGreaterThan(0.999 * bound);
    }

    private static double[] draw(Initialisation law) {
        NetworkBuilder net = NetworkBuilder.named("n", org.quotient.autodiff.DType.F64, law);
        return net.build(net.input("x", 200).dense("fc", 400))
                .model(1)
                .weights()
                .get("fc.weight")
                .data();
    }

    @ParameterizedTest
    @EnumSource(Initialisation.class)
    void biasesAreZeroExceptUnderTorchWhereNothingIs(Initialisation law) {
        NetworkBuilder net = NetworkBuilder.named("n", org.quotient.autodiff.DType.F64, law);
        Weights weights = net.build(net.input("x", 4).dense("fc", 50)).model(1).weights();
        boolean zero = weights.get("fc.bias").maxAbs() == 0;
        assertThat(zero).isEqualTo(law != Initialisation.TORCH);
        assertThat(DoubleStream.of(weights.get("fc.weight").data()).noneMatch(v -> v == 0))
                .isTrue();
    }

    @Test
    void fansOfAGroupedConvolutionCountItsGroupOnly() {
        NetworkBuilder net = NetworkBuilder.named("n");
        Flow y = net.input("x", 4, 5, 5).conv("conv", 6, Window.square(3, 1, 0), 2, true);
        InitialisedNetwork built = net.build(y);
        assertThat(built.laws().get("conv.weight")).isEqualTo(new Law.Uniform(1 / Math.sqrt(2 * 9)));
        assertThat(built.laws().get("conv.bias")).isEqualTo(new Law.Uniform(1 / Math.sqrt(2 * 9)));
        assertThat(Initialisation.GLOROT.weight(18, 27)).isEqualTo(new Law.Uniform(Math.sqrt(6.0 / 45)));
    }

    @Test
    void aWeightIsAFunctionOfSeedAndNameNotOfTheOrderOfAsking() {
        InitialisedNetwork network = BuiltIns.network("mlp:4-5-6-3,bn=true");
        Weights forwards = network.model(11).weights();
        List<String> names = new ArrayList<>(forwards.names());
        Collections.reverse(names);
        Weights backwards = network.model(11).weights();
        for (String name : names) {
            Tensor value = backwards.get(name);
            assertThat(value).isSameAs(backwards.get(name));
        }
        for (String name : forwards.names()) {
            assertThat(forwards.get(name).sameBits(backwards.get(name)))
                    .as(name)
                    .isTrue();
        }
        Weights deeper = BuiltIns.model("mlp:4-5-7,bias=false", 11).weights();
        assertThat(deeper.get("fc1.weight").sameBits(forwards.get("fc1.weight")))
                .isTrue();
        assertThat(deeper.get("fc2.weight").get(0))
                .isNotEqualTo(forwards.get("fc1.weight").get(0));
    }

    @Test
    void normalisationStartsAtTheIdentity() {
        Weights weights = BuiltIns.model("mlp:4-5-3,bn=true,init=he", 0).weights();
        assertThat(weights.get("bn1.weight").data()).containsOnly(1);
        assertThat(weights.get("bn1.bias").data()).containsOnly(0);
        assertThat(weights.get("bn1.running_mean").data()).containsOnly(0);
        assertThat(weights.get("bn1.running_var").data()).containsOnly(1);
    }

    @Test
    void anUnknownWeightIsAnErrorWithTheNearestNames() {
        Weights weights = BuiltIns.model("mlp:4-5-3", 0).weights();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights.get("fc1.wieght"))
                .withMessageContaining("Did you mean fc1.weight");
    }
}
