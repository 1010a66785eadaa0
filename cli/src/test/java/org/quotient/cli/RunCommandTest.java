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
    @DisplayName("a program sees Quotient and its arguments; its exit code is passed back")
    void runs() throws IOException {
        Path program = program("if (rank != 3) { System.exit(7); }");
        assertThat(Run.of("run", program, "mlp:2-3-1").code()).isZero();
        assertThat(Run.of("run", program, "mlp:2-4-1").code()).isEqualTo(7);
    }

    @Test
    @DisplayName("everything after the file goes to the program as it stands, also what looks like an option of ours")
    void argumentsUnchanged() throws IOException {
        Path program = program("""
                var rest = java.util.List.of(args).subList(1, args.length);
                System.exit(rest.equals(java.util.List.of("-h", "--json", "--", "@file", "help", "a b")) ? 5 : 6);""");
        Run run = Run.of("run", program, "mlp:2-3-1", "-h", "--json", "--", "@file", "help", "a b");
        assertThat(run.code()).isEqualTo(5);
        assertThat(run.out()).isEmpty();
        assertThat(Run.of("run", "-h").out()).contains("Usage: quotient run");
    }

    @Test
    @DisplayName("what is no Java file is refused")
    void refused() {
        Run.of("run", folder.resolve("absent.java")).isRefusedWith("absent.java");
        Run.of("run", folder).isRefusedWith("not a Java file");
    }
}
