package org.quotient.interop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quotient.interop.data.SmallFiles.cut;
import static org.quotient.interop.data.SmallFiles.gzip;
import static org.quotient.interop.data.SmallFiles.images;
import static org.quotient.interop.data.SmallFiles.joined;
import static org.quotient.interop.data.SmallFiles.labels;
import static org.quotient.interop.data.SmallFiles.write;

import java.io.IOException;
import java.nio.ByteBuffer;
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

@DisplayName("IDX files")
class IdxTest {
    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

    @TempDir
    private Path folder;

    @BeforeEach
    void three() {
        write(folder.resolve(TRAIN_IMAGES), images(3, 9, 10));
        write(folder.resolve(TRAIN_LABELS + ".gz"), gzip(labels(4, 0, 9)));
        write(folder.resolve(TEST_IMAGES + ".gz"), gzip(images(2, 9, 10)));
        write(folder.resolve(TEST_LABELS), labels(1, 2));
    }

    private void refused(String... words) {
        assertThatThrownBy(() -> Idx.mnist(folder))
                .isInstanceOf(InteropException.class)
                .satisfies(e -> {
                    for (String word : words) {
                        assertThat(e).hasMessageContaining(word);
                    }
                });
    }

    @Test
    @DisplayName("plain and packed files give their pictures and labels")
    void read() {
        DataSplit split = Idx.mnist(folder);
        assertThat(split.train().size()).isEqualTo(3);
        assertThat(split.test().size()).isEqualTo(2);
        assertThat(split.train().sampleShape()).isEqualTo(Shape.of(1, 9, 10));
        assertThat(split.train().labels(new int[] {0, 1, 2}, DType.F64).data()).containsExactly(4, 0, 9);
        double[] last = split.train().samples(new int[] {2}, DType.F64).data();
        for (int i = 0; i < 90; i++) {
            assertThat(last[i]).isEqualTo((180 + i) % 256 / 255.0);
        }
        assertThat(split.validation()).isEmpty();
        assertThat(split.description()).contains("3 to train on", "2 to test");
        assertThat(Idx.fashionMnist(folder).train().classNames()).hasSize(10).startsWith("T-shirt/top");
    }

    @Test
    @DisplayName("a missing folder or file is named with what is expected")
    void missing() throws IOException {
        assertThatThrownBy(() -> Idx.mnist(folder.resolve("none")))
                .isInstanceOf(InteropException.class)
                .hasMessageContaining("none")
                .hasMessageContaining(TRAIN_IMAGES);
        assertThatThrownBy(() -> Idx.mnist(folder.resolve(TRAIN_IMAGES))).hasMessageContaining("is a file");
        Files.delete(folder.resolve(TEST_LABELS));
        refused("has no file '" + TEST_LABELS + "'", ".gz");
    }

    @Test
    @DisplayName("a wrong first number is named with the right one")
    void magic() {
        write(folder.resolve(TRAIN_IMAGES), labels(1, 2, 3, 4, 5, 6, 7, 8, 9));
        refused("2049", "2051", TRAIN_IMAGES);
    }

    @Test
    @DisplayName("a file that ends early or goes on is counted")
    void lengths() {
        byte[] whole = images(3, 9, 10);
        write(folder.resolve(TRAIN_IMAGES), cut(whole, whole.length - 1));
        refused("270 in all", "holds 269", "incomplete");
        write(folder.resolve(TRAIN_IMAGES), joined(whole, new byte[2]));
        refused("holds 272", "follows");
        write(folder.resolve(TRAIN_IMAGES), cut(whole, 9));
        refused("within its header");
        write(folder.resolve(TRAIN_IMAGES), new byte[0]);
        refused("within its header");
        write(folder.resolve(TRAIN_IMAGES), whole);
        write(folder.resolve(TRAIN_LABELS + ".gz"), gzip(cut(labels(1, 2, 3), 10)));
        refused(TRAIN_LABELS, "incomplete");
    }

    @Test
    @DisplayName("impossible sizes are refused before memory is asked for")
    void sizes() {
        byte[] header = ByteBuffer.allocate(16)
                .putInt(2051)
                .putInt(Integer.MAX_VALUE)
                .putInt(Integer.MAX_VALUE)
                .putInt(Integer.MAX_VALUE)
                .array();
        write(folder.resolve(TRAIN_IMAGES), header);
        refused("declares images of 2147483647 by 2147483647");
        write(folder.resolve(TRAIN_IMAGES), images(0, 9, 10));
        refused("declares 0 items");
        write(
                folder.resolve(TRAIN_IMAGES),
                ByteBuffer.allocate(16)
                        .putInt(2051)
                        .putInt(-3)
                        .putInt(9)
                        .putInt(10)
                        .array());
        refused("declares -3 items");
    }

    @Test
    @DisplayName("a label out of range is named with its place")
    void labelRange() {
        write(folder.resolve(TEST_LABELS), labels(1, 10));
        refused("label 1 is 10", "0 to 9", TEST_LABELS);
        write(folder.resolve(TEST_LABELS), labels(255, 1));
        refused("label 0 is 255");
    }

    @Test
    @DisplayName("images and labels of different counts, and parts of different sizes, do not belong together")
    void counts() {
        write(folder.resolve(TEST_LABELS), labels(1, 2, 3));
        refused("has 2 images", "has 3 labels");
        write(folder.resolve(TEST_LABELS), labels(1, 2));
        write(folder.resolve(TEST_IMAGES + ".gz"), gzip(images(2, 10, 9)));
        refused("9 by 10", "10 by 9");
    }

    @Test
    @DisplayName("a damaged archive is named")
    void archive() {
        byte[] packed = gzip(images(2, 9, 10));
        packed[packed.length / 2] ^= 0x55;
        write(folder.resolve(TEST_IMAGES + ".gz"), packed);
        refused(TEST_IMAGES + ".gz", "not an intact gzip file");
    }
}
