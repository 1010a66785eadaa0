package org.quotient.interop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quotient.interop.data.SmallFiles.colours;
import static org.quotient.interop.data.SmallFiles.cut;
import static org.quotient.interop.data.SmallFiles.greys;
import static org.quotient.interop.data.SmallFiles.joined;
import static org.quotient.interop.data.SmallFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.interop.InteropException;

@DisplayName("pictures with a class for every pixel")
class LabelledImagesTest {
    @TempDir
    private Path folder;

    /** Pictures of 2 rows and 3 columns; classes 2, 7 and 200, void 5. */
    @BeforeEach
    void small() {
        write(
                folder.resolve("classes.txt"),
                "# id name r g b\n7 Road 1 2 3\n\n5 Void 0 0 0\n200 Car 9 9 9\n2 Sky 4 5 6\n");
        for (String part : new String[] {"train", "val", "test"}) {
            write(
                    folder.resolve(part).resolve("b.png"),
                    colours(3, 0x010203, 0x808182, 0xFF0000, 0x00FF00, 0x0000FF, 0xFEFDFC));
            write(folder.resolve(part + "annot").resolve("b.png"), greys(3, 2, 5, 7, 200, 2, 2));
        }
        write(folder.resolve("train/a.png"), colours(3, 0, 0, 0, 0, 0, 0));
        write(folder.resolve("trainannot/a.png"), greys(3, 7, 7, 7, 7, 7, 7));
        write(folder.resolve("train/.hidden"), "not a picture");
    }

    private DataSplit split() {
        return LabelledImages.read("camvid", "CamVid", folder);
    }

    private void refused(String... words) {
        assertThatThrownBy(this::split).isInstanceOf(InteropException.class).satisfies(e -> {
            for (String word : words) {
                assertThat(e).hasMessageContaining(word);
            }
        });
    }

    @Test
    @DisplayName("pictures come by name, channel after channel; classes are numbered by id, void is their number")
    void read() {
        DataSplit split = split();
        assertThat(split.train().size()).isEqualTo(2);
        assertThat(split.validation().orElseThrow().size()).isEqualTo(1);
        assertThat(split.train().classNames()).containsExactly("Sky", "Road", "Car");
        assertThat(split.train().voidLabel()).hasValue(3);
        Tensor labels = split.train().labels(new int[] {0, 1}, DType.F64);
        assertThat(labels.sameBits(Tensor.of(Shape.of(2, 2, 3), 1, 1, 1, 1, 1, 1, 0, 3, 1, 2, 0, 0)))
                .isTrue();
        double[] x = split.train().samples(new int[] {1}, DType.F64).data();
        double[] bytes = {1, 128, 255, 0, 0, 254, 2, 129, 0, 255, 0, 253, 3, 130, 0, 0, 255, 252};
        for (int i = 0; i < bytes.length; i++) {
            assertThat(x[i]).isEqualTo(bytes[i] / 255);
        }
        assertThat(split.description())
                .contains("2 to train on", "1 to validate", "1 to test", "2 by 3", "3 classes and void");
    }

    @Test
    @DisplayName("without a folder val there is no validation part, without a name of void no void")
    void optional() throws IOException {
        for (String part : new String[] {"val", "valannot"}) {
            Files.delete(folder.resolve(part).resolve("b.png"));
            Files.delete(folder.resolve(part));
        }
        write(folder.resolve("classes.txt"), "7 Road 1 2 3\n5 Building 0 0 0\n200 Car 9 9 9\n2 Sky 4 5 6\n");
        DataSplit split = split();
        assertThat(split.validation()).isEmpty();
        assertThat(split.train().voidLabel()).isEmpty();
        assertThat(split.train().classNames()).containsExactly("Sky", "Building", "Road", "Car");
    }

    @Test
    @DisplayName("missing folders, pictures and labels are named")
    void missing() throws IOException {
        assertThatThrownBy(() -> LabelledImages.read("c", "C", folder.resolve("none")))
                .hasMessageContaining("none")
                .hasMessageContaining("trainannot");
        Files.delete(folder.resolve("trainannot/a.png"));
        refused("a.png", "has no label picture", "trainannot");
        Files.delete(folder.resolve("train/a.png"));
        Files.delete(folder.resolve("test/b.png"));
        refused("is empty", "test");
        write(folder.resolve("test/c.png"), colours(3, 1, 2, 3, 4, 5, 6));
        write(folder.resolve("testannot/c.png"), greys(3, 2, 2, 2, 2, 2, 2));
        refused("b.png", "labels no picture");
        Files.delete(folder.resolve("testannot/b.png"));
        split();
        Files.delete(folder.resolve("valannot/b.png"));
        Files.delete(folder.resolve("valannot"));
        refused("no folder", "valannot");
    }

    @Test
    @DisplayName("pictures of different size are named with both sizes")
    void sizes() {
        write(folder.resolve("train/b.png"), colours(2, 1, 2, 3, 4, 5, 6));
        refused("b.png", "3 by 2", "2 by 3");
        write(folder.resolve("train/b.png"), colours(3, 1, 2, 3, 4, 5, 6));
        write(folder.resolve("trainannot/b.png"), greys(2, 2, 2, 2, 2, 2, 2));
        refused("trainannot", "b.png", "3 by 2", "its picture");
        write(folder.resolve("trainannot/b.png"), greys(3, 2, 2, 2, 2, 2, 2));
        write(folder.resolve("test/b.png"), colours(3, 1, 2, 3));
        write(folder.resolve("testannot/b.png"), greys(3, 2, 2, 2));
        refused("'train'", "1 by 3", "2 by 3");
    }

    @Test
    @DisplayName("a class that classes.txt does not list is named with its pixel")
    void unknownClass() {
        write(folder.resolve("valannot/b.png"), greys(3, 2, 5, 7, 200, 3, 2));
        refused("valannot", "pixel (1, 1)", "class 3");
    }

    @Test
    @DisplayName("labels in colour, pictures in grey and other files are refused")
    void kinds() {
        write(folder.resolve("trainannot/b.png"), colours(3, 1, 2, 3, 4, 5, 6));
        refused("trainannot", "red, green and blue in 8 bits", "numbers of classes");
        write(folder.resolve("trainannot/b.png"), greys(3, 2, 2, 2, 2, 2, 2));
        write(folder.resolve("train/b.png"), greys(3, 2, 2, 2, 2, 2, 2));
        refused("grey in 8 bits", "expected 8-bit red, green and blue");
        write(folder.resolve("train/c.jpg"), "");
        refused("c.jpg", "not a PNG picture");
    }

    @Test
    @DisplayName("a picture that ends anywhere, goes on or has a changed byte is refused")
    void damagedPictures() {
        byte[] whole = colours(3, 1, 2, 3, 4, 5, 6);
        for (int n = 0; n < whole.length; n++) {
            write(folder.resolve("test/b.png"), cut(whole, n));
            refused("b.png");
        }
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 0x08;
            write(folder.resolve("test/b.png"), changed);
            refused("b.png");
        }
        write(folder.resolve("test/b.png"), joined(whole, new byte[3]));
        refused("3 bytes follow");
    }

    @ParameterizedTest(name = "list {index}")
    @ValueSource(
            strings = {
                "0 Sky 1 2",
                "0 Sky 1 2 3 4",
                "x Sky 1 2 3",
                "256 Sky 1 2 3",
                "0 Sky 1 2 -3",
                "0 Sky 1 2 3\n0 Road 1 2 3",
                "0 Sky 1 2 3\n1 Sky 1 2 3",
                "0 Void 1 2 3",
                "0 Void 1 2 3\n1 Unlabelled 0 0 0\n2 Sky 1 1 1",
                ""
            })
    @DisplayName("a list of classes that makes no sense is refused")
    void classes(String text) {
        write(folder.resolve("classes.txt"), text);
        refused("classes.txt");
    }

    @Test
    @DisplayName("classes keep their colours in the order of the file")
    void classColours() {
        assertThat(PixelClass.read(folder.resolve("classes.txt")))
                .startsWith(new PixelClass(7, "Road", 1, 2, 3))
                .hasSize(4);
    }
}
