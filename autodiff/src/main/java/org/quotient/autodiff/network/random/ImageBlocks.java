package org.quotient.autodiff.network.random;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Flow;

/** Layers on images of up to 4 x 4 cells. */
final class ImageBlocks {
    private ImageBlocks() {}

    /** A convolution with any small window, in groups sometimes. */
    static Flow convolution(Draft d, Flow before) {
        Flow x = d.image(before);
        return any(d, x, window(d, rows(x, w -> true), columns(x, w -> true)));
    }

    private static Flow any(Draft d, Flow x, Window window) {
        int in = Draft.channels(x);
        int area = window.kernelHeight() * window.kernelWidth();
        int units = Math.max(1, Math.min(d.width(), 36 / Math.max(1, in * area)));
        int groups = in > 1 && d.dice.chance(0.3) ? in : 1;
        return d.activate(d.convolution(x, groups == 1 ? units : groups * (units > 2 ? 2 : 1), window, groups));
    }

    /** A convolution or pooling that strides over padding. */
    static Flow strided(Draft d, Flow before) {
        Flow x = d.image(before);
        if (x.shape().size(2) == 1 && x.shape().size(3) == 1) {
            x = d.image(d.activate(d.linear(d.vector(x), 2 + d.dice.below(2))));
            x = x.shape().size(1) > 1 ? d.reshape(x, 1, 1, Draft.elements(x)) : x;
        }
        boolean pool = d.dice.chance(0.25);
        Predicate<AxisWindow> usable = w -> !pool || !w.seesOnlyPadding();
        Predicate<AxisWindow> strides = w -> w.stridesWithPadding() && usable.test(w);
        boolean byRows = x.shape().size(2) > 1 && (x.shape().size(3) == 1 || d.dice.chance(0.5));
        Window window = window(d, rows(x, byRows ? strides : usable), columns(x, byRows ? usable : strides));
        return pool ? pooled(d, x, window) : any(d, x, window);
    }

    /** A convolution some of whose taps never meet the image. */
    static Flow deadTaps(Draft d, Flow before) {
        Flow x = d.image(before);
        Predicate<AxisWindow> dead = AxisWindow::hasDeadTaps;
        if (rows(x, dead).isEmpty() && columns(x, dead).isEmpty()) {
            Window column = new Window(x.shape().size(2), 1, 1, 1, 0, 0, 0, 0, 1, 1);
            x = pooled(d, x, column);
        }
        boolean byRows = columns(x, dead).isEmpty() || (!rows(x, dead).isEmpty() && d.dice.chance(0.5));
        List<AxisWindow> rows = rows(x, byRows ? dead : w -> true);
        List<AxisWindow> columns = columns(x, byRows ? w -> true : dead);
        return any(d, x, window(d, rows, columns));
    }

    /** Maximum or mean over windows, or over everything. */
    static Flow pool(Draft d, Flow before) {
        Flow x = d.image(before);
        if (d.dice.chance(0.3)) {
            return d.dice.chance(0.5) ? x.globalAveragePool() : x.globalMaxPool();
        }
        Predicate<AxisWindow> usable = w -> !w.seesOnlyPadding() && w.dilation() == 1;
        Window window = window(d, rows(x, usable), columns(x, usable));
        return pooled(d, x, window);
    }

    private static Flow pooled(Draft d, Flow x, Window window) {
        return d.net.flow(
                d.dice.chance(0.5)
                        ? Ops.maxPool2d(x.value(), window)
                        : Ops.averagePool2d(x.value(), window, d.dice.chance(0.7)));
    }

    /** Nearest-neighbour upsampling of an axis that stays within four cells. */
    static Flow upsample(Draft d, Flow before) {
        Flow x = d.image(before);
        int rows = x.shape().size(2) <= 2 ? 2 : 1;
        int columns = x.shape().size(3) <= 2 && (rows == 1 || d.dice.chance(0.5)) ? 2 : 1;
        return rows * columns == 1
                ? pool(d, x)
                : d.mark(Feature.UPSAMPLING, d.net.flow(Ops.upsampleNearest(x.value(), rows, columns)));
    }

    /** Zeros around rows, columns or channels. */
    static Flow pad(Draft d, Flow before) {
        Flow x = d.image(before);
        int axis = 1 + d.dice.below(3);
        int room = 4 - x.shape().size(axis);
        if (room <= 0) {
            return convolution(d, x);
        }
        int front = d.dice.below(2);
        List<Integer> pads =
                IntStream.range(0, 4).mapToObj(i -> i == axis ? 1 : 0).toList();
        List<Integer> none = List.of(0, 0, 0, 0);
        return d.mark(
                Feature.ZERO_PADDING,
                d.net.flow(front == 0 ? Ops.pad(x.value(), pads, none) : Ops.pad(x.value(), none, pads)));
    }

    /** Rows, columns or channels change places. */
    static Flow transpose(Draft d, Flow before) {
        Flow x = d.image(before);
        return d.net.flow(
                d.dice.chance(0.5) ? Ops.transpose(x.value(), 0, 1, 3, 2) : Ops.transpose(x.value(), 0, 2, 1, 3));
    }

    /** Cells as units, or units as cells. */
    static Flow reshape(Draft d, Flow x) {
        return Draft.isImage(x) ? d.vector(x) : d.image(x);
    }

    private static List<AxisWindow> rows(Flow x, Predicate<AxisWindow> condition) {
        return AxisWindow.all(x.shape().size(2), condition);
    }

    private static List<AxisWindow> columns(Flow x, Predicate<AxisWindow> condition) {
        return AxisWindow.all(x.shape().size(3), condition);
    }

    private static Window window(Draft d, List<AxisWindow> rows, List<AxisWindow> columns) {
        return AxisWindow.of(d.dice.pick(rows), d.dice.pick(columns));
    }
}
