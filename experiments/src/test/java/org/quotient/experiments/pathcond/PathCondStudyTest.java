package org.quotient.experiments.pathcond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.TrainingMode;
import org.quotient.autodiff.network.Weights;
import org.quotient.experiments.pathcond.PathCondSettings.Kind;
import org.quotient.experiments.pathcond.PathCondStudy.Part;
import org.quotient.experiments.pathcond.PathCondStudy.Results;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Tuned;

@DisplayName("The experiments of path-conditioned training")
class PathCondStudyTest {
    private static final String NETWORK = "mlp:6-8-4-3,bias=false,bn=true";

    private static Tensor output(Network network, Weights weights) {
        CounterRandom random = CounterRandom.seeded(3);
        double[] x = new double[5 * 6];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.normal(i);
        }
        Map<String, Tensor> given = new LinkedHashMap<>(weights.asMap());
        given.put("x", Tensor.of(Shape.of(5, 6), DType.F64, x));
        return Evaluator.evaluate(network.outputs().getFirst(), given);
    }

    private static double apart(Tensor a, Tensor b) {
        double most = 0;
        for (int i = 0; i < a.size(); i++) {
            most = Math.max(most, Math.abs(a.get(i) - b.get(i)));
        }
        return most;
    }

    @Test
    @DisplayName(
            "the published rescaling keeps a network with batch normalisation at inference, not in training; the exact one keeps both")
    void normalisation() {
        Model model = BuiltIns.network(NETWORK).model(0);
        Network trained = TrainingMode.of(model.network());
        Weights drawn = model.weights();
        Weights published = PublishedStart.of(NETWORK).weights(drawn);
        Weights exact = PublishedStart.exact(model.network()).weights(drawn);
        assertThat(apart(output(model.network(), published), output(model.network(), drawn)))
                .isLessThan(1e-9);
        assertThat(apart(output(trained, published), output(trained, drawn))).isGreaterThan(0.01);
        assertThat(apart(output(model.network(), exact), output(model.network(), drawn)))
                .isLessThan(1e-9);
        assertThat(apart(output(trained, exact), output(trained, drawn))).isLessThan(1e-9);
        assertThat(published.get("bn1.weight").sameBits(drawn.get("bn1.weight")))
                .isTrue();
        assertThat(exact.get("bn1.weight").sameBits(drawn.get("bn1.weight"))).isFalse();
    }

    @Test
    @DisplayName(
            "all parts are run; PathCond and ENorm begin with the function of SGD, with batch normalisation the published start does not")
    void starts() throws IOException {
        PathCondSettings settings = PathCondSettings.quick();
        Results results = PathCondStudy.run(settings, Optional.empty(), Journal.inMemory(), () -> {});
        assertThat(results.entries()).hasSize((int) settings.runs());
        for (Kind kind : Kind.values()) {
            assertThat(results.parts(kind)).as(kind.name()).isNotEmpty();
        }
        for (Part part : results.parts()) {
            Tuned tuned = results.tuned(part);
            double sgd = first(tuned, 0);
            assertThat(first(tuned, 1)).isCloseTo(sgd, within(1e-4 * Math.abs(sgd)));
            assertThat(first(tuned, 3)).isCloseTo(sgd, within(1e-4 * Math.abs(sgd)));
            boolean published = tuned.methods().get(2).name().equals(PathCondSettings.PUBLISHED);
            assertThat(published).isEqualTo(part.setting().kind() != Kind.AUTOENCODER);
            assertThat(Math.abs(first(tuned, 2) - sgd) < 1e-4 * Math.abs(sgd)).isEqualTo(!published);
            assertThat(part.scales()).allSatisfy(z -> assertThat(z).isPositive());
        }
    }

    private static double first(Tuned tuned, int method) {
        return tuned.runs(tuned.methods().get(method))
                .getFirst()
                .outcome()
                .losses()
                .getFirst();
    }
}
