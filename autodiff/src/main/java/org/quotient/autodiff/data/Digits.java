package org.quotient.autodiff.data;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Shape;

/**
 * Pictures of the ten digits, drawn with a pen. The strokes of a digit are turned by up to 14 degrees, sheared by up to 0.2,
 * stretched by factors from 0.8 to 1.15, shifted by up to a tenth of the picture, drawn in a thickness of 0.09 to 0.16 of
 * the picture's width (all uniform) with smooth edges, and covered with normal noise. Digits are equally frequent. Samples
 * of shape [1, size, size], 0 for background to 1 for ink.
 *
 * @param n the number of pictures, at least 10
 * @param size the pictures' width and height in pixels, from 6 to 64
 * @param noise the standard deviation of a pixel's noise; pixels are kept between 0 and 1
 * @param train the fraction of pictures to train on, rounded to a whole number of pictures
 */
public record Digits(int n, int size, double noise, double train) implements MadeData {
    private static final String NAME = "digits";
    private static final double TURN = 0.25;
    private static final double SHEAR = 0.2;
    private static final double SHIFT = 0.1;
    private static final double SMALLEST = 0.8;
    private static final double LARGEST = 1.15;
    private static final double THINNEST = 0.09;
    private static final double THICKEST = 0.16;

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Digits {
        if (n < 10) {
            throw Drawn.wrong(NAME, "ten pictures or more", n);
        }
        if (size < 6 || size > 64) {
            throw Drawn.wrong(NAME, "a size from 6 to 64 pixels", size);
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
        CounterRandom random = CounterRandom.seeded(seed).split(NAME);
        int pixels = size * size;
        byte[] ink = new byte[Math.multiplyExact(n, pixels)];
        int[] label = new int[n];
        double[] picture = new double[pixels];
        for (int i = 0; i < n; i++) {
            label[i] = i % 10;
            CounterRandom own = random.split(i);
            render(label[i], own, picture);
            CounterRandom grain = own.split("noise");
            for (int j = 0; j < pixels; j++) {
                double value = picture[j] + noise * grain.normal(j);
                ink[i * pixels + j] = (byte) Math.round(255 * Math.clamp(value, 0.0, 1.0));
            }
        }
        List<String> names = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
        Dataset all = Dataset.of(NAME, Shape.of(1, size, size), new Storage.Bytes(ink), Labels.of(label, names));
        String description =
                String.format(Locale.ROOT, "drawn digits, %d pictures of %d by %d, noise %s", n, size, size, noise);
        return Drawn.split(description, all, Drawn.cut(NAME, n, train), random);
    }

    private void render(int digit, CounterRandom random, double[] picture) {
        double turn = between(random, 0, -TURN, TURN);
        double shear = between(random, 1, -SHEAR, SHEAR);
        double wide = between(random, 2, SMALLEST, LARGEST);
        double high = between(random, 3, SMALLEST, LARGEST);
        double right = between(random, 4, -SHIFT, SHIFT);
        double down = between(random, 5, -SHIFT, SHIFT);
        double thickness = between(random, 6, THINNEST, THICKEST);
        double cos = StrictMath.cos(turn);
        double sin = StrictMath.sin(turn);
        List<double[]> strokes = Glyphs.strokes(digit).stream()
                .map(stroke -> {
                    double[] moved = new double[stroke.length];
                    for (int i = 0; i < stroke.length; i += 2) {
                        double x = wide * (stroke[i] - shear * stroke[i + 1]);
                        double y = high * stroke[i + 1];
                        moved[i] = cos * x - sin * y + right;
                        moved[i + 1] = sin * x + cos * y + down;
                    }
                    return moved;
                })
                .toList();
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                double distance = distance(strokes, (column + 0.5) / size - 0.5, (row + 0.5) / size - 0.5);
                // The share of a pixel that a straight edge leaves inked, one pixel wide.
                picture[row * size + column] = Math.clamp((thickness / 2 - distance) * size + 0.5, 0.0, 1.0);
            }
        }
    }

    private static double between(CounterRandom random, int i, double least, double most) {
        return least + (most - least) * random.uniform(i);
    }

    private static double distance(List<double[]> strokes, double x, double y) {
        double least = Double.POSITIVE_INFINITY;
        for (double[] s : strokes) {
            for (int i = 0; i + 3 < s.length; i += 2) {
                double along = s[i + 2] - s[i];
                double across = s[i + 3] - s[i + 1];
                double length = along * along + across * across;
                double t = ((x - s[i]) * along + (y - s[i + 1]) * across) / length;
                double clamped = Math.clamp(t, 0.0, 1.0);
                double dx = x - s[i] - clamped * along;
                double dy = y - s[i + 1] - clamped * across;
                least = Math.min(least, dx * dx + dy * dy);
            }
        }
        return Math.sqrt(least);
    }
}
