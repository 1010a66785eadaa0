package org.quotient.interop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quotient.interop.data.SmallFiles.cut;
import static org.quotient.interop.data.SmallFiles.gzip;
import static org.quotient.interop.data.SmallFiles.joined;
import static org.quotient.interop.data.SmallFiles.records;
import static org.quotient.interop.data.SmallFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.interop.InteropException;

@DisplayName("CIFAR-10, binary version")
class Cifar10Test {
    @TempDir
    private Path folder;

    @BeforeEach
    void two() {
        write(folder.resolve("data_batch_4.bin.gz"), gzip(records(7, 8, 9)));
        write(folder.resolve("data_batch_2.bin"), records(1, 2));
        write(folder.resolve("test_batch.bin"), records(5));
        write(folder.resolve("batches.meta.txt"), "airplane");
    }

    private void refused(String... words) {
        assertThatThrownBy(() -> Cifar10.read(folder))
                .isInstanceOf(InteropException.class)
                .satisfies(e -> {
                    for (String word : words) {
                        assertThat(e).hasMessageContaining(word);
                    }
                });
    }

    @Test
    @DisplayName("batches follow each other by number, plain or packed, and the description says which are there")
    void read() {
        DataSplit split = Cifar10.read(folder);
        assertThat(split.train().sampleShape()).isEqualTo(Shape.of(3, 32, 32));
        assertThat(split.train().labels(new int[] {0, 1, 2, 3, 4}, DType.F64).data())
                .containsExactly(1, 2, 7, 8, 9);
        double[] x = split.train().samples(new int[] {3}, DType.F64).data();
        for (int j = 0; j < 3072; j++) {
            assertThat(x[j]).isEqualTo((1 + j) % 256 / 255.0);
        }
        assertThat(split.test().size()).isEqualTo(1);
        assertThat(split.test().classNames().get(split.test().label(0))).isEqualTo("dog");
        assertThat(split.description()).contains("batches 2, 4 of 5 only", "5 to train on");
    }

    @Test
    @DisplayName("all five are all, and a batch that is there twice counts once")
    void five() {
        for (int k = 1; k <= 5; k++) {
            write(folder.resolve("data_batch_" + k + ".bin"), records(0));
        }
        DataSplit split = Cifar10.read(folder);
        assertThat(split.train().size()).isEqualTo(5);
        assertThat(split.description()).contains("all five");
    }

    @Test
    @DisplayName("missing files are named with what is expected")
    void missing() throws IOException {
        assertThatThrownBy(() -> Cifar10.read(folder.resolve("none")))
                .hasMessageContaining("none")
                .hasMessageContaining("test_batch.bin");
        Files.delete(folder.resolve("test_batch.bin"));
        refused("has no file 'test_batch.bin'");
        Files.delete(folder.resolve("data_batch_2.bin"));
        Files.delete(folder.resolve("data_batch_4.bin.gz"));
        refused("no training batch", "data_batch_1.bin");
    }

    @Test
    @DisplayName("the Python version and a sixth batch are recognised")
    void others() throws IOException {
        write(folder.resolve("data_batch_6.bin"), records(1));
        refused("data_batch_6.bin", "none of CIFAR-10's five");
        Files.delete(folder.resolve("data_batch_6.bin"));
        write(folder.resolve("data_batch_1"), records(1));
        refused("Python version");
    }

    @Test
    @DisplayName("a length that is no number of records, a label out of range and a damaged archive are named")
    void damaged() {
        byte[] whole = records(1, 2);
        for (byte[] wrong : new byte[][] {cut(whole, whole.length - 1), joined(whole, new byte[1]), new byte[0]}) {
            write(folder.resolve("data_batch_2.bin"), wrong);
            refused("data_batch_2.bin", "holds " + wrong.length + " bytes", "3073");
        }
        write(folder.resolve("data_batch_2.bin"), records(1, 10));
        refused("data_batch_2.bin", "record 1 is 10", "0 to 9");
        write(folder.resolve("data_batch_2.bin"), whole);
        byte[] packed = gzip(whole);
        write(folder.resolve("data_batch_4.bin.gz"), cut(packed, packed.length - 5));
        refused("data_batch_4.bin.gz", "ends early");
    }
}
