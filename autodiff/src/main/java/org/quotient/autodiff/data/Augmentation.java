package org.quotient.autodiff.data;

import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;

/**
 * Random crops and mirror images, the usual augmentation of CIFAR-10 (Lee et al. 2015, section 4; He et al. 2016, section
 * 4.2: padding 4 and a flip with probability one half). What happens to a sample is a pure function of (seed, step, sample).
 *
 * @param padding by how many pixels a picture may move each way, at least 0; every shift is equally likely. What enters at
 *     the border is 0, which is the mean where inputs are standardised
 * @param flip whether half of the pictures are mirrored left to right
 * @param seed decides
 */
public record Augmentation(int padding, boolean flip, long seed) {
    /**
     * Checks the padding.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Augmentation {
        if (padding < 0) {
            throw new IllegalArgumentException("Padding must be 0 or more pixels; given " + padding);
        }
    }

    /**
     * What is done to one sample: pixel (r, c) of the result is pixel (r + down, c + right) of the picture, the mirrored one
     * if it is flipped.
     *
     * @param down from −padding to padding
     * @param right from −padding to padding
     * @param mirrored left to right, before the shift
     */
    public record Move(int down, int right, boolean mirrored) {}

    /** What is done to a sample at a step. */
    public Move move(long step, int sample) {
        CounterRandom random =
                CounterRandom.seeded(seed).split("augmentation").split(step).split(sample);
        int shifts = 2 * padding + 1;
        return new Move(
                random.below(0, shifts) - padding, random.below(1, shifts) - padding, flip && random.bits(2) < 0);
    }

    /**
     * Moves pictures.
     *
     * @param pictures [n, channels, height, width]; not modified
     * @param step of the training
     * @param samples which samples they are, n of them
     * @return of the same shape and dtype
     * @throws IllegalArgumentException if these are not pictures or not as many
     */
    public Tensor pictures(Tensor pictures, long step, int[] samples) {
        check(pictures.shape(), 4, "pictures [n, channels, height, width]", samples);
        return moved(pictures, pictures.shape().size(1), step, samples, 0);
    }

    /**
     * Moves the labels of pixels as {@link #pictures} moves their pictures.
     *
     * @param labels [n, height, width]; not modified
     * @param step of the training
     * @param samples which samples they are, n of them
     * @param voidLabel what enters at the border
     * @return of the same shape and dtype
     * @throws IllegalArgumentException if these are not such labels or not as many
     */
    public Tensor labels(Tensor labels, long step, int[] samples, int voidLabel) {
        check(labels.shape(), 3, "labels [n, height, width]", samples);
        return moved(labels, 1, step, samples, voidLabel);
    }

    private static void check(Shape shape, int rank, String expected, int[] samples) {
        if (shape.rank() != rank || shape.size(0) != samples.length) {
            throw new IllegalArgumentException("Augmentation moves " + expected
                    + " with the numbers of the n samples; given " + shape + " and " + samples.length + " numbers");
        }
    }

    private Tensor moved(Tensor all, int channels, long step, int[] samples, double border) {
        int height = all.shape().size(-2);
        int width = all.shape().size(-1);
        double[] from = all.data();
        double[] to = new double[from.length];
        for (int i = 0; i < samples.length; i++) {
            Move move = move(step, samples[i]);
            for (int row = 0; row < channels * height; row++) {
                int at = (i * channels * height + row) * width;
                int r = row % height + move.down();
                boolean inside = r >= 0 && r < height;
                int source = at + move.down() * width;
                for (int c = 0; c < width; c++) {
                    int x = c + move.right();
                    boolean seen = inside && x >= 0 && x < width;
                    to[at + c] = seen ? from[source + (move.mirrored() ? width - 1 - x : x)] : border;
                }
            }
        }
        return Tensor.of(all.shape(), all.dtype(), to);
    }
}
