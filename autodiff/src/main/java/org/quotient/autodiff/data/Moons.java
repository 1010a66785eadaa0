package org.quotient.autodiff.data;

import java.util.List;
import java.util.Locale;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Shape;

/**
 * Two half circles that reach into each other, with normal noise, as scikit-learn's {@code make_moons} draws them: class 0 at
 * (cos t, sin t), class 1 at (1 − cos t, 1/2 − sin t), t evenly spaced on [0, π], half of the points each (Pedregosa et al.
 * 2011). Samples of shape [2].
 *
 * @param n the number of points, even, at least 4
 * @param noise the standard deviation of both coordinates
 * @param train the fraction of points to train on, rounded to a whole number of points
 */
public record Moons(int n, double noise, double train) implements MadeData {
    private static final String NAME = "moons";

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Moons {
        if (n < 4 || n % 2 != 0) {
            throw Drawn.wrong(NAME, "an even number of points, at least 4", n);
        }
        Drawn.checkNoise(NAME, noise);
        Drawn.cut(NAME, n, train);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DataSplit draw(long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split("two moons");
        CounterRandom normal = random.split("noise");
        float[] x = new float[2 * n];
        int[] label = new int[n];
        int half = n / 2;
        for (int i = 0; i < n; i++) {
            double t = Math.PI * (i % half) / (half - 1);
            boolean outer = i < half;
            double a = outer ? StrictMath.cos(t) : 1 - StrictMath.cos(t);
            double b = outer ? StrictMath.sin(t) : 0.5 - StrictMath.sin(t);
            x[2 * i] = (float) (a + noise * normal.normal(2L * i));
            x[2 * i + 1] = (float) (b + noise * normal.normal(2L * i + 1));
            label[i] = outer ? 0 : 1;
        }
        Dataset all = Dataset.of(NAME, Shape.of(2), new Storage.Floats(x), Labels.of(label, List.of("outer", "inner")));
        String description = String.format(Locale.ROOT, "two moons, %d points, noise %s", n, noise);
        return Drawn.split(description, all, Drawn.cut(NAME, n, train), random);
    }
}
