package org.quotient.autodiff.kernel.f64;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The vector code and the plain loops that stand in for it until it is compiled. */
class ConvolutionTileTest {

    private static double[] numbers(long seed, int size) {
        return new SplittableRandom(seed).doubles(size, -1, 1).toArray();
    }

    @Property(tries = 50)
    @Label("six rows of a product are the same bits in vectors and in plain loops")
    void products(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(max = 20) int k,
            @ForAll boolean narrow) {
        int width = narrow ? ConvolutionTile.NARROW : ConvolutionTile.WIDE;
        double[] a = numbers(seed, rows * (k + 1));
        double[] b = numbers(seed + 1, k * width + 1);
        double[] start = numbers(seed + 2, 6 * width);
        double[] plain = new double[6 * (width + 3)];
        double[] vector = new double[6 * (width + 3)];
        ConvolutionTile.multiply(false, width, k, a, 0, k + 1, rows, b, 1, start, 0, width, plain, 2, width + 2);
        ConvolutionTile.multiply(true, width, k, a, 0, k + 1, rows, b, 1, start, 0, width, vector, 2, width + 2);
        assertThat(vector).isEqualTo(plain);
    }

    @Property(tries = 50)
    @Label("copies move the same numbers in vectors and in plain loops")
    void copies(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int length) {
        int lanes = VectorCopies.LANES;
        int rows = 5;
        int step = 40 + lanes;
        double[] from = numbers(seed, 8 * step + lanes);
        int[] starts = {3, 1, 4, 1, 5};
        double[][] to = new double[2][rows * step];
        for (int way = 0; way < 2; way++) {
            boolean vector = way == 1;
            VectorCopies.stream(vector, from, 2, step, rows, to[way], 1, step);
            VectorCopies.column(vector, from, starts, 2, rows, to[way], 1 + lanes, step, Math.min(lanes, length));
        }
        assertThat(to[1]).isEqualTo(to[0]);
        double[][] packed = new double[2][4 * length + lanes];
        for (int way = 0; way < 2; way++) {
            VectorCopies.stretches(way == 1, from, 1, 2, 2 * step, 2, step, length, packed[way], 0);
            // The vector code may write up to a vector beyond the end.
            Arrays.fill(packed[way], 4 * length, packed[way].length, 0);
        }
        assertThat(packed[1]).isEqualTo(packed[0]);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    @Label("images are laid out alike in vectors and in plain loops, with margins or cut")
    void padding(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int height,
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = -2, max = 20) int left,
            @ForAll @IntRange(min = -2, max = 2) int top,
            @ForAll @IntRange(min = 1, max = 45) int columns) {
        int[] rows = {0, 1, 3};
        PaddedLayout layout = new PaddedLayout(height, width, top, left, 4, 1, columns, rows, new int[] {0});
        double[] image = numbers(seed, 2 * height * width);
        double[][] copies = new double[2][2 * layout.plane() + VectorCopies.LANES];
        for (int way = 0; way < 2; way++) {
            layout.copy(way == 1, image, 0, 2, copies[way], 0);
        }
        for (int c = 0; c < 2; c++) {
            for (int row : rows) {
                for (int column = 0; column < columns; column++) {
                    int y = row - top;
                    int x = column - left;
                    boolean inside = y >= 0 && y < height && x >= 0 && x < width;
                    double expected = inside ? image[(c * height + y) * width + x] : 0;
                    int at = c * layout.plane() + layout.at(row, column);
                    assertThat(copies[0][at]).isEqualTo(expected);
                    assertThat(copies[1][at]).isEqualTo(expected);
                }
            }
        }
    }
}
