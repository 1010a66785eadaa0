package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.interop.WholeFile;
import org.quotient.interop.onnx.OnnxExport;

/** Where a training cannot leave its results is said before it begins. */
class TrainPlacesTest {
    @TempDir
    private Path folder;

    private String refusal(String... more) {
        String[] words = new String[7 + more.length];
        System.arraycopy(
                new String[] {"train", "mlp:2-4-2", "--data", "moons,n=40", "--optimizer", "sgd", "--epochs=1"},
                0,
                words,
                0,
                7);
        System.arraycopy(more, 0, words, 7, more.length);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.execute(words, new PrintWriter(out), new PrintWriter(err));
        assertThat(code).as("%s", out).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        return err.toString();
    }

    @Test
    void aMissingFolderForTheNetworkIsSaidBeforeTraining() {
        Path log = folder.resolve("log.jsonl");
        String said = refusal(
                "--log",
                log.toString(),
                "--out",
                folder.resolve("none").resolve("m.onnx").toString());
        assertThat(said).contains("--out expects").contains("folder that exists");
        assertThat(log).doesNotExist();
    }

    /** A log is written aside and moved into place; a device of that name would be gone. */
    @Test
    void aPipeIsNotReplacedByALog() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(refusal("--log", pipe.toString())).contains("--log expects").contains("plain file");
        assertThat(pipe).exists();
        assertThat(Files.isRegularFile(pipe)).isFalse();
    }

    @Test
    void aLogIsNoOtherFileOfTheSameCommand() throws IOException {
        String network = folder.resolve("n.onnx").toString();
        Path given = Path.of(network);
        WholeFile.write(given, OnnxExport.toProto(BuiltIns.model("mlp:2-4-2", 1))::writeTo);
        byte[] before = Files.readAllBytes(given);
        Run.of("train", network, "--data", "moons,n=40", "--optimizer", "sgd", "--epochs=1", "--log", network)
                .isRefusedWith("--log is a file of its own");
        assertThat(Files.readAllBytes(given)).isEqualTo(before);
        Path link = Files.createSymbolicLink(folder.resolve("link.onnx"), given);
        assertThat(refusal("--log", link.toString(), "--out", network))
                .contains("--log is a file of its own", "n.onnx");
        Path run = Files.createDirectory(folder.resolve("run"));
        assertThat(refusal(
                        "--checkpoint",
                        run.toString(),
                        "--log",
                        run.resolve("training.checkpoint").toString()))
                .contains("one of the checkpoint's");
        assertThat(Files.readAllBytes(given)).isEqualTo(before);
    }

    @Test
    void aLinkIsFollowedAndAFileKeepsItsPermissions() throws IOException {
        Path real = Files.writeString(folder.resolve("real.jsonl"), "old");
        Set<PosixFilePermission> own = PosixFilePermissions.fromString("rw-------");
        Files.setPosixFilePermissions(real, own);
        Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), Path.of("real.jsonl"));
        Run.of(
                        "train",
                        "mlp:2-4-2",
                        "--data",
                        "moons,n=40",
                        "--optimizer",
                        "sgd",
                        "--epochs=1",
                        "--log",
                        link,
                        "--json")
                .json();
        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(real)).contains("\"epoch\":1");
        assertThat(Files.getPosixFilePermissions(real)).isEqualTo(own);
    }

    @Test
    void linksThroughLinkedFoldersAndDanglingOnesLeadWhereTheSystemSays() throws IOException {
        Path real = Files.createDirectories(folder.resolve("real/sub"));
        Path near = Files.createSymbolicLink(folder.resolve("near"), Path.of("real/sub"));
        Files.createSymbolicLink(real.resolve("f.jsonl"), Path.of("../g.jsonl"));
        Path other = Files.writeString(folder.resolve("g.jsonl"), "precious");
        Run.of(
                        "train",
                        "mlp:2-4-2",
                        "--data",
                        "moons,n=40",
                        "--optimizer",
                        "sgd",
                        "--epochs=1",
                        "--log",
                        near.resolve("f.jsonl"),
                        "--json")
                .json();
        assertThat(Files.readString(other)).isEqualTo("precious");
        assertThat(Files.readString(folder.resolve("real/g.jsonl"))).contains("\"epoch\":1");
        Path run = Files.createDirectory(folder.resolve("run"));
        Path log = Files.createSymbolicLink(run.resolve("log.jsonl"), Path.of("training.checkpoint"));
        assertThat(refusal("--checkpoint", run.toString(), "--log", log.toString()))
                .contains("one of the checkpoint's");
        Path device = Files.createSymbolicLink(folder.resolve("out"), Path.of("/dev/stdout"));
        assertThat(refusal("--log", device.toString())).contains("plain file");
    }

    @Test
    void aTrainingThatDivergesInItsLastStepLeavesNothing() {
        Path out = folder.resolve("m.onnx");
        String[] last = {"--batch", "1000", "--learning-rate", "1e300", "--out", out.toString()};
        assertThat(refusal(last)).contains("diverged", "step 1");
        assertThat(out).doesNotExist();
    }

    private static Run grid(String rates) {
        String data = "moons,n=40,validation=8";
        return Run.of(
                "train",
                "mlp:2-4-2",
                "--data",
                data,
                "--optimizer=sgd",
                "--epochs=1",
                "--batch=1000",
                "--grid",
                rates,
                "--json");
    }

    @Test
    void aRateThatDivergesInItsLastStepIsNotChosen() throws IOException {
        JsonNode json = grid("1e300,0.1").json();
        assertThat(json.get("learningRate").asDouble()).isEqualTo(0.1);
        assertThat(json.get("grid").get(0).get("diverged").asBoolean()).isTrue();
        grid("1e300,1e301").isRefusedWith("every learning rate");
    }

    @Test
    void aCheckpointOfMoreEpochsOrAnotherGraphIsNotGoneOnWith() throws IOException {
        Model relu = BuiltIns.model("mlp:2-4-2", 1);
        Model tanh = BuiltIns.model("mlp:2-4-2,activation=tanh", 1).at(relu.weights());
        Path network = folder.resolve("n.onnx");
        WholeFile.write(network, OnnxExport.toProto(relu)::writeTo);
        Object[] words = {
            "train",
            network,
            "--data",
            "moons,n=40",
            "--optimizer",
            "sgd",
            "--epochs=3",
            "--checkpoint",
            folder.resolve("c"),
            "--json"
        };
        assertThat(Run.of(words).json().get("epochs").asInt()).isEqualTo(3);
        assertThat(Run.of(words).json().get("epochs").asInt()).isEqualTo(3);
        words[6] = "--epochs=2";
        Run.of(words).isRefusedWith("more than --epochs 2");
        words[6] = "--epochs=4";
        WholeFile.write(network, OnnxExport.toProto(tanh)::writeTo);
        Run.of(words).isRefusedWith("another run", "graph");
    }
}
