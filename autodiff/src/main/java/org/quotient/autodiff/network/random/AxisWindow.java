package org.quotient.autodiff.network.random;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.quotient.autodiff.Window;

/** A {@link Window} along one axis of a known size. */
record AxisWindow(int size, int kernel, int stride, int pad, int dilation) {

    /** Every small window that fits an axis, has a tap that meets the image, and satisfies a condition. */
    static List<AxisWindow> all(int size, Predicate<AxisWindow> condition) {
        List<AxisWindow> found = new ArrayList<>();
        for (int kernel = 1; kernel <= 3; kernel++) {
            for (int stride = 1; stride <= 2; stride++) {
                for (int pad = 0; pad <= 2; pad++) {
                    for (int dilation = 1; dilation <= (kernel > 1 ? 2 : 1); dilation++) {
                        AxisWindow w = new AxisWindow(size, kernel, stride, pad, dilation);
                        if (w.outputs() > 0 && w.outputs() <= 4 && w.liveTaps() > 0 && condition.test(w)) {
                            found.add(w);
                        }
                    }
                }
            }
        }
        return found;
    }

    static Window of(AxisWindow rows, AxisWindow columns) {
        return new Window(
                rows.kernel,
                columns.kernel,
                rows.stride,
                columns.stride,
                rows.pad,
                columns.pad,
                rows.pad,
                columns.pad,
                rows.dilation,
                columns.dilation);
    }

    static AxisWindow rows(Window w, int height) {
        return new AxisWindow(height, w.kernelHeight(), w.strideHeight(), w.padTop(), w.dilationHeight());
    }

    static AxisWindow columns(Window w, int width) {
        return new AxisWindow(width, w.kernelWidth(), w.strideWidth(), w.padLeft(), w.dilationWidth());
    }

    private Window alone() {
        return new Window(kernel, 1, stride, 1, pad, 0, pad, 0, dilation, 1);
    }

    int outputs() {
        return alone().outputHeight(size);
    }

    /** Taps that meet the image at some output. */
    int liveTaps() {
        int live = 0;
        for (int tap = 0; tap < kernel; tap++) {
            boolean meets = false;
            for (int y = 0; y < outputs(); y++) {
                int row = alone().inputRow(y, tap);
                meets |= row >= 0 && row < size;
            }
            live += meets ? 1 : 0;
        }
        return live;
    }

    boolean hasDeadTaps() {
        return liveTaps() < kernel;
    }

    boolean stridesWithPadding() {
        return stride > 1 && pad > 0 && size > 1;
    }

    /** Whether some output sees padding only, where a maximum has nothing to choose from. */
    boolean seesOnlyPadding() {
        for (int y = 0; y < outputs(); y++) {
            boolean meets = false;
            for (int tap = 0; tap < kernel; tap++) {
                int row = alone().inputRow(y, tap);
                meets |= row >= 0 && row < size;
            }
            if (!meets) {
                return true;
            }
        }
        return false;
    }
}
