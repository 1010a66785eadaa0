package org.quotient.experiments;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines over faint copies of them, one per seed: colours are those of Okabe and Ito (2008), grey for their yellow, which the colour-blind can tell
 * apart. Points that an axis cannot show (not finite, or not positive on a logarithmic one) are left out, and lines are broken
 * there.
 */
public final class Figure {
    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color GRID = new Color(0xE6, 0xE6, 0xE6);
    private static final Color[] PALETTE = {
        new Color(0x33, 0x33, 0x33), new Color(0x56, 0xB4, 0xE9), new Color(0xD5, 0x5E, 0x00),
        new Color(0x00, 0x9E, 0x73), new Color(0xCC, 0x79, 0xA7), new Color(0xE6, 0x9F, 0x00),
        new Color(0x00, 0x72, 0xB2), new Color(0x99, 0x99, 0x99)
    };

    /** How many colours there are. */
    public static final int COLOURS = PALETTE.length;

    private static final int FAINT = 70;

    private final XYChart chart;
    private int names;

    /** An empty figure with a title and names of the axes. */
    public Figure(String title, String x, String y) {
        chart = new XYChartBuilder()
                .width(800)
                .height(480)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        style(chart.getStyler());
    }

    /** With logarithmic axes. */
    public Figure logarithmic(boolean x, boolean y) {
        chart.getStyler().setXAxisLogarithmic(x).setYAxisLogarithmic(y);
        chart.getStyler().setXAxisLogarithmicDecadeOnly(true).setYAxisLogarithmicDecadeOnly(true);
        return this;
    }

    /** A line with a name in the legend; without one, for further lines of the same kind, if the name is empty. */
    public Figure line(String name, int colour, List<Double> x, List<Double> y, boolean markers) {
        XYSeries drawn = add(name.isEmpty() ? " " + names++ : name, x, y);
        drawn.setShowInLegend(!name.isEmpty());
        drawn.setLineColor(PALETTE[colour]).setLineWidth(2.2f);
        drawn.setMarker(markers ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        drawn.setMarkerColor(PALETTE[colour]);
        return this;
    }

    /** A thin, faint line without a name. */
    public Figure faint(int colour, List<Double> x, List<Double> y) {
        XYSeries drawn = add(" " + names++, x, y);
        drawn.setLineColor(faint(colour)).setLineWidth(1f);
        drawn.setMarker(SeriesMarkers.NONE);
        drawn.setShowInLegend(false);
        return this;
    }

    /** Points with a name in the legend. */
    public Figure scatter(String name, int colour, List<Double> x, List<Double> y) {
        XYSeries drawn = add(name, x, y);
        drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        drawn.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(PALETTE[colour]);
        return this;
    }

    /** Small, faint points without a name. */
    public Figure points(int colour, List<Double> x, List<Double> y) {
        XYSeries drawn = add(" " + names++, x, y);
        drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        drawn.setMarker(SeriesMarkers.DIAMOND).setMarkerColor(faint(colour));
        drawn.setShowInLegend(false);
        return this;
    }

    private static Color faint(int colour) {
        Color c = PALETTE[colour];
        return new Color(c.getRed(), c.getGreen(), c.getBlue(), FAINT);
    }

    private XYSeries add(String name, List<Double> x, List<Double> y) {
        boolean logX = chart.getStyler().isXAxisLogarithmic();
        boolean logY = chart.getStyler().isYAxisLogarithmic();
        double[] shown = new double[x.size()];
        for (int i = 0; i < shown.length; i++) {
            double a = x.get(i);
            double b = y.get(i);
            boolean visible = Double.isFinite(a) && Double.isFinite(b) && (!logX || a > 0) && (!logY || b > 0);
            shown[i] = visible ? b : Double.NaN;
        }
        return chart.addSeries(name, x.stream().mapToDouble(Double::doubleValue).toArray(), shown);
    }

    /** The picture as a PNG file, 800 by 480 pixels. */
    public byte[] png() throws IOException {
        return BitmapEncoder.getBitmapBytes(chart, BitmapEncoder.BitmapFormat.PNG);
    }

    private static void style(XYStyler style) {
        style.setMarkerSize(7);
        style.setSeriesLines(new BasicStroke[] {new BasicStroke(2f)});
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
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendLayout(Styler.LegendLayout.Horizontal);
        style.setLegendBorderColor(Color.WHITE);
        style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    }
}
