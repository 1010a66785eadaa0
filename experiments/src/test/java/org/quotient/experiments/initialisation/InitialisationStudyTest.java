package org.quotient.experiments.initialisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.network.Initialisation;
import org.quotient.experiments.initialisation.InitialisationStudy.Draw;
import org.quotient.experiments.initialisation.InitialisationStudy.Settings;
import org.quotient.experiments.initialisation.InitialisationStudy.Subjected;

@DisplayName("Path conditioning at initialisation")
class InitialisationStudyTest {

    @Test
    @DisplayName("an autoencoder 784-196-784 with variances ∝ 1/fan-in: z = ¼ log(n_out/n_hidden)")
    void autoencoder() {
        Layered network = Layered.biasFree("a", Initialisation.TORCH, 784, 196, 784);
        assertThat(network.closedForm().getFirst()).isCloseTo(0.25 * Math.log(784.0 / 196), within(1e-12));
    }

    @Test
    @DisplayName("the closed form is the minimiser at root mean square weights, whatever the gains")
    void closedForm() {
        for (Initialisation init : List.of(Initialisation.TORCH, Initialisation.HE, Initialisation.GLOROT)) {
            Layered network = Layered.biasFree("b", init, 20, 7, 12, 3, 9).scaled("c", 5, 0.1, 2, 1);
            List<Double> formula = network.closedForm();
            List<Double> minimised = network.meanField();
            for (int l = 0; l < formula.size(); l++) {
                assertThat(minimised.get(l)).isCloseTo(formula.get(l), within(1e-8));
            }
        }
    }

    @Test
    @DisplayName("constant width without biases: no rescaling at any gain")
    void noEffect() {
        Layered network = Layered.biasFree("d", Initialisation.HE, 7, 7, 7, 7);
        assertThat(network.closedForm()).allSatisfy(z -> assertThat(z).isCloseTo(0, within(1e-12)));
        assertThat(network.meanField()).allSatisfy(z -> assertThat(z).isCloseTo(0, within(1e-9)));
    }

    /** Expected: the layer-level problem in four unknowns, minimised by other means (quasi-Newton, then simplex). */
    @ParameterizedTest(name = "s = {0}, output bias {1}: {2}")
    @CsvSource({
        "100, false, 0.0464",
        "1, false, 0.0451",
        "0.333333333333, false, 0.0432",
        "0.1, false, 0.1402",
        "0.01, false, 4.5819",
        "0.1, true, 0.6296",
        "0.01, true, 8.4920"
    })
    @DisplayName("constant width 64, five layers: the largest 2|z| of the mean field")
    void constantWidth(double gain, boolean outputBias, double expected) {
        List<Double> z = InitialisationStudy.constantWidth(64, 5, gain, outputBias)
                .network()
                .meanField();
        assertThat(2 * z.stream().mapToDouble(Math::abs).max().orElseThrow()).isCloseTo(expected, within(1e-4));
    }

    @Test
    @DisplayName("2-64-64-64-64-2 with hidden biases: the mean field is (1.63, 0.895, 0.18, −0.485)")
    void moons() {
        assertThat(InitialisationStudy.moons(64, 4, false).network().meanField())
                .usingElementComparator((a, b) -> Math.abs(a - b) < 0.006 ? 0 : 1)
                .containsExactly(1.63, 0.895, 0.18, -0.485);
    }

    @Test
    @DisplayName(
            "the small version: the same seeds give the same numbers, minima are certified and near the prediction")
    void drawn() {
        InitialisationStudy.Results results = InitialisationStudy.run(Settings.quick(), () -> {});
        InitialisationStudy.Results again = InitialisationStudy.run(Settings.quick(), () -> {});
        for (int i = 0; i < results.subjects().size(); i++) {
            assertThat(again.subjects().get(i).draws())
                    .isEqualTo(results.subjects().get(i).draws());
        }
        Subjected bottleneck = results.subjects().getFirst();
        assertThat(bottleneck.layer(0).mean()).isCloseTo(bottleneck.closedForm().getFirst(), within(0.05));
        for (Draw draw : bottleneck.draws()) {
            assertThat(draw.gap()).isLessThan(1e-6);
            assertThat(draw.divergenceAfter()).isLessThan(draw.divergenceBefore());
        }
    }

    @Test
    @DisplayName("the closed form refuses biases")
    void biases() {
        Layered network = InitialisationStudy.moons(4, 1, true).network();
        assertThatThrownBy(network::closedForm).hasMessageContaining("without biases");
    }
}
