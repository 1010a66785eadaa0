package org.quotient.notebooks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Set;
import java.util.stream.Stream;

/** Axes over many powers of ten. */
final class Decades {
    private static final Set<Integer> LABELLED = Set.of(1, 2, 3, 5);

    /** From here on, the lines at 2, 3, 4, ... of a logarithmic grid are grey fog. */
    static final double MANY = 3;

    /** Up to here, labels at powers of ten only would be one or two. */
    static final double FEW = 1.5;

    /** From here on, labels at 0.09 and 0.1 touch. */
    static final double CROWDED = 0.7;

    private Decades() {}

    /** How many decades positive numbers span. */
    static double width(Stream<double[]> values) {
        DoubleSummaryStatistics all =
                values.flatMapToDouble(Arrays::stream).map(Math::log10).summaryStatistics();
        return all.getMax() - all.getMin();
    }

    /** The powers of ten that enclose positive numbers. */
    static double[] frame(Stream<double[]> values) {
        DoubleSummaryStatistics all =
                values.flatMapToDouble(Arrays::stream).map(Math::log10).summaryStatistics();
        return new double[] {Math.floor(all.getMin()), Math.ceil(all.getMax())};
    }

    static double[] logarithms(double[] values) {
        return Arrays.stream(values).map(Math::log10).toArray();
    }

    /** The label of a tick at a logarithm: {@code 10⁻⁴}, {@code 0.1}, {@code 1}, {@code 10}; none between powers of ten. */
    static String label(double logarithm) {
        long power = Math.round(logarithm);
        if (Math.abs(logarithm - power) > 1e-6) {
            return " ";
        }
        return switch ((int) power) {
            case -2 -> "0.01";
            case -1 -> "0.1";
            case 0 -> "1";
            case 1 -> "10";
            case 2 -> "100";
            default -> "10" + superscript(Long.toString(power));
        };
    }

    /** The label of a number on an axis with a tick at 1, 2, ..., 9 times each power of ten; none at 4, 6, 7, 8 and 9. */
    static String sparse(double value) {
        BigDecimal number = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
        return LABELLED.contains(number.unscaledValue().intValue()) ? number.toPlainString() : " ";
    }

    private static String superscript(String number) {
        StringBuilder text = new StringBuilder();
        for (char c : number.toCharArray()) {
            text.append(
                    c == '-'
                            ? '\u207b'
                            : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079".charAt(c - '0'));
        }
        return text.toString();
    }
}
