package org.quotient.notebooks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines and points in the house style: white, thin grey grid, colours that the colour-blind can tell apart (Okabe and Ito
 * 2008). A value: every method gives a new plot. A notebook cell that ends in {@link #image} shows it.
 *
 * <pre>{@code
 * Plot.titled("Squared").axes("x", "x²").line("parabola", x, y).image()
 * }</pre>
 *
 * @param title above the plot
 * @param xLabel under the x axis
 * @param yLabel beside the y axis
 * @param logarithmicX whether the x axis is logarithmic
 * @param logarithmicY whether the y axis is logarithmic
 * @param series what is drawn, in order
 */
public record Plot(
        String title, String xLabel, String yLabel, boolean logarithmicX, boolean logarithmicY, List<Series> series) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    /** Pixels between ticks, about. */
    private static final int TICKS_X = 80;

    private static final int TICKS_Y = 44;
    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color[] COLOURS = {
        new Color(0x00, 0x72, 0xB2), new Color(0xD5, 0x5E, 0x00), new Color(0x00, 0x9E, 0x73),
        new Color(0xCC, 0x79, 0xA7), new Color(0xE6, 0x9F, 0x00), new Color(0x56, 0xB4, 0xE9)
    };
    private static final Color GRID = new Color(0xE6, 0xE6, 0xE6);

    /**
     * Named points, joined or not.
     *
     * @param name in the legend, unique in a plot
     * @param x finite; positive on a logarithmic axis
     * @param y as many, finite; positive on a logarithmic axis
     * @param line whether the points are joined
     */
    public record Series(String name, double[] x, double[] y, boolean line) {}

    /** Keeps its own copy of the list. */
    public Plot {
        series = List.copyOf(series);
    }

    /** An empty plot with linear axes. */
    public static Plot titled(String title) {
        return new Plot(title, "", "", false, false, List.of());
    }

    /** With names of the axes. */
    public Plot axes(String x, String y) {
        return new Plot(title, x, y, logarithmicX, logarithmicY, series);
    }

    /** With a logarithmic x axis. */
    public Plot logX() {
        return new Plot(title, xLabel, yLabel, true, logarithmicY, series);
    }

    /** With a logarithmic y axis. */
    public Plot logY() {
        return new Plot(title, xLabel, yLabel, logarithmicX, true, series);
    }

    /** With one more line; see {@link Series}. */
    public Plot line(String name, double[] x, double[] y) {
        return with(new Series(name, x.clone(), y.clone(), true));
    }

    /** With more points that are not joined; see {@link Series}. */
    public Plot points(String name, double[] x, double[] y) {
        return with(new Series(name, x.clone(), y.clone(), false));
    }

    private Plot with(Series one) {
        List<Series> all = new ArrayList<>(series);
        all.add(one);
        return new Plot(title, xLabel, yLabel, logarithmicX, logarithmicY, all);
    }

    /**
     * The picture, 640 by 400 pixels.
     *
     * @throws IllegalArgumentException if there is nothing to draw, a series has different counts of x and y or a number that
     *     its axis cannot show
     */
    public BufferedImage image() {
        if (series.isEmpty()) {
            throw new IllegalArgumentException("The plot '" + title + "' has nothing to draw: add a line or points");
        }
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xLabel)
                .yAxisTitle(yLabel)
                .build();
        style(chart.getStyler());
        for (Series one : series) {
            check(one, "x", one.x(), logarithmicX);
            check(one, "y", one.y(), logarithmicY);
        }
        double widthX = Decades.width(series.stream().map(Series::x));
        double widthY = Decades.width(series.stream().map(Series::y));
        boolean decadesX = logarithmicX && widthX > Decades.MANY;
        boolean decadesY = logarithmicY && widthY > Decades.MANY;
        XYStyler style = chart.getStyler();
        style.setXAxisLogarithmic(logarithmicX && !decadesX);
        style.setYAxisLogarithmic(logarithmicY && !decadesY);
        style.setXAxisLogarithmicDecadeOnly(widthX > Decades.FEW);
        style.setYAxisLogarithmicDecadeOnly(widthY > Decades.FEW);
        if (logarithmicX && widthX > Decades.CROWDED && widthX <= Decades.FEW) {
            style.setXAxisTickLabelsFormattingFunction(Decades::sparse);
        }
        if (logarithmicY && widthY > Decades.CROWDED && widthY <= Decades.FEW) {
            style.setYAxisTickLabelsFormattingFunction(Decades::sparse);
        }
        // Wide logarithmic axes are linear axes of logarithms between whole numbers, with ticks so far apart that they
        // are whole.
        if (decadesX) {
            double[] from = Decades.frame(series.stream().map(Series::x));
            style.setXAxisMin(from[0]).setXAxisMax(from[1]);
            style.setXAxisTickLabelsFormattingFunction(Decades::label);
            style.setXAxisTickMarkSpacingHint((int) Math.max(TICKS_X, 0.8 * WIDTH / (from[1] - from[0])));
        }
        if (decadesY) {
            double[] from = Decades.frame(series.stream().map(Series::y));
            style.setYAxisMin(from[0]).setYAxisMax(from[1]);
            style.setYAxisTickLabelsFormattingFunction(Decades::label);
            style.setYAxisTickMarkSpacingHint((int) Math.max(TICKS_Y, 0.7 * HEIGHT / (from[1] - from[0])));
        }
        List<Series> shown = series.stream()
                .map(one -> new Series(
                        one.name(),
                        decadesX ? Decades.logarithms(one.x()) : one.x(),
                        decadesY ? Decades.logarithms(one.y()) : one.y(),
                        one.line()))
                .toList();
        XYSeries ends = chart.addSeries(
                " ", ends(shown.stream().map(Series::x)), ends(shown.stream().map(Series::y)));
        ends.setMarker(SeriesMarkers.NONE);
        ends.setLineStyle(SeriesLines.NONE);
        ends.setShowInLegend(false);
        for (int i = 0; i < shown.size(); i++) {
            Series one = shown.get(i);
            XYSeries drawn = chart.addSeries(one.name(), one.x(), one.y());
            drawn.setLineColor(COLOURS[i % COLOURS.length]);
            drawn.setMarkerColor(COLOURS[i % COLOURS.length]);
            if (one.line()) {
                drawn.setMarker(SeriesMarkers.NONE);
            } else {
                drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
                drawn.setMarker(SeriesMarkers.CIRCLE);
            }
        }
        return BitmapEncoder.getBufferedImage(chart);
    }

    /** The picture as a PNG file; see {@link #image}. */
    public byte[] png() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image(), "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * The ends of an axis, and a point that is at no regular place between them: it is not drawn, and keeps XChart from putting a
     * tick at every value where values are equally spaced.
     */
    private static double[] ends(Stream<double[]> values) {
        DoubleSummaryStatistics all = values.flatMapToDouble(Arrays::stream).summaryStatistics();
        double width = all.getMax() - all.getMin();
        return new double[] {all.getMin(), all.getMin() + 0.381966 * width, all.getMax()};
    }

    private void check(Series one, String axis, double[] values, boolean logarithmic) {
        if (one.x().length != one.y().length || values.length == 0) {
            throw new IllegalArgumentException("'" + one.name() + "' needs as many x as y, at least one; given "
                    + one.x().length + " and " + one.y().length);
        }
        for (double value : values) {
            if (!Double.isFinite(value) || (logarithmic && value <= 0)) {
                throw new IllegalArgumentException("'" + one.name() + "' has " + axis + " = " + value + "; a "
                        + (logarithmic ? "logarithmic axis shows positive numbers" : "plot shows finite numbers"));
            }
        }
    }

    private void style(XYStyler style) {
        style.setSeriesLines(new BasicStroke[] {new BasicStroke(1.8f)});
        style.setMarkerSize(7);
        style.setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setChartFontColor(INK);
        style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        style.setChartTitleBoxVisible(false);
        style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        style.setAxisTickLabelsColor(INK);
        style.setAxisTickMarksColor(GRID);
        style.setPlotGridLinesColor(GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1f));
        style.setPlotTicksMarksVisible(false);
        style.setLegendVisible(series.size() > 1);
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendLayout(Styler.LegendLayout.Horizontal);
        style.setLegendBorderColor(Color.WHITE);
        style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        style.setXAxisTickMarkSpacingHint(TICKS_X);
        style.setYAxisTickMarkSpacingHint(TICKS_Y);
    }
}
