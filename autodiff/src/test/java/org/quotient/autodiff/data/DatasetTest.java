package org.quotient.autodiff.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

@DisplayName("data sets")
class DatasetTest {
    private static final List<String> TWO = List.of("no", "yes");

    /** Four points of the plane. */
    private static Dataset points() {
        return Dataset.of(
                "points",
                Shape.of(2),
                new Storage.Floats(new float[] {1, 10, 2, 10, 3, 10, 6, 10}),
                Labels.of(new int[] {0, 1, 1, 0}, TWO));
    }

    /** Three pictures of two channels, 1 by 3, whose byte i is 10·i. */
    private static Dataset pictures() {
        byte[] bytes = new byte[18];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (10 * i);
        }
        int[] labels = {0, 1, 2, 1, 1, 2, 0, 0, 0};
        return Dataset.of(
                "pictures", Shape.of(2, 1, 3), new Storage.Bytes(bytes), new Labels(labels, Shape.of(1, 3), TWO, true));
    }

    private static int[] all(Dataset data) {
        return IntStream.range(0, data.size()).toArray();
    }

    @Test
    @DisplayName("samples come in the order asked for, repeated or not, in the dtype asked for")
    void gather() {
        Tensor x = points().samples(new int[] {3, 0, 3}, DType.F32);
        assertThat(x.sameBits(Tensor.of(Shape.of(3, 2), DType.F32, 6, 10, 1, 10, 6, 10)))
                .isTrue();
        Tensor y = points().labels(new int[] {3, 1}, DType.F64);
        assertThat(y.sameBits(Tensor.of(Shape.of(2), 0, 1))).isTrue();
    }

    @Test
    @DisplayName("a checksum tells other numbers, labels, parts and orders, and is the same for the same")
    void checksum() {
        long sum = points().checksum();
        assertThat(points().checksum()).isEqualTo(sum);
        assertThat(points().select(new int[] {0, 1, 2, 3}).checksum()).isEqualTo(sum);
        assertThat(points().select(new int[] {1, 0, 2, 3}).checksum()).isNotEqualTo(sum);
        assertThat(points().subset(0, 3).checksum()).isNotEqualTo(sum);
        Storage numbers = new Storage.Floats(new float[] {1, 10, 2, 10, 3, 10, 6, 10});
        assertThat(Dataset.of("points", Shape.of(2), numbers, Labels.of(new int[] {0, 1, 1, 1}, TWO))
                        .checksum())
                .isNotEqualTo(sum);
        Storage other = new Storage.Floats(new float[] {1, 10, 2, 10, 3, 10, 6, 11});
        assertThat(Dataset.of("points", Shape.of(2), other, Labels.of(new int[] {0, 1, 1, 0}, TWO))
                        .checksum())
                .isNotEqualTo(sum);
        assertThat(pictures().checksum()).isEqualTo(pictures().checksum());
        assertThat(DataSplit.of("p", "", points(), points()).checksum())
                .isNotEqualTo(
                        DataSplit.of("p", "", points(), points().subset(0, 3)).checksum());
    }

    @Test
    @DisplayName("the middle of pictures comes with the labels of its pixels")
    void cropped() {
        Dataset middle = pictures().select(new int[] {2, 0}).cropped(1, 1);
        assertThat(middle.sampleShape()).isEqualTo(Shape.of(2, 1, 1));
        assertThat(middle.samples(new int[] {0, 1}, DType.F64).data())
                .containsExactly(130 / 255.0, 160 / 255.0, 10 / 255.0, 40 / 255.0);
        assertThat(middle.labels(new int[] {0, 1}, DType.F64).data()).containsExactly(0, 1);
        assertThat(middle.voidLabel()).isEqualTo(pictures().voidLabel());
        assertThat(pictures().cropped(1, 3).checksum()).isEqualTo(pictures().checksum());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pictures().cropped(2, 3))
                .withMessageContaining("2 by 3 cannot be cut out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> points().cropped(1, 1))
                .withMessageContaining("cannot be cut out");
    }

    @Test
    @DisplayName("a byte b stands for b/255, also above 127")
    void bytes() {
        Tensor x = pictures().samples(new int[] {2}, DType.F64);
        assertThat(x.shape()).isEqualTo(Shape.of(1, 2, 1, 3));
        assertThat(x.data())
                .containsExactly(120 / 255.0, 130 / 255.0, 140 / 255.0, 150 / 255.0, 160 / 255.0, 170 / 255.0);
    }

    @Test
    @DisplayName("labels of pixels keep their places, void is the number of classes")
    void pixels() {
        Dataset data = pictures();
        assertThat(data.labels(new int[] {1, 0}, DType.F64).sameBits(Tensor.of(Shape.of(2, 1, 3), 1, 1, 2, 0, 1, 2)))
                .isTrue();
        assertThat(data.voidLabel()).hasValue(2);
        assertThat(data.classes()).isEqualTo(2);
        assertThat(points().voidLabel()).isEmpty();
    }

    @Test
    @DisplayName("a part of a part is a composition of choices")
    void parts() {
        Dataset part = points().select(new int[] {3, 2, 1}).subset(1, 3).select(new int[] {1, 0});
        assertThat(part.samples(all(part), DType.F64).data()).containsExactly(2, 10, 3, 10);
        assertThat(part.label(0)).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> part.select(new int[] {2}))
                .withMessageContaining("0 to 1")
                .withMessageContaining("2");
        assertThatIllegalArgumentException().isThrownBy(() -> part.select(new int[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> part.subset(1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> part.subset(0, 3));
    }

    @Test
    @DisplayName("standardised training inputs have mean 0 and variance 1 in every channel")
    void standardised() {
        Dataset data = pictures();
        Standardisation by = Standardisation.of(data);
        double[] x = data.standardised(by).samples(all(data), DType.F64).data();
        for (int channel = 0; channel < 2; channel++) {
            double mean = 0;
            double square = 0;
            for (int i = 0; i < 9; i++) {
                double value = x[i / 3 * 6 + channel * 3 + i % 3];
                mean += value / 9;
                square += value * value / 9;
            }
            assertThat(mean).isCloseTo(0, within(1e-14));
            assertThat(square).isCloseTo(1, within(1e-14));
        }
    }

    @Test
    @DisplayName("by hand: points 1, 2, 3, 6 have mean 3 and variance 14/4; a constant feature is centred only")
    void byHand() {
        Standardisation by = Standardisation.of(points());
        assertThat(by.mean()).containsExactly(3, 10);
        assertThat(by.deviation()[0]).isCloseTo(Math.sqrt(3.5), within(1e-15));
        assertThat(by.deviation()[1]).isEqualTo(1);
    }

    @Test
    @DisplayName("the test part is standardised by the numbers of the training part, and standardising twice is once")
    void fromTraining() {
        DataSplit split = DataSplit.of("p", "", points().subset(0, 2), points().subset(2, 4))
                .standardised();
        assertThat(split.test().samples(new int[] {0, 1}, DType.F64).data()).containsExactly(3, 0, 9, 0);
        DataSplit twice = split.standardised();
        assertThat(twice.test().standardisation()).isEqualTo(split.test().standardisation());
        assertThat(split.map(part -> part.standardised(Standardisation.NONE))
                        .test()
                        .samples(new int[] {0}, DType.F64)
                        .data())
                .containsExactly(3, 10);
    }

    @Test
    @DisplayName("bytes read through the table are (b/255 − mean) / deviation to the bit")
    void table() {
        Standardisation by = new Standardisation(new double[] {0.3, 0.7}, new double[] {0.11, 0.37});
        double[] x =
                pictures().standardised(by).samples(new int[] {1}, DType.F64).data();
        for (int j = 0; j < 6; j++) {
            double raw = (60 + 10 * j) / 255.0;
            assertThat(x[j]).isEqualTo(j < 3 ? (raw - 0.3) / 0.11 : (raw - 0.7) / 0.37);
        }
    }

    @Test
    @DisplayName("reshaping keeps numbers and their standardisation by channel")
    void reshaped() {
        Dataset data = pictures().standardised(Standardisation.of(pictures()));
        Dataset flat = data.reshaped(Shape.of(6));
        assertThat(flat.samples(all(flat), DType.F64).shape()).isEqualTo(Shape.of(3, 6));
        assertThat(flat.samples(all(flat), DType.F64).data())
                .containsExactly(data.samples(all(data), DType.F64).data());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> data.reshaped(Shape.of(7)))
                .withMessageContaining("[2, 1, 3]")
                .withMessageContaining("[7]");
    }

    @Test
    @DisplayName("numbers to be predicted follow their samples")
    void targets() {
        Dataset data = points().withTargets(Shape.of(1), new Storage.Floats(new float[] {5, 6, 7, 8}))
                .select(new int[] {2, 0});
        assertThat(data.targets(new int[] {0, 1}, DType.F64).sameBits(Tensor.of(Shape.of(2, 1), 7, 5)))
                .isTrue();
        assertThat(data.targetShape()).contains(Shape.of(1));
        assertThatIllegalStateException().isThrownBy(() -> points().targets(new int[] {0}, DType.F64));
    }

    @Test
    @DisplayName("what does not fit together is refused: counts, labels, classes, parts")
    void refused() {
        Storage numbers = new Storage.Floats(new float[5]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of("d", Shape.of(2), numbers, Labels.of(new int[2], TWO)))
                .withMessageContaining("5 numbers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.of(new int[] {0, 2}, TWO))
                .withMessageContaining("sample 1")
                .withMessageContaining("0 to 1");
        assertThatIllegalArgumentException().isThrownBy(() -> Labels.of(new int[] {-1}, TWO));
        assertThatIllegalArgumentException().isThrownBy(() -> Labels.of(new int[1], List.of("a", "a")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Labels(new int[] {3, 0, 0}, Shape.of(1, 3), TWO, true));
        assertThatIllegalArgumentException().isThrownBy(() -> DataSplit.of("d", "", points(), pictures()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Standardisation(new double[] {0}, new double[] {0}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> points().standardised(new Standardisation(new double[3], new double[] {1, 1, 1})));
    }

    @Test
    @DisplayName("the last training samples are set aside for validation, once")
    void validation() {
        DataSplit split = DataSplit.of("p", "", points(), points()).withValidation(1);
        assertThat(split.train().size()).isEqualTo(3);
        assertThat(split.validation()
                        .orElseThrow()
                        .samples(new int[] {0}, DType.F64)
                        .data())
                .containsExactly(6, 10);
        assertThatIllegalArgumentException().isThrownBy(() -> split.withValidation(1));
        DataSplit whole = DataSplit.of("p", "", points(), points());
        assertThatIllegalArgumentException().isThrownBy(() -> whole.withValidation(4));
    }
}
