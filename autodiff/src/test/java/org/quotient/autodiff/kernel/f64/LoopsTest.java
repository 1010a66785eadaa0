package org.quotient.autodiff.kernel.f64;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.kernel.Scratch;

/** Loops that do several rows at a time, against those that do one. */
class LoopsTest {
    private static final int STEP = 3;
    private final CounterRandom random = CounterRandom.seeded(7);

    private double[] numbers(int count) {
        double[] x = new double[count];
        for (int i = 0; i < count; i++) {
            x[i] = random.normal(i);
        }
        return x;
    }

    @Test
    void squaresOfRowsHaveTheBitsOfEachRowAlone() {
        Scratch scratch = new Scratch();
        // Whole groups of vectors, vectors beside them, numbers beside those, and rows too short for vectors.
        for (int n : new int[] {1, 127, 128, 131, 160, 200, 257, 784, 1029}) {
            for (int rows = 1; rows <= Loops.ROWS; rows++) {
                double[] x = numbers(5 + rows * (n + STEP));
                double[] together = new double[rows + 2];
                double[] alone = new double[rows + 2];
                Loops.rowSquares(rows, n, x, 5, n + STEP, together, 1, scratch);
                for (int r = 0; r < rows; r++) {
                    int at = 5 + r * (n + STEP);
                    alone[1 + r] = Loops.dot(n, x, at, x, at);
                }
                assertThat(together).as("%d rows of %d", rows, n).isEqualTo(alone);
            }
        }
    }
}
