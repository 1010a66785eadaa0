package org.quotient.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The deliberate faults of {@code proofs-checks/faults} still fit the sources that they are made for. */
class FaultsTest {

    static Stream<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("faults"))) {
            return files.filter(f -> f.toString().endsWith(".patch")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("patches")
    @DisplayName("what a fault replaces is there, once")
    void fits(Path patch) throws IOException {
        List<String> lines = Files.readAllLines(patch);
        String file = lines.stream()
                .filter(l -> l.startsWith("--- a/"))
                .findFirst()
                .orElseThrow()
                .substring("--- a/".length());
        String source = Files.readString(Path.of("..").resolve(file));
        int start = lines.indexOf(
                lines.stream().filter(l -> l.startsWith("@@")).findFirst().orElseThrow());
        String replaced = lines.subList(start + 1, lines.size()).stream()
                .filter(l -> l.startsWith(" ") || l.startsWith("-"))
                .map(l -> l.substring(1) + "\n")
                .collect(Collectors.joining());
        assertThat(source).containsOnlyOnce(replaced);
        assertThat(lines.subList(start, lines.size())).anyMatch(l -> l.startsWith("-") || l.startsWith("+"));
    }
}
