package org.quotient.experiments.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.experiments.size.SizeStudy.Case;
import org.quotient.experiments.size.SizeStudy.Settings;
import org.quotient.experiments.study.Kept;

@DisplayName("Certified functional dimension on networks of growing size")
class SizeStudyTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "lower ≤ upper ≤ bound; what is lost adds up; singular values never count more than the exact upper bound")
    void intervals() throws IOException {
        List<Case> cases = SizeStudy.run(Settings.quick(), Optional.empty(), Kept.inMemory(SizeStudy.LINES), () -> {})
                .cases();
        assertThat(cases).hasSize((int) Settings.quick().runs());
        for (Case c : cases) {
            Finding f = c.finding();
            assertThat(f.lower()).as(c.network()).isLessThanOrEqualTo(f.upper());
            assertThat(f.upper()).isLessThanOrEqualTo(f.bound());
            assertThat(f.unexplained()).isBetween(0, f.bound() - f.lower());
            int told = f.lost().stream()
                    .mapToInt(l -> Integer.parseInt(l.substring(0, l.indexOf(' '))))
                    .sum();
            assertThat(told).isEqualTo(c.singular() ? 0 : f.bound() - f.lower());
        }
        for (Case c : cases.stream().filter(Case::singular).toList()) {
            Finding exact = cases.stream()
                    .filter(e -> !e.singular() && e.network().equals(c.network()))
                    .findFirst()
                    .orElseThrow()
                    .finding();
            assertThat(c.finding().lower()).isLessThanOrEqualTo(exact.upper());
        }
    }

    @Test
    @DisplayName("an interrupted study does not look twice; a file of other settings is refused")
    void resumes() throws IOException {
        Path file = folder.resolve("runs.jsonl");
        Settings settings = Settings.quick();
        Finding some = new Finding(5, 4, 3, 4, false, 0, 9, List.of("1 dead a"), 0, 0, 0.5, "");
        Kept<String, Finding> first = SizeStudy.findings(file, settings);
        assertThat(first.of("a", () -> some)).isEqualTo(some);
        Files.writeString(file, Files.readString(file) + "{\"name\":\"b\",\"find");
        AtomicInteger looked = new AtomicInteger();
        Kept<String, Finding> second = SizeStudy.findings(file, settings);
        assertThat(second.of("a", () -> {
                    looked.incrementAndGet();
                    return some;
                }))
                .isEqualTo(some);
        assertThat(looked).hasValue(0);
        assertThatThrownBy(() -> SizeStudy.findings(file, Settings.onDigits()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--fresh");
    }
}
