package org.quotient.experiments.study;

import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.data.Labels;
import org.quotient.autodiff.data.Storage;

/** Pictures made smaller, and pictures as what is to be predicted. Samples are read as they are, standardised if they were. */
public final class Pictures {
    private static final int RANK = 3;

    private Pictures() {}

    /**
     * Every picture of half as many rows and columns, each number the mean of a block of 2 by 2.
     *
     * @param data samples [channels, height, width] with one label each
     * @throws IllegalArgumentException if samples are no pictures, or rows or columns are odd
     */
    public static DataSplit halved(DataSplit data) {
        Shape from = data.train().sampleShape();
        if (from.rank() != RANK || from.size(1) % 2 != 0 || from.size(2) % 2 != 0) {
            throw new IllegalArgumentException(
                    "Pictures [channels, height, width] of an even number of rows and columns"
                            + " can be halved; given samples of shape " + from);
        }
        Shape to = Shape.of(from.size(0), from.size(1) / 2, from.size(2) / 2);
        return data.map(part -> of(part, to, means(samples(part), from)));
    }

    /**
     * Every sample is to be predicted from itself, as a vector.
     *
     * @param data with one label a sample, which is kept
     */
    public static DataSplit ofThemselves(DataSplit data) {
        Shape each = data.train().sampleShape();
        return data.map(part -> {
            float[] all = samples(part);
            return of(part, each, all).withTargets(Shape.of(each.elements()), new Storage.Floats(all));
        });
    }

    private static Dataset of(Dataset part, Shape each, float[] samples) {
        int[] labels = IntStream.range(0, part.size()).map(part::label).toArray();
        return Dataset.of(part.name(), each, new Storage.Floats(samples), Labels.of(labels, part.classNames()));
    }

    private static float[] samples(Dataset part) {
        int each = part.sampleShape().elements();
        float[] all = new float[Math.multiplyExact(part.size(), each)];
        for (int i = 0; i < part.size(); i++) {
            double[] one = part.samples(new int[] {i}, DType.F64).data();
            for (int j = 0; j < each; j++) {
                all[i * each + j] = (float) one[j];
            }
        }
        return all;
    }

    private static float[] means(float[] all, Shape from) {
        int width = from.size(2);
        float[] out = new float[all.length / 4];
        // Rows are even in number, so that pairs of rows run through channels and samples alike.
        for (int pair = 0, to = 0; pair < all.length / (2 * width); pair++) {
            int at = pair * 2 * width;
            for (int j = 0; j < width; j += 2) {
                out[to++] = (all[at + j] + all[at + j + 1] + all[at + width + j] + all[at + width + j + 1]) / 4;
            }
        }
        return out;
    }
}
