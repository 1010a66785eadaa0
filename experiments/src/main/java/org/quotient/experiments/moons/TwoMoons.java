package org.quotient.experiments.moons;

import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Moons;

/**
 * The {@linkplain Moons two moons} as tensors in single precision.
 *
 * @param trainX [train, 2]
 * @param trainY [train], 0 or 1
 * @param testX [test, 2]
 * @param testY [test], 0 or 1
 */
public record TwoMoons(Tensor trainX, Tensor trainY, Tensor testX, Tensor testY) {

    /**
     * Draws points and splits them at random.
     *
     * @param points an even number, at least 4
     * @param noise the standard deviation of both coordinates
     * @param train the fraction of points to train on, rounded to a whole number of points
     * @param seed decides noise and split
     */
    public static TwoMoons of(int points, double noise, double train, long seed) {
        DataSplit moons = new Moons(points, noise, train).draw(seed);
        int[] trained = IntStream.range(0, moons.train().size()).toArray();
        int[] tested = IntStream.range(0, moons.test().size()).toArray();
        return new TwoMoons(
                moons.train().samples(trained, DType.F32),
                moons.train().labels(trained, DType.F32),
                moons.test().samples(tested, DType.F32),
                moons.test().labels(tested, DType.F32));
    }
}
