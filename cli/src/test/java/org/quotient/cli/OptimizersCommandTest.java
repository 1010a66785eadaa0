package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.optimizers.zoo.OptimizerKind;
import org.quotient.optimizers.zoo.Optimizers;

/** {@code optimizers}. */
class OptimizersCommandTest {
    @Test
    @DisplayName("optimizers lists every optimizer with its law, its step and its settings")
    void listing() throws IOException {
        JsonNode list = Run.of("optimizers", "--json").json().get("optimizers");
        assertThat(list.findValuesAsText("name"))
                .containsExactlyElementsOf(
                        Optimizers.all().stream().map(OptimizerKind::name).toList());
        for (JsonNode entry : list) {
            assertThat(entry.get("law").asText()).isNotBlank();
            assertThat(entry.get("source").asText()).isNotBlank();
            assertThat(Run.of("optimizers").out()).contains(entry.get("step").asText());
        }
    }
}
