package org.quotient.experiments.gsgdmlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.experiments.gsgdmlp.GsgdStudy.Results;
import org.quotient.experiments.gsgdmlp.GsgdStudy.Settings;
import org.quotient.experiments.study.Journal;
import org.quotient.experiments.study.Method;

@DisplayName("G-SGD on a narrow network")
class GsgdStudyTest {
    private static double first(Results results, int method, int seed) {
        Method of = results.settings().methods().get(method);
        return results.runs(of).get(seed).outcome().losses().getFirst();
    }

    @Test
    @DisplayName(
            "the ablation begins where G-SGD does, and elsewhere than SGD; G-SGD that keeps its start begins with SGD")
    void starts() throws IOException {
        Settings settings = Settings.quick();
        Results results = GsgdStudy.run(settings, Optional.empty(), Journal.inMemory(), () -> {});
        assertThat(settings.methods().stream().map(Method::name))
                .containsExactly(
                        "SGD",
                        "SGD, skeleton start",
                        "G-SGD as published",
                        "G-SGD, index, kept start",
                        "G-SGD, score, kept start");
        for (int seed = 0; seed < settings.seeds().size(); seed++) {
            assertThat(first(results, 1, seed)).isEqualTo(first(results, 2, seed));
            assertThat(first(results, 1, seed)).isNotCloseTo(first(results, 0, seed), within(0.01));
            assertThat(first(results, 3, seed)).isEqualTo(first(results, 0, seed));
            assertThat(first(results, 4, seed)).isEqualTo(first(results, 0, seed));
            assertThat(bits(results, 1, seed)).isNotEqualTo(bits(results, 2, seed));
        }
        assertThat(results.hiddenUnits()).isEqualTo(36);
        assertThat(results.parameters()).isEqualTo(64 * 12 + 2 * 144 + 120);
    }

    private static String bits(Results results, int method, int seed) {
        return results.runs(results.settings().methods().get(method))
                .get(seed)
                .outcome()
                .bits();
    }

    @Test
    @DisplayName("SGD learns from the skeleton's start, and published G-SGD learns")
    void learns() throws IOException {
        Settings quick = Settings.quick();
        Settings settings = new Settings(
                quick.data(),
                quick.hidden(),
                quick.batch(),
                10,
                quick.gamma(),
                1,
                quick.methods().subList(1, 3),
                quick.choosing(),
                List.of(0L));
        Results results = GsgdStudy.run(settings, Optional.empty(), Journal.inMemory(), () -> {});
        for (Method method : settings.methods()) {
            assertThat(results.runs(method).getFirst().outcome().trainLoss())
                    .as(method.name())
                    .isLessThan(1);
        }
    }
}
