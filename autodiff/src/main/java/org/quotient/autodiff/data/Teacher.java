package org.quotient.autodiff.data;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Shape;

/**
 * What a random ReLU network with one hidden layer, the teacher, says of standard normal points (the teacher and student
 * setting of Saad and Solla 1995). Hidden weights and biases are normal with variance 2/inputs and 1/4, output weights standard
 * normal; outputs are then shifted and scaled, which the teacher's last layer could do itself, to mean 0 and variance 1 over
 * the points, so that no class is rare. The label is the largest output; the outputs themselves are the
 * {@linkplain Dataset#targets targets} of a regression. Samples of shape [inputs], targets of shape [classes].
 *
 * @param n the number of points, at least 2
 * @param inputs the dimension of a point, at least 1
 * @param hidden the number of the teacher's units, at least 1
 * @param classes the number of the teacher's outputs, at least 2
 * @param train the fraction of points to train on, rounded to a whole number of points
 */
public record Teacher(int n, int inputs, int hidden, int classes, double train) implements MadeData {
    private static final String NAME = "teacher";

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Teacher {
        if (n < 2 || inputs < 1 || hidden < 1 || classes < 2) {
            throw Drawn.wrong(
                    NAME,
                    "two points or more, one input and one unit or more, two classes or more",
                    n + " points, " + inputs + " inputs, " + hidden + " units, " + classes + " classes");
        }
        Drawn.cut(NAME, n, train);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DataSplit draw(long seed) {
        CounterRandom random = CounterRandom.seeded(seed).split(NAME);
        float[] x = new float[Math.multiplyExact(n, inputs)];
        CounterRandom points = random.split("points");
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) points.normal(i);
        }
        double[] y = outputs(x, random);
        for (int k = 0; k < classes; k++) {
            standardise(y, k);
        }
        int[] label = new int[n];
        float[] target = new float[y.length];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < classes; k++) {
                target[i * classes + k] = (float) y[i * classes + k];
                label[i] = y[i * classes + k] > y[i * classes + label[i]] ? k : label[i];
            }
        }
        List<String> names =
                IntStream.range(0, classes).mapToObj(k -> "output " + k).toList();
        Dataset all = Dataset.of(NAME, Shape.of(inputs), new Storage.Floats(x), Labels.of(label, names))
                .withTargets(Shape.of(classes), new Storage.Floats(target));
        String description = String.format(
                Locale.ROOT, "largest output of a random ReLU network %d-%d-%d, %d points", inputs, hidden, classes, n);
        return Drawn.split(description, all, Drawn.cut(NAME, n, train), random);
    }

    /** The teacher at every point, [n, classes]. */
    private double[] outputs(float[] x, CounterRandom random) {
        double[] in = normal(random.split("hidden weights"), hidden * inputs, Math.sqrt(2.0 / inputs));
        double[] bias = normal(random.split("hidden biases"), hidden, 0.5);
        double[] out = normal(random.split("output weights"), classes * hidden, 1);
        double[] y = new double[Math.multiplyExact(n, classes)];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < hidden; j++) {
                double h = bias[j];
                for (int l = 0; l < inputs; l++) {
                    h += in[j * inputs + l] * x[i * inputs + l];
                }
                for (int k = 0; h > 0 && k < classes; k++) {
                    y[i * classes + k] += out[k * hidden + j] * h;
                }
            }
        }
        return y;
    }

    private static double[] normal(CounterRandom random, int count, double deviation) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = deviation * random.normal(i);
        }
        return values;
    }

    /** Output k to mean 0 and variance 1; one that never changes to 0. */
    private void standardise(double[] y, int k) {
        double mean = 0;
        for (int i = k; i < y.length; i += classes) {
            mean += y[i] / n;
        }
        double variance = 0;
        for (int i = k; i < y.length; i += classes) {
            variance += (y[i] - mean) * (y[i] - mean) / n;
        }
        double deviation = variance > 0 ? Math.sqrt(variance) : 1;
        for (int i = k; i < y.length; i += classes) {
            y[i] = (y[i] - mean) / deviation;
        }
    }
}
