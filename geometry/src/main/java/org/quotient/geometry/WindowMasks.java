package org.quotient.geometry;

import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;

/**
 * The relation (image cell, kernel tap, output place) of a convolution or a window, on masks: each of the three is the or,
 * over the triples that it takes part in, of the product of the other two.
 */
final class WindowMasks {
    private final Window window;
    private final int height;
    private final int width;
    private final int outHeight;
    private final int outWidth;

    WindowMasks(Window window, int height, int width) {
        this.window = window;
        this.height = height;
        this.width = width;
        this.outHeight = window.outputHeight(height);
        this.outWidth = window.outputWidth(width);
    }

    static WindowMasks of(Op.Conv c) {
        return new WindowMasks(c.window(), c.height(), c.width());
    }

    static WindowMasks of(Op.Pool p) {
        return new WindowMasks(p.window(), p.height(), p.width());
    }

    /** Visits all (image cell, tap, place) triples that lie inside the image, as row-major indices. */
    void forEach(Triple visit) {
        for (int y = 0; y < outHeight; y++) {
            for (int i = 0; i < window.kernelHeight(); i++) {
                int r = window.inputRow(y, i);
                if (r < 0 || r >= height) {
                    continue;
                }
                for (int x = 0; x < outWidth; x++) {
                    for (int j = 0; j < window.kernelWidth(); j++) {
                        int q = window.inputColumn(x, j);
                        if (q >= 0 && q < width) {
                            visit.at(r * width + q, i * window.kernelWidth() + j, y * outWidth + x);
                        }
                    }
                }
            }
        }
    }

    /** Receives a triple. */
    interface Triple {
        void at(int cell, int tap, int place);
    }

    /** Places of a window operation that see a true cell; channels are kept. */
    BlockTensor places(BlockTensor image) {
        return spatial(image, outHeight, outWidth, true);
    }

    /** Cells of a window operation that a true place sees; channels are kept. */
    BlockTensor cells(BlockTensor place) {
        return spatial(place, height, width, false);
    }

    private BlockTensor spatial(BlockTensor from, int rows, int columns, boolean toPlaces) {
        int channels = from.extents[1];
        int[] spread = {1, channels, from.sizes[2], from.sizes[3]};
        int[] source = from.expand(spread).ids;
        int in = from.sizes[2] * from.sizes[3];
        int out = rows * columns;
        int[] ids = new int[channels * out];
        for (int c = 0; c < channels; c++) {
            int base = c;
            forEach((cell, tap, place) -> {
                int a = toPlaces ? cell : place;
                int b = toPlaces ? place : cell;
                ids[base * out + b] |= source[base * in + a];
            });
        }
        int[] sizes = {1, from.sizes[1], rows, columns};
        return new BlockTensor(sizes, new int[] {1, channels, rows, columns}, ids).compress();
    }

    /** Places [1, O, oh, ow] of a convolution that a live term reaches. */
    BlockTensor convPlaces(BlockTensor image, BlockTensor kernel, int groups) {
        int outputs = kernel.sizes[0];
        if (kernel.isUniform()) {
            BlockTensor grouped = groupAny(image, groups);
            BlockTensor seen = kernel.ids[0] == 1 ? places(grouped) : places(Masks.uniform(grouped.sizes, false));
            return ungroup(seen, outputs, groups);
        }
        int[] out = new int[outputs * outHeight * outWidth];
        triples(
                image,
                kernel,
                BlockTensor.uniform(new int[] {1, outputs, outHeight, outWidth}, 1),
                groups,
                (i, k, p) -> out[p] = 1);
        return new BlockTensor(
                        new int[] {1, outputs, outHeight, outWidth}, new int[] {1, outputs, outHeight, outWidth}, out)
                .compress();
    }

    /** Image cells [1, C, H, W] of a convolution that take part in a live term. */
    BlockTensor convCells(BlockTensor place, BlockTensor kernel, int groups) {
        int channels = kernel.sizes[1] * groups;
        if (kernel.isUniform()) {
            BlockTensor grouped = groupAny(place, groups);
            BlockTensor seen = kernel.ids[0] == 1 ? cells(grouped) : cells(Masks.uniform(grouped.sizes, false));
            return ungroup(seen, channels, groups);
        }
        int[] out = new int[channels * height * width];
        triples(
                BlockTensor.uniform(new int[] {1, channels, height, width}, 1),
                kernel,
                place,
                groups,
                (i, k, p) -> out[i] = 1);
        return new BlockTensor(new int[] {1, channels, height, width}, new int[] {1, channels, height, width}, out)
                .compress();
    }

    /** Kernel entries [O, C/groups, kh, kw] that take part in a live term. */
    BlockTensor convTaps(BlockTensor image, BlockTensor place, int groups, int[] kernelSizes) {
        boolean byInput = image.varies(1);
        boolean byOutput = place.varies(1) || (byInput && groups > 1);
        int os = byOutput ? kernelSizes[0] : 1;
        int cs = byInput ? kernelSizes[1] : 1;
        int taps = kernelSizes[2] * kernelSizes[3];
        int[] cellsExpanded = image.expand(new int[] {1, image.extents[1], height, width}).ids;
        int[] placesExpanded = place.expand(new int[] {1, place.extents[1], outHeight, outWidth}).ids;
        int[] ids = new int[os * cs * taps];
        int perGroup = kernelSizes[0] / groups;
        for (int o = 0; o < os; o++) {
            int placeBase = (place.varies(1) ? o : 0) * outHeight * outWidth;
            for (int c = 0; c < cs; c++) {
                int channel = byInput ? o / perGroup * kernelSizes[1] + c : 0;
                int cellBase = channel * height * width;
                int base = (o * cs + c) * taps;
                forEach((cell, tap, p) ->
                        ids[base + tap] |= cellsExpanded[cellBase + cell] & placesExpanded[placeBase + p]);
            }
        }
        return new BlockTensor(kernelSizes, new int[] {os, cs, kernelSizes[2], kernelSizes[3]}, ids).compress();
    }

    /** Visits every live term of a convolution with row-major indices of image, kernel and place (batch 1). */
    void triples(BlockTensor image, BlockTensor kernel, BlockTensor place, int groups, Triple visit) {
        int[] i = image.expandAll().ids;
        int[] k = kernel.expandAll().ids;
        int[] p = place.expandAll().ids;
        int outputs = kernel.sizes[0];
        int inputs = kernel.sizes[1];
        int taps = kernel.sizes[2] * kernel.sizes[3];
        int perGroup = outputs / groups;
        for (int o = 0; o < outputs; o++) {
            int placeBase = o * outHeight * outWidth;
            for (int c = 0; c < inputs; c++) {
                int cellBase = (o / perGroup * inputs + c) * height * width;
                int tapBase = (o * inputs + c) * taps;
                forEach((cell, tap, at) -> {
                    if ((i[cellBase + cell] & k[tapBase + tap] & p[placeBase + at]) == 1) {
                        visit.at(cellBase + cell, tapBase + tap, placeBase + at);
                    }
                });
            }
        }
    }

    private static BlockTensor groupAny(BlockTensor a, int groups) {
        int channels = a.sizes[1];
        int[] sizes = {1, groups, a.sizes[2], a.sizes[3]};
        if (!a.varies(1)) {
            return new BlockTensor(sizes, a.extents, a.ids);
        }
        BlockTensor split = a.reshape(new int[] {1, groups, channels / groups, a.sizes[2], a.sizes[3]});
        return Masks.any(split, java.util.List.of(2));
    }

    private static BlockTensor ungroup(BlockTensor a, int channels, int groups) {
        int[] sizes = {1, channels, a.sizes[2], a.sizes[3]};
        if (!a.varies(1)) {
            return new BlockTensor(sizes, a.extents, a.ids);
        }
        int[] extents = {1, channels, a.extents[2], a.extents[3]};
        int plane = a.extents[2] * a.extents[3];
        int[] ids = new int[channels * plane];
        for (int c = 0; c < channels; c++) {
            System.arraycopy(a.ids, c / (channels / groups) * plane, ids, c * plane, plane);
        }
        return new BlockTensor(sizes, extents, ids);
    }
}
