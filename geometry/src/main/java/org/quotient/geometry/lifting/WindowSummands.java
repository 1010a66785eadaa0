package org.quotient.geometry.lifting;

import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;
import org.quotient.geometry.lifting.Summands.Summand;

/** Convolutions, pools and their adjoints, from the index form of their definitions. */
final class WindowSummands {
    private static final int OUTSIDE = -1;

    private final Window window;
    private final int height;
    private final int width;
    private final int outputHeight;
    private final int outputWidth;

    private WindowSummands(Window window, int height, int width) {
        this.window = window;
        this.height = height;
        this.width = width;
        this.outputHeight = window.outputHeight(height);
        this.outputWidth = window.outputWidth(width);
    }

    private int taps() {
        return window.kernelHeight() * window.kernelWidth();
    }

    private int places() {
        return outputHeight * outputWidth;
    }

    private int pixels() {
        return height * width;
    }

    /** The pixel that the window at a place meets through a tap. */
    private int pixel(int place, int tap) {
        int row = window.inputRow(place / outputWidth, tap / window.kernelWidth());
        int column = window.inputColumn(place % outputWidth, tap % window.kernelWidth());
        return row >= 0 && row < height && column >= 0 && column < width ? row * width + column : OUTSIDE;
    }

    /** The place whose window meets a pixel through a tap. */
    private int place(int pixel, int tap) {
        int row = pixel / width - window.inputRow(0, tap / window.kernelWidth());
        int column = pixel % width - window.inputColumn(0, tap % window.kernelWidth());
        if (row < 0 || column < 0 || row % window.strideHeight() != 0 || column % window.strideWidth() != 0) {
            return OUTSIDE;
        }
        int y = row / window.strideHeight();
        int x = column / window.strideWidth();
        return y < outputHeight && x < outputWidth ? y * outputWidth + x : OUTSIDE;
    }

    private static @Nullable Summand product(boolean present, int left, int right) {
        return present ? Summand.product(left, right) : null;
    }

    /**
     * The summands of a convolution or of one of its adjoints.
     *
     * @param c the operation
     * @param left bound shape of operand 0
     * @param right bound shape of operand 1
     * @param to bound shape of the result
     */
    static Summands conv(Op.Conv c, Shape left, Shape right, Shape to) {
        WindowSummands w = new WindowSummands(c.window(), c.height(), c.width());
        return switch (c.form()) {
            case FORWARD -> w.forward(c.groups(), left.size(1), right.size(0));
            case INPUT_ADJOINT -> w.inputAdjoint(c.groups(), to.size(1), left.size(1));
            case KERNEL_ADJOINT -> w.kernelAdjoint(c.groups(), left.size(0), left.size(1), right.size(1));
        };
    }

    private Summands forward(int groups, int channels, int outputs) {
        int inner = channels / groups;
        int perGroup = outputs / groups;
        return new Summands(inner * taps(), (e, k) -> {
            int sample = e / places() / outputs;
            int o = e / places() % outputs;
            int plane = sample * channels + o / perGroup * inner + k / taps();
            int pixel = pixel(e % places(), k % taps());
            return product(pixel != OUTSIDE, plane * pixels() + pixel, o * inner * taps() + k);
        });
    }

    private Summands inputAdjoint(int groups, int channels, int outputs) {
        int inner = channels / groups;
        int perGroup = outputs / groups;
        return new Summands(perGroup * taps(), (e, k) -> {
            int sample = e / pixels() / channels;
            int c = e / pixels() % channels;
            int o = c / inner * perGroup + k / taps();
            int place = place(e % pixels(), k % taps());
            int kernel = (o * inner + c % inner) * taps() + k % taps();
            return product(place != OUTSIDE, (sample * outputs + o) * places() + place, kernel);
        });
    }

    private Summands kernelAdjoint(int groups, int batch, int channels, int outputs) {
        int inner = channels / groups;
        int perGroup = outputs / groups;
        return new Summands(batch * places(), (e, k) -> {
            int sample = k / places();
            int o = e / taps() / inner;
            int plane = sample * channels + o / perGroup * inner + e / taps() % inner;
            int pixel = pixel(k % places(), e % taps());
            return product(
                    pixel != OUTSIDE, plane * pixels() + pixel, (sample * outputs + o) * places() + k % places());
        });
    }

    /** The summands of a pool or of one of its adjoints: the entrants of a window, or the windows that a pixel enters. */
    static Summands pool(Op.Pool p) {
        WindowSummands w = new WindowSummands(p.window(), p.height(), p.width());
        return switch (p.kind()) {
            case SUM, MAX -> w.entrants(0);
            case MAX_SELECT -> w.entrants(1);
            case SUM_ADJOINT -> w.windows(0);
            case MAX_SCATTER -> w.windows(1);
        };
    }

    /** The pixels of operand 0 that enter the windows of a pool. */
    static Summands entrants(Op.Pool p) {
        return new WindowSummands(p.window(), p.height(), p.width()).entrants(0);
    }

    private Summands entrants(int operand) {
        return new Summands(taps(), (e, k) -> {
            int pixel = pixel(e % places(), k);
            return pixel == OUTSIDE ? null : Summand.of(operand, e / places() * pixels() + pixel);
        });
    }

    private Summands windows(int operand) {
        return new Summands(taps(), (e, k) -> {
            int place = place(e % pixels(), k);
            return place == OUTSIDE ? null : Summand.of(operand, e / pixels() * places() + place);
        });
    }
}
