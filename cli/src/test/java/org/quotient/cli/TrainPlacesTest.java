package org.quotient.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
