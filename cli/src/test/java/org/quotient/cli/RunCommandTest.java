package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** run. */
class RunCommandTest {
    @TempDir
    private Path folder;

    private Path program(String body) throws IOException {
        return Files.writeString(folder.resolve("Program.java"), """
                import org.quotient.autodiff.network.BuiltIns;
                import org.quotient.geometry.RescalingGroup;

                void main(String[] args) {
                    int rank = RescalingGroup.of(BuiltIns.network(args[0]).network()).rank();
                    %s
                }
                """.formatted(body));
    }

    @Test
    @DisplayName("a program sees Quotient and its arguments; its failure is an exit code of 2")
    void runs() throws IOException {
        Path program = program("if (rank != 3) { System.exit(7); }");
        assertThat(Run.of("run", program, "mlp:2-3-1").code()).isZero();
        assertThat(Run.of("run", program, "mlp:2-4-1").code()).isEqualTo(2);
    }

    @Test
    @DisplayName("what is no Java file is refused")
    void refused() {
        Run.of("run", folder.resolve("absent.java")).isRefusedWith("absent.java");
        Run.of("run", folder).isRefusedWith("not a Java file");
    }
}
