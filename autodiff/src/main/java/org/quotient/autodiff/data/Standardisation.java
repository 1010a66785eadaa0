package org.quotient.autodiff.data;

import java.util.Arrays;

/**
 * Centring and scaling of inputs: x becomes (x − mean) / deviation. There is one pair of numbers for each entry of a sample's
 * first axis: for a picture [C, H, W] one a channel, for a vector [d] one a feature. The numbers are those of the training
 * part and are applied to every part, so that the test part stays unseen (LeCun, Bottou, Orr and Müller 1998, section 4.3).
 *
 * @param mean one for each of k consecutive blocks of equal length of a sample
 * @param deviation as many, positive
 */
public record Standardisation(double[] mean, double[] deviation) {
    /** None: inputs as they are stored. */
    public static final Standardisation NONE = new Standardisation(new double[] {0}, new double[] {1});

    private static final int BYTES = 256;

    /**
     * Copies the numbers.
     *
     * @throws IllegalArgumentException if their counts differ or are 0, one is not finite, or a deviation is not positive
     */
    public Standardisation {
        mean = mean.clone();
        deviation = deviation.clone();
        if (mean.length == 0
                || mean.length != deviation.length
                || !Arrays.stream(mean).allMatch(Double::isFinite)
                || !Arrays.stream(deviation).allMatch(s -> s > 0 && Double.isFinite(s))) {
            throw new IllegalArgumentException(
                    "A standardisation needs as many finite means as positive deviations; given "
                            + Arrays.toString(mean) + " and " + Arrays.toString(deviation));
        }
    }

    /** The means, as a fresh array. */
    @Override
    public double[] mean() {
        return mean.clone();
    }

    /** The deviations, as a fresh array. */
    @Override
    public double[] deviation() {
        return deviation.clone();
    }

    /**
     * The means and standard deviations (over samples and positions, divided by their number) of a data set as stored, that
     * is, before any standardisation it may have. An entry that never changes gets the deviation 1.
     *
     * @param training the training part
     */
    public static Standardisation of(Dataset training) {
        Dataset stored = training.standardised(NONE);
        int blocks = stored.sampleShape().rank() == 0 ? 1 : stored.sampleShape().size(0);
        double[] mean = averages(stored, new double[blocks], false);
        double[] variance = averages(stored, mean, true);
        double[] deviation = new double[blocks];
        for (int k = 0; k < blocks; k++) {
            // Rounding leaves a little variance where all numbers are equal.
            boolean constant = variance[k] <= 1e-24 * Math.max(mean[k] * mean[k], Double.MIN_NORMAL);
            deviation[k] = constant ? 1 : Math.sqrt(variance[k]);
        }
        return new Standardisation(mean, deviation);
    }

    /** Per block, the average of x − centre or of its square. */
    private static double[] averages(Dataset data, double[] centre, boolean squared) {
        int length = data.sampleShape().elements() / centre.length;
        double[] total = new double[centre.length];
        double[] sample = new double[data.sampleShape().elements()];
        for (int i = 0; i < data.size(); i++) {
            data.copySample(i, sample, 0);
            for (int k = 0; k < total.length; k++) {
                double sum = 0;
                for (int j = k * length; j < (k + 1) * length; j++) {
                    double d = sample[j] - centre[k];
                    sum += squared ? d * d : d;
                }
                total[k] += sum;
            }
        }
        for (int k = 0; k < total.length; k++) {
            total[k] /= (double) data.size() * length;
        }
        return total;
    }

    /** How many blocks a sample falls into. */
    int blocks() {
        return mean.length;
    }

    /** Applies this to {@code count} numbers, a sample. */
    void apply(double[] values, int at, int count) {
        int length = count / mean.length;
        for (int k = 0; k < mean.length; k++) {
            if (mean[k] != 0 || deviation[k] != 1) {
                for (int j = at + k * length; j < at + (k + 1) * length; j++) {
                    values[j] = (values[j] - mean[k]) / deviation[k];
                }
            }
        }
    }

    /** What each of the 256 bytes becomes, block after block: k·256 numbers. */
    double[] table() {
        byte[] all = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            all[i] = (byte) i;
        }
        double[] table = new double[mean.length * BYTES];
        for (int k = 0; k < mean.length; k++) {
            new Storage.Bytes(all).copy(0, BYTES, table, k * BYTES);
        }
        apply(table, 0, table.length);
        return table;
    }

    /** Whether a sample of so many numbers falls into the blocks. */
    boolean suits(int count) {
        return count % mean.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Standardisation(double[] m, double[] d)
                && Arrays.equals(mean, m)
                && Arrays.equals(deviation, d);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
    }

    /** Such as {@code mean [0.1307], deviation [0.3081]}. */
    @Override
    public String toString() {
        return "mean " + Arrays.toString(mean) + ", deviation " + Arrays.toString(deviation);
    }
}
