package org.quotient.autodiff.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The ten digits as strokes: polygonal lines (x0, y0, x1, y1, ...) with x to the right and y down, within [−0.25, 0.25] by
 * [−0.35, 0.35].
 */
final class Glyphs {
    private static final int PIECES = 12;

    private Glyphs() {}

    /** The strokes of a digit from 0 to 9. */
    static List<double[]> strokes(int digit) {
        return switch (digit) {
            case 0 -> List.of(arc(0, 0, 0.22, 0.35, 0, 360));
            case 1 -> List.of(line(-0.13, -0.2, 0.03, -0.35, 0.03, 0.35));
            case 2 -> List.of(join(arc(0, -0.15, 0.21, 0.2, 180, 395), line(-0.22, 0.35, 0.24, 0.35)));
            case 3 -> List.of(arc(-0.02, -0.175, 0.21, 0.175, 210, 450), arc(-0.02, 0.175, 0.23, 0.175, 270, 510));
            case 4 -> List.of(line(0.1, 0.35, 0.1, -0.35, -0.23, 0.13, 0.25, 0.13));
            case 5 ->
                List.of(join(line(0.2, -0.35, -0.17, -0.35, -0.19, -0.05), arc(-0.01, 0.13, 0.23, 0.22, 235, 505)));
            case 6 -> List.of(arc(0, 0.16, 0.2, 0.19, 0, 360), line(0.13, -0.35, -0.1, -0.12, -0.2, 0.14));
            case 7 -> List.of(line(-0.22, -0.35, 0.22, -0.35, -0.06, 0.35));
            case 8 -> List.of(arc(0, -0.18, 0.17, 0.17, 0, 360), arc(0, 0.17, 0.21, 0.18, 0, 360));
            case 9 -> List.of(arc(0, -0.16, 0.2, 0.19, 0, 360), line(0.2, -0.14, 0.12, 0.12, -0.12, 0.35));
            default -> throw new IllegalArgumentException("A digit is a number from 0 to 9; given " + digit);
        };
    }

    private static double[] line(double... points) {
        return points;
    }

    /** Part of an ellipse; angles in degrees, 0 to the right, 90 down. */
    private static double[] arc(double x, double y, double width, double height, double from, double to) {
        double[] points = new double[2 * (PIECES + 1)];
        for (int i = 0; i <= PIECES; i++) {
            double angle = Math.PI / 180 * (from + (to - from) * i / PIECES);
            points[2 * i] = x + width * StrictMath.cos(angle);
            points[2 * i + 1] = y + height * StrictMath.sin(angle);
        }
        return points;
    }

    private static double[] join(double[]... lines) {
        List<Double> all = new ArrayList<>();
        for (double[] line : lines) {
            for (double coordinate : line) {
                all.add(coordinate);
            }
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
