package org.quotient.autodiff.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

class AugmentationTest {
    private static final int C = 2;
    private static final int H = 4;
    private static final int W = 5;

    private static Tensor pictures(int n) {
        return Tensor.fill(Shape.of(n, C, H, W), DType.F64, i -> 1 + i);
    }

    @Property(tries = 200, seed = "42")
    @Label("pixel (r, c) of the result is pixel (r + down, c + right) of the mirrored picture, or 0 beyond its border")
    void definition(@ForAll long seed, @ForAll @IntRange(min = 0, max = 6) int padding, @ForAll boolean flip) {
        Augmentation augmentation = new Augmentation(padding, flip, seed);
        int[] samples = {4, 9, 2};
        Tensor before = pictures(3);
        Tensor after = augmentation.pictures(before, 17, samples);
        for (int i = 0; i < 3; i++) {
            Augmentation.Move move = augmentation.move(17, samples[i]);
            assertThat(Math.abs(move.down())).isLessThanOrEqualTo(padding);
            assertThat(Math.abs(move.right())).isLessThanOrEqualTo(padding);
            assertThat(move.mirrored() && !flip).isFalse();
            for (int c = 0; c < C; c++) {
                for (int r = 0; r < H; r++) {
                    for (int x = 0; x < W; x++) {
                        int fromR = r + move.down();
                        int fromX = x + move.right();
                        boolean inside = fromR >= 0 && fromR < H && fromX >= 0 && fromX < W;
                        int source = move.mirrored() ? W - 1 - fromX : fromX;
                        double expected = inside ? before.get(((i * C + c) * H + fromR) * W + source) : 0;
                        assertThat(after.get(((i * C + c) * H + r) * W + x)).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Property(tries = 50, seed = "43")
    @Label("labels of pixels move with their pictures, and what enters is void")
    void labels(@ForAll long seed) {
        Augmentation augmentation = new Augmentation(3, true, seed);
        Tensor one = Tensor.fill(Shape.of(2, 1, H, W), DType.F64, i -> 1 + i);
        int[] samples = {0, 1};
        Tensor moved = augmentation.pictures(one, 5, samples);
        Tensor labels = augmentation.labels(one.reshaped(Shape.of(2, H, W)), 5, samples, 99);
        for (int i = 0; i < moved.size(); i++) {
            assertThat(labels.get(i)).isEqualTo(moved.get(i) == 0 ? 99 : moved.get(i));
        }
    }

    @Test
    void theMoveOfASampleDoesNotDependOnItsBatch() {
        Augmentation augmentation = new Augmentation(2, true, 3);
        Tensor all = augmentation.pictures(pictures(3), 8, new int[] {5, 6, 7});
        Tensor last = Tensor.fill(Shape.of(1, C, H, W), DType.F64, i -> 1 + 2 * C * H * W + i);
        Tensor alone = augmentation.pictures(last, 8, new int[] {7});
        for (int i = 0; i < alone.size(); i++) {
            assertThat(alone.get(i)).isEqualTo(all.get(2 * C * H * W + i));
        }
        assertThat(new Augmentation(0, false, 3)
                        .pictures(last, 8, new int[] {7})
                        .sameBits(last))
                .isTrue();
    }

    /** 50 moves, 20,000 draws of mean 400 each: within five standard deviations. */
    @Test
    void shiftsAndFlipsAreEquallyLikelyOverStepsAndSamples() {
        Augmentation augmentation = new Augmentation(2, true, 0);
        Map<Augmentation.Move, Integer> counts = new HashMap<>();
        for (int t = 0; t < 200; t++) {
            for (int s = 0; s < 100; s++) {
                counts.merge(augmentation.move(t, s), 1, Integer::sum);
            }
        }
        assertThat(counts).hasSize(50);
        counts.values().forEach(count -> assertThat((double) count).isCloseTo(400, within(5 * 20.0)));
    }

    @Test
    void vectorsAndWrongCountsAreRefused() {
        Augmentation augmentation = new Augmentation(1, true, 0);
        Tensor vectors = Tensor.of(Shape.of(1, 2), 1, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> augmentation.pictures(vectors, 0, new int[1]))
                .withMessageContaining("[1, 2]");
        assertThatIllegalArgumentException().isThrownBy(() -> augmentation.pictures(pictures(2), 0, new int[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> new Augmentation(-1, true, 0));
    }
}
