package org.quotient.experiments;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/** Numbers as people read them. */
public final class Numbers {
    private Numbers() {}

    /** With so many significant digits: plain between 0.001 and 100000, otherwise such as 4.1e-5; ∞ and NaN by name. */
    public static String significant(double x, int digits) {
        if (Double.isNaN(x)) {
            return "NaN";
        }
        if (Double.isInfinite(x)) {
            return x > 0 ? "∞" : "−∞";
        }
        if (x == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(x).round(new MathContext(digits));
        double size = Math.abs(rounded.doubleValue());
        String text;
        if (size >= 1e-3 && size < 1e5) {
            text = rounded.toPlainString();
        } else {
            int exponent = rounded.precision() - rounded.scale() - 1;
            text = rounded.movePointLeft(exponent).toPlainString() + "e" + exponent;
        }
        return text.replace("-", "−").replace("e−", "e-");
    }

    /** With two significant digits. */
    public static String two(double x) {
        return significant(x, 2);
    }

    /** With two significant digits, without zeros at the end: 0.1, 0.33, 3, 1e-4. */
    public static String brief(double x) {
        return two(x).replaceAll("(\\.\\d*?)0+(?=e|$)", "$1").replaceAll("\\.(?=e|$)", "");
    }

    /** With three significant digits. */
    public static String three(double x) {
        return significant(x, 3);
    }

    /** With so many digits behind the point. */
    public static String fixed(double x, int digits) {
        if (!Double.isFinite(x)) {
            return significant(x, 1);
        }
        String text = String.format(Locale.ROOT, "%." + digits + "f", x);
        boolean zero = text.chars().noneMatch(c -> c >= '1' && c <= '9');
        return zero ? text.replace("-", "") : text.replace("-", "−");
    }

    /** Whole numbers with commas. */
    public static String list(List<Long> numbers) {
        return String.join(", ", numbers.stream().map(String::valueOf).toList());
    }

    /** A median with its range, such as {@code 0.012 (0.0098 to 0.021)}. */
    public static String range(Spread s) {
        return two(s.median()) + " (" + two(s.least()) + " to " + two(s.most()) + ")";
    }

    /** A mean with its standard deviation, such as {@code 0.35 ± 0.02}. */
    public static String deviation(Spread s, int digits) {
        return fixed(s.mean(), digits) + " ± " + fixed(s.deviation(), digits);
    }
}
