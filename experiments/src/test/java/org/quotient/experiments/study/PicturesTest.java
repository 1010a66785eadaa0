package org.quotient.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.data.Labels;
import org.quotient.autodiff.data.Storage;

@DisplayName("Pictures made smaller, and predicted from themselves")
class PicturesTest {
    private static final DataSplit DATA = data(2, 4);

    /** Two samples of two channels, numbered through. */
    private static DataSplit data(int rows, int columns) {
        float[] numbers = new float[2 * 2 * rows * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        Dataset all = Dataset.of(
                "numbers",
                Shape.of(2, rows, columns),
                new Storage.Floats(numbers),
                Labels.of(new int[] {1, 0}, List.of("a", "b")));
        return DataSplit.of("numbers", "in order", all, all.subset(1, 2));
    }

    @Test
    @DisplayName("each number of a halved picture is the mean of a block of 2 by 2 in its channel; labels stay")
    void halves() {
        DataSplit half = Pictures.halved(DATA);
        assertThat(half.train().sampleShape()).isEqualTo(Shape.of(2, 1, 2));
        assertThat(half.train().samples(new int[] {0, 1}, DType.F64).data())
                .containsExactly(2.5, 4.5, 10.5, 12.5, 18.5, 20.5, 26.5, 28.5);
        assertThat(half.train().label(0)).isEqualTo(1);
        assertThat(half.test().samples(new int[] {0}, DType.F64).data()).containsExactly(18.5, 20.5, 26.5, 28.5);
    }

    @Test
    @DisplayName("what is to be predicted is the sample itself, as a vector")
    void themselves() {
        DataSplit same = Pictures.ofThemselves(DATA);
        assertThat(same.test().targetShape()).contains(Shape.of(16));
        assertThat(same.test().targets(new int[] {0}, DType.F64).data())
                .containsExactly(DATA.test().samples(new int[] {0}, DType.F64).data());
    }

    @Test
    @DisplayName("pictures of an odd number of rows are refused")
    void refuses() {
        assertThatThrownBy(() -> Pictures.halved(data(3, 4))).hasMessageContaining("even");
    }
}
