package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --optimizer class:FILE.java}. */
class OwnUpdateTest {
    @TempDir
    private Path folder;

    private static Path example(String name) {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("examples"))) {
            here = java.util.Objects.requireNonNull(here.getParent());
        }
        return here.resolve("examples").resolve(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SignOfTheLogarithm.java", "MomentumInTheFrame.java"})
    @DisplayName("an update of one's own, in a file, gets law checks and training for nothing")
    void ownUpdate(String example) throws IOException {
        String own = "class:" + example(example);
        JsonNode law = Run.of("invariance", "--optimizer", own, "--network", "mlp:3-5-4-2", "--steps", "5", "--json")
                .json();
        assertThat(law.get("law").asText()).isEqualTo("invariant");
        assertThat(law.get("bitwise").asBoolean()).isTrue();
        JsonNode trained = Run.of(
                        "train",
                        "mlp:2-16-16-2",
                        "--data",
                        "moons,n=400",
                        "--optimizer",
                        own,
                        "--learning-rate",
                        "0.01",
                        "--epochs",
                        "20",
                        "--json")
                .json();
        assertThat(trained.get("testAccuracy").asDouble()).isGreaterThan(0.9);
    }

    @Test
    @DisplayName("an update of one's own that is not there, does not compile or is none is refused in words")
    void noUpdate() throws IOException {
        assertThat(Run.of("invariance", "--optimizer", "class:none.Such", "--network", "mlp:2-2-1")
                        .err())
                .contains("QUOTIENT_CLASS_PATH");
        Path broken = folder.resolve("Broken.java");
        Files.writeString(broken, "class Broken { int x = ; }");
        assertThat(Run.of("invariance", "--optimizer", "class:" + broken, "--network", "mlp:2-2-1")
                        .err())
                .contains("does not compile", "Broken.java");
        Path other = folder.resolve("Other.java");
        Files.writeString(other, "class Other {}");
        assertThat(Run.of("invariance", "--optimizer", "class:" + other, "--network", "mlp:2-2-1")
                        .err())
                .contains("no class that implements");
    }

    @Test
    @DisplayName("an update of one's own that fails is named, and a checkpoint is not gone on with after it was edited")
    void ownUpdateEdited() throws IOException {
        Path own = folder.resolve("Own.java");
        String source = """
                import org.quotient.optimizers.*;
                public final class Own implements Update {
                    public String name() { return "own"; }
                    public Law law() { return Law.NONE; }
                    public Step step(Point at, Memory memory) {
                        %s
                        return Step.to(at.theta().minus(at.differential().times(at.learningRate())));
                    }
                }
                """;
        Object[] words = {
            "train",
            "mlp:2-4-2",
            "--data",
            "moons,n=100",
            "--optimizer",
            "class:" + own,
            "--learning-rate",
            "0.1",
            "--epochs",
            "2",
            "--checkpoint",
            folder.resolve("own"),
            "--json"
        };
        Files.writeString(own, source.formatted("if (at != null) throw new IllegalStateException(\"not yet\");"));
        Run.of(words).isRefusedWith("Own.java", "not yet", "Own.java:6");
        Files.writeString(own, source.formatted(""));
        assertThat(Run.of(words).json().get("steps").asInt()).isPositive();
        Files.writeString(own, source.formatted("// edited"));
        Run.of(words).isRefusedWith("another run", "checksum");
    }

    @Test
    @DisplayName("of several updates in a file the one of its name is meant; what one prints is no part of the answer")
    void severalUpdates() throws IOException {
        String step = """
                    public Law law() { return Law.NONE; }
                    public Step step(Point at, Memory memory) {
                        System.out.println("HELLO");
                        return %s;
                    }
                }
                """;
        String source = "import org.quotient.optimizers.*;\npublic final class Meant implements Update {\n"
                + "public String name() { return \"meant\"; }\n" + step
                + "final class %s implements Update {\npublic String name() { return \"other\"; }\n" + step;
        String good = "Step.to(at.theta().minus(at.differential().times(at.learningRate())))";
        Path own = folder.resolve("Meant.java");
        Files.writeString(own, source.formatted(good, "Zother", good));
        Object[] words = {
            "invariance", "--optimizer", "class:" + own, "--network", "mlp:2-3-1", "--steps", "2", "--json"
        };
        assertThat(Run.of(words).json().get("optimizer").asText()).isEqualTo("meant");
        words[2] = "enorm(every=2)+class:" + own;
        assertThat(Run.of(words).json().get("optimizer").asText()).isEqualTo("enorm+meant");
        Path other = folder.resolve("Other.java");
        Files.writeString(other, source.formatted(good, "Zother", good).replace("public final class", "final class"));
        words[2] = "class:" + other;
        Run.of(words).isRefusedWith("several updates: Meant, Zother", "the name of the file, Other");
        Files.writeString(own, source.formatted("null", "Zother", good));
        words[2] = "class:" + own;
        Run.of(words).isRefusedWith("Meant.java", "returns null from its method step");
    }
}
