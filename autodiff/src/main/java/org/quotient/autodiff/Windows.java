package org.quotient.autodiff;

import java.util.StringJoiner;

/** Windows in print: only what differs from stride 1, padding 0, dilation 1. */
final class Windows {
    private Windows() {}

    static String kernel(Window w) {
        return pair(w.kernelHeight(), w.kernelWidth());
    }

    /** Such as {@code stride=2, pad=1}; empty if nothing differs. */
    static String options(Window w) {
        StringJoiner text = new StringJoiner(", ");
        if (w.strideHeight() != 1 || w.strideWidth() != 1) {
            text.add("stride=" + pair(w.strideHeight(), w.strideWidth()));
        }
        if (w.padded()) {
            boolean even = w.padTop() == w.padBottom() && w.padLeft() == w.padRight();
            text.add("pad="
                    + (even
                            ? pair(w.padTop(), w.padLeft())
                            : "[" + w.padTop() + ", " + w.padLeft() + ", " + w.padBottom() + ", " + w.padRight()
                                    + "]"));
        }
        if (w.dilationHeight() != 1 || w.dilationWidth() != 1) {
            text.add("dilation=" + pair(w.dilationHeight(), w.dilationWidth()));
        }
        return text.toString();
    }

    private static String pair(int a, int b) {
        return a == b ? String.valueOf(a) : a + "x" + b;
    }
}
