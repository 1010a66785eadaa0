package org.quotient.interop.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quotient.interop.data.SmallFiles.images;
import static org.quotient.interop.data.SmallFiles.labels;
import static org.quotient.interop.data.SmallFiles.write;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.data.MadeData;
import org.quotient.autodiff.data.Standardisation;
import org.quotient.interop.InteropException;

@DisplayName("data sets by name")
class DataSetsTest {
    @TempDir
    private Path folder;

    private static int[] all(Dataset data) {
        return IntStream.range(0, data.size()).toArray();
    }

    private static Tensor inputs(Dataset data) {
        return data.samples(all(data), DType.F64);
    }

    private static double[] labelsOf(Dataset data) {
        return data.labels(all(data), DType.F64).data();
    }

    /** Ten training pictures with labels 0 to 9, four test pictures, in a folder whose name has a comma. */
    private String mnist() {
        Path data = folder.resolve("a,b");
        write(data.resolve("train-images-idx3-ubyte"), images(10, 6, 6));
        write(data.resolve("train-labels-idx1-ubyte"), labels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        write(data.resolve("t10k-images-idx3-ubyte"), images(4, 6, 6));
        write(data.resolve("t10k-labels-idx1-ubyte"), labels(3, 2, 1, 0));
        return "mnist:" + data;
    }

    @ParameterizedTest
    @ValueSource(strings = {"moons", "spirals", "teacher", "digits"})
    @DisplayName("what is made on the spot has the defaults that the catalogue states, and is standardised")
    void made(String name) {
        DataSplit split = DataSets.load(name, 3);
        MadeData standard = switch (name) {
            case "moons" -> MadeData.moons();
            case "spirals" -> MadeData.spirals();
            case "teacher" -> MadeData.teacher();
            default -> MadeData.digits();
        };
        DataSplit drawn = standard.draw(3);
        DataSplit stored = DataSets.load(name + ",standardise=false,seed=3", 8);
        assertThat(inputs(split.train()).sameBits(inputs(drawn.standardised().train())))
                .isTrue();
        assertThat(inputs(stored.test()).sameBits(inputs(drawn.test()))).isTrue();
        assertThat(split.train().standardisation()).isNotEqualTo(Standardisation.NONE);
    }

    @Test
    @DisplayName("settings reach what they are named for")
    void settings() {
        assertThat(DataSets.load("moons,n=40,noise=0,fraction=0.5").train().size())
                .isEqualTo(20);
        assertThat(DataSets.load("spirals,n=40,arms=4,turns=1").train().classes())
                .isEqualTo(4);
        DataSplit teacher = DataSets.load("teacher,n=50,inputs=7,hidden=3,classes=5");
        assertThat(teacher.train().sampleShape()).isEqualTo(Shape.of(7));
        assertThat(teacher.train().targetShape()).contains(Shape.of(5));
        assertThat(DataSets.load("digits,n=20,size=9").train().sampleShape()).isEqualTo(Shape.of(1, 9, 9));
    }

    @Test
    @DisplayName("validation takes the last training samples, train and test the first that remain")
    void first() {
        DataSplit split = DataSets.load(mnist() + ",train=4,validation=3,test=2");
        assertThat(labelsOf(split.train())).containsExactly(0, 1, 2, 3);
        assertThat(labelsOf(split.validation().orElseThrow())).containsExactly(7, 8, 9);
        assertThat(labelsOf(split.test())).containsExactly(3, 2);
        assertThat(split.description()).contains("4 of the train part taken", "3 set aside", "2 of the test part");
        assertThat(split.train().standardisation())
                .isEqualTo(
                        Standardisation.of(DataSets.load(mnist() + ",train=4").train()));
    }

    @Test
    @DisplayName("a random subset is a function of the seed, and its parts do not overlap")
    void random() {
        String spec = mnist() + ",subset=random,train=6,validation=4";
        DataSplit split = DataSets.load(spec, 1);
        assertThat(labelsOf(split.train()))
                .containsExactly(labelsOf(DataSets.load(spec, 1).train()));
        assertThat(labelsOf(split.train()))
                .isNotEqualTo(labelsOf(DataSets.load(spec, 2).train()));
        double[] both = new double[10];
        System.arraycopy(labelsOf(split.train()), 0, both, 0, 6);
        System.arraycopy(labelsOf(split.validation().orElseThrow()), 0, both, 6, 4);
        assertThat(both).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    @DisplayName("a validation part of its own is taken as a whole, in part or not at all")
    void ownValidation() {
        write(folder.resolve("classes.txt"), "0 Sky 1 2 3\n");
        for (String part : new String[] {"train", "val", "test"}) {
            for (String name : new String[] {"a.png", "b.png"}) {
                write(folder.resolve(part).resolve(name), SmallFiles.colours(2, 1, 2));
                write(folder.resolve(part + "annot").resolve(name), SmallFiles.greys(2, 0, 0));
            }
        }
        String spec = "camvid:" + folder;
        assertThat(DataSets.load(spec).validation().orElseThrow().size()).isEqualTo(2);
        assertThat(DataSets.load(spec + ",validation=1,train=1")
                        .validation()
                        .orElseThrow()
                        .size())
                .isEqualTo(1);
        DataSplit without = DataSets.load(spec + ",validation=0");
        assertThat(without.validation()).isEmpty();
        assertThat(without.train().size()).isEqualTo(2);
        DataSplit cropped = DataSets.load(spec + ",crop=1x1");
        assertThat(cropped.train().sampleShape()).isEqualTo(Shape.of(3, 1, 1));
        assertThat(cropped.test().labelShape()).isEqualTo(Shape.of(1, 1));
        assertThatThrownBy(() -> DataSets.load(spec + ",crop=1"))
                .hasMessageContaining("height and width such as 88x120");
        assertThatThrownBy(() -> DataSets.load(spec + ",crop=9x9")).hasMessageContaining("9 by 9 cannot be cut out");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "moon | Did you mean moons?",
                "cifar:x | Did you mean cifar10?",
                "zzzzzzzzzz | Known: moons, spirals, teacher, digits, mnist, fashion-mnist, cifar10, camvid.",
                "moons,nois=1 | Did you mean noise?",
                "moons,n=7 | even number of points",
                "moons,n | a value, such as n=2000",
                "moons,n=many | a whole number of 4 or more; given 'many'",
                "moons,noise=loud | a number such as 0.1; given 'loud'",
                "moons,n=10,n=10 | given twice",
                "moons:here | expected moons without a folder",
                "mnist | expected mnist:DIR",
                "mnist: | expected mnist:DIR",
                "moons,subset=last | first or random; given 'last'",
                "moons,standardise=maybe | true or false",
                "moons,seed=x | a whole number",
                "moons,train=0 | from 1 to 1500; given '0'",
                "moons,train=1501 | from 1 to 1500",
                "moons,validation=1500 | from 0 to 1499",
                "moons,validation=100,train=1401 | from 1 to 1400",
                "digits,test=all,size=3 | size"
            })
    @DisplayName("what is wrong is said with what is expected")
    void refused(String spec, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSets.load(spec))
                .withMessageContaining(words)
                .withMessageContaining(spec.split("[:,]")[0]);
    }

    @Test
    @DisplayName("missing files are a problem of the outside world")
    void missing() {
        assertThatThrownBy(() -> DataSets.load("fashion-mnist:" + folder.resolve("none")))
                .isInstanceOf(InteropException.class)
                .hasMessageContaining("none");
    }

    @Test
    @DisplayName("every example of the catalogue that needs no folder loads")
    void catalogue() {
        assertThat(DataSets.catalogue())
                .extracting(DataSource::name)
                .containsExactly(
                        "moons", "spirals", "teacher", "digits", "mnist", "fashion-mnist", "cifar10", "camvid");
        for (DataSource source : DataSets.catalogue()) {
            if (!source.needsFolder()) {
                assertThat(DataSets.load(source.example()).name()).isEqualTo(source.name());
            }
        }
    }
}
