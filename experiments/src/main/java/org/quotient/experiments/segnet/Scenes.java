package org.quotient.experiments.segnet;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.data.DataSplit;
import org.quotient.autodiff.data.Dataset;
import org.quotient.autodiff.data.Labels;
import org.quotient.autodiff.data.Storage;
import org.quotient.experiments.study.Material;

/** Pictures with a class for every pixel, made on the spot: a bright rectangle on a dark ground, its border without a class. */
final class Scenes {
    /** The name of such data. */
    static final String SOURCE = "scenes";

    private static final int SIZE = 12;
    private static final int NOTHING = 2;

    private Scenes() {}

    /** So many of each part; 12 by 12 pixels, 1 channel, 2 classes and void. */
    static DataSplit made(Material sizes) {
        return new DataSplit(
                "scenes",
                "rectangles made on the spot",
                part("train", sizes.train()),
                Optional.of(part("validation", sizes.validation())),
                part("test", sizes.test()));
    }

    private static Dataset part(String name, int count) {
        CounterRandom random = CounterRandom.seeded(0).split(name);
        CounterRandom noise = random.split("noise");
        float[] pixels = new float[count * SIZE * SIZE];
        int[] labels = new int[pixels.length];
        for (int n = 0; n < count; n++) {
            int top = 1 + (int) (random.uniform(2 * n) * (SIZE / 2));
            int left = 1 + (int) (random.uniform(2 * n + 1) * (SIZE / 2));
            for (int p = 0; p < SIZE * SIZE; p++) {
                int at = n * SIZE * SIZE + p;
                int row = p / SIZE - top;
                int column = p % SIZE - left;
                int side = SIZE / 2 - 2;
                boolean inside = row >= 0 && row < side && column >= 0 && column < side;
                boolean border = !inside && row >= -1 && row <= side && column >= -1 && column <= side;
                labels[at] = border ? NOTHING : inside ? 1 : 0;
                pixels[at] = (float) ((inside ? 1 : -1) + 0.3 * noise.normal(at));
            }
        }
        return Dataset.of(
                name,
                Shape.of(1, SIZE, SIZE),
                new Storage.Floats(pixels),
                new Labels(labels, Shape.of(SIZE, SIZE), List.of("ground", "rectangle"), true));
    }

    /** The share of the commonest class among the pixels that have one. */
    static double commonest(Dataset part) {
        int[] all = IntStream.range(0, part.size()).toArray();
        double[] counts = new double[part.classes()];
        for (double label : part.labels(all, DType.F64).data()) {
            if (label < counts.length) {
                counts[(int) label]++;
            }
        }
        return Arrays.stream(counts).max().orElseThrow() / Arrays.stream(counts).sum();
    }
}
