package org.quotient.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.awt.Color;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Plots are white with coloured curves, and refuse what they cannot show. */
class PlotTest {
    private static final double[] X = {0.1, 1, 10};
    private static final double[] Y = {100, 1, 100};

    /** How many pixels are neither white nor grey. */
    static long coloured(BufferedImage image) {
        long count = 0;
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                Color c = new Color(image.getRGB(x, y));
                int max = Math.max(c.getRed(), Math.max(c.getGreen(), c.getBlue()));
                int min = Math.min(c.getRed(), Math.min(c.getGreen(), c.getBlue()));
                count += max - min > 60 ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    @DisplayName("a line is coloured on white, in a picture of 640 by 400")
    void line() {
        Plot plot = Plot.titled("valley").axes("x", "y").logX().logY().line("v", X, Y);
        BufferedImage image = plot.image();
        assertThat(image.getWidth()).isEqualTo(640);
        assertThat(image.getHeight()).isEqualTo(400);
        assertThat(image.getRGB(1, 1)).isEqualTo(Color.WHITE.getRGB());
        assertThat(coloured(image)).isBetween(500L, 20_000L);
        assertThat(plot.png()).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    @DisplayName("a plot is a value: adding to it leaves it as it was, and more points add colour")
    void value() {
        Plot one = Plot.titled("t").points("a", X, Y);
        Plot two = one.line("b", X, X);
        assertThat(one.series()).hasSize(1);
        assertThat(two.series()).hasSize(2);
        assertThat(coloured(two.image())).isGreaterThan(coloured(one.image()));
    }

    @Test
    @DisplayName("on an axis of about one power of ten, 1, 2, 3 and 5 have labels, and not 0.09 beside 0.1")
    void sparseLabels() {
        assertThat(Decades.sparse(0.1)).isEqualTo("0.1");
        assertThat(Decades.sparse(0.30000000000000004)).isEqualTo("0.3");
        assertThat(Decades.sparse(20)).isEqualTo("20");
        assertThat(Decades.sparse(0.09)).isBlank();
        assertThat(Decades.sparse(400)).isBlank();
    }

    @Test
    @DisplayName("nothing, different counts, infinities and zero on a logarithmic axis are refused in words")
    void refusals() {
        assertThat(catchThrowable(() -> Plot.titled("empty").image())).hasMessageContaining("nothing to draw");
        assertThat(catchThrowable(
                        () -> Plot.titled("t").line("a", X, new double[2]).image()))
                .hasMessageContaining("as many x as y");
        assertThat(catchThrowable(() -> Plot.titled("t")
                        .line("a", X, new double[] {1, Double.NaN, 2})
                        .image()))
                .hasMessageContaining("y = NaN");
        assertThat(catchThrowable(() -> Plot.titled("t")
                        .logY()
                        .line("a", X, new double[] {1, 0, 2})
                        .image()))
                .hasMessageContaining("positive numbers");
    }
}
