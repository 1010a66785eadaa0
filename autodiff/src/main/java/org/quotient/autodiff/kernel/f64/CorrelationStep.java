package org.quotient.autodiff.kernel.f64;

import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * A correlation as a matrix product whose right operand, the patches, is never stored as a whole: by blocks of channels, the
 * images of a shard are copied with a margin ({@link PaddedLayout}), the patches of some panels of pixels are gathered from the
 * copy ({@link PixelPanels}), and all rows of the kernel run over them, tile by tile.
 */
final class CorrelationStep implements Step {
    private static final int TILE = ConvolutionTile.ROWS;
    // Rows of a panel, and elements of the panels that are packed at once: both sized for the second-level cache.
    private static final int DEPTH = 384;
    private static final int PANELS = 65536;

    /**
     * What is multiplied.
     *
     * @param batch images
     * @param groups of channels
     * @param inner channels of the source in a group
     * @param outer channels of the result in a group
     * @param sourcePlane elements of a channel of the source
     * @param resultHeight rows of the result
     * @param resultWidth columns of the result
     */
    record Sizes(int batch, int groups, int inner, int outer, int sourcePlane, int resultHeight, int resultWidth) {
        static Sizes of(Op.Conv op, int batch, int inner, int outer) {
            Window w = op.window();
            int oh = w.outputHeight(op.height());
            int ow = w.outputWidth(op.width());
            return op.form() == Op.ConvForm.FORWARD
                    ? new Sizes(batch, op.groups(), inner, outer, op.height() * op.width(), oh, ow)
                    : new Sizes(batch, op.groups(), inner, outer, oh * ow, op.height(), op.width());
        }

        int resultPlane() {
            return resultHeight * resultWidth;
        }
    }

    /** Where the kernel of a pass lies: row-major [groups, outer, inner, taps of the pass]. */
    interface Weights {
        /** A kernel as it is, for one pass with all taps in order. */
        static Weights of(double[] kernel, int offset) {
            return new Weights() {
                @Override
                public double[] array() {
                    return kernel;
                }

                @Override
                public int offset(int pass) {
                    return offset;
                }
            };
        }

        double[] array();

        int offset(int pass);
    }

    private final Correlation correlation;
    private final Sizes sizes;
    private final Weights weights;
    private final double[] source;
    private final int sourceOffset;
    private final double[] result;
    private final int resultOffset;
    private final long flops;
    private final int images;
    private final int block;
    private final int blockLength;
    private final int panelsAtOnce;
    private final int[][] taps;
    private final PixelPanels[] full;
    private final PixelPanels[] rest;

    CorrelationStep(
            Correlation correlation,
            Sizes sizes,
            Weights weights,
            double[] source,
            int sourceOffset,
            double[] result,
            int resultOffset) {
        this.correlation = correlation;
        this.sizes = sizes;
        this.weights = weights;
        this.source = source;
        this.sourceOffset = sourceOffset;
        this.result = result;
        this.resultOffset = resultOffset;
        int mostTaps = 1;
        int pixels = 1;
        for (Correlation.Pass pass : correlation.passes()) {
            mostTaps = Math.max(mostTaps, pass.taps().length);
            pixels = Math.max(pixels, pass.pixels());
        }
        int blocks = Math.ceilDiv(sizes.inner, Math.max(1, DEPTH / mostTaps));
        this.block = Math.ceilDiv(sizes.inner, blocks);
        this.blockLength = block * mostTaps;
        this.images = imagesAtOnce(sizes.batch, pixels);
        this.panelsAtOnce = Math.max(
                1,
                Math.min(
                        Math.ceilDiv(images * pixels, ConvolutionTile.WIDE),
                        PANELS / (blockLength * ConvolutionTile.WIDE)));
        this.flops = 2L * images * pixels * sizes.outer * sizes.inner * mostTaps;
        int plane = correlation.layout().plane();
        int passes = correlation.passes().size();
        this.taps = new int[passes][];
        this.full = new PixelPanels[passes];
        this.rest = new PixelPanels[passes];
        for (int p = 0; p < passes; p++) {
            Correlation.Pass pass = correlation.passes().get(p);
            int count = pass.taps().length;
            taps[p] = new int[block * count];
            for (int k = 0; k < taps[p].length; k++) {
                taps[p][k] = k / count * plane + pass.taps()[k % count];
            }
            full[p] = panels(pass, images);
            rest[p] = sizes.batch % images == 0 ? full[p] : panels(pass, sizes.batch % images);
        }
    }

    private PixelPanels panels(Correlation.Pass pass, int count) {
        return new PixelPanels(
                pass,
                count,
                block * correlation.layout().plane(),
                sizes.groups * sizes.outer * sizes.resultPlane(),
                sizes.resultWidth,
                ConvolutionTile.WIDE);
    }

    /** Images of a shard: about sixteen shards, but panels at least nine tenths full where that can be. */
    private static int imagesAtOnce(int batch, int pixels) {
        int best = Math.ceilDiv(batch, 16);
        double /*wide*/ most = 0;
        for (int count = best; count <= batch && most < 0.9; count++) {
            int columns = count * pixels;
            double /*wide*/ filled =
                    (double /*wide*/) columns / (Math.ceilDiv(columns, ConvolutionTile.WIDE) * ConvolutionTile.WIDE);
            if (filled > most) {
                most = filled;
                best = count;
            }
        }
        return best;
    }

    /** Taps of all panels of one group: the work, for comparison with {@link LanePlan#work}. */
    long work() {
        long work = 0;
        for (int p = 0; p < full.length; p++) {
            long panels = (long) sizes.batch / images * full[p].panels();
            if (sizes.batch % images > 0) {
                panels += rest[p].panels();
            }
            work += panels * correlation.passes().get(p).taps().length;
        }
        return work;
    }

    @Override
    public int shards() {
        return Math.ceilDiv(sizes.batch, images) * sizes.groups;
    }

    @Override
    public void run(int shard, Scratch scratch) {
        boolean vector = Tile.ready(flops);
        int group = shard % sizes.groups;
        int image = shard / sizes.groups * images;
        int count = Math.min(images, sizes.batch - image);
        PixelPanels[] panels = count == images ? full : rest;
        int plane = correlation.layout().plane();
        double[] copy = scratch.f64(0, images * block * plane + 2 * VectorCopies.LANES);
        double[] patches = scratch.f64(1, panelsAtOnce * blockLength * ConvolutionTile.WIDE + VectorCopies.LANES);
        double[] tile = scratch.f64(2, TILE * ConvolutionTile.WIDE);
        int target = resultOffset + (image * sizes.groups + group) * sizes.outer * sizes.resultPlane();
        for (int first = 0; first < sizes.inner; first += block) {
            int channels = Math.min(block, sizes.inner - first);
            for (int n = 0; n < count; n++) {
                int channel = ((image + n) * sizes.groups + group) * sizes.inner + first;
                correlation
                        .layout()
                        .copy(
                                vector,
                                source,
                                sourceOffset + channel * sizes.sourcePlane,
                                channels,
                                copy,
                                n * block * plane);
            }
            for (int pass = 0; pass < panels.length; pass++) {
                pass(vector, pass, panels[pass], group, first, channels, copy, patches, tile, target);
            }
        }
    }

    private void pass(
            boolean vector,
            int pass,
            PixelPanels panels,
            int group,
            int first,
            int channels,
            double[] copy,
            double[] patches,
            double[] tile,
            int target) {
        int count = correlation.passes().get(pass).taps().length;
        int plane = sizes.resultPlane();
        if (count == 0) {
            for (int panel = 0; first == 0 && panel < panels.panels(); panel++) {
                panels.clear(panel, sizes.outer, result, target, plane);
            }
            return;
        }
        int length = channels * count;
        int row = sizes.inner * count;
        int kernel = weights.offset(pass) + group * sizes.outer * row + first * count;
        double[] a = weights.array();
        boolean more = first > 0;
        for (int from = 0; from < panels.panels(); from += panelsAtOnce) {
            int end = Math.min(panels.panels(), from + panelsAtOnce);
            for (int panel = from; panel < end; panel++) {
                panels.pack(
                        vector,
                        panel,
                        copy,
                        taps[pass],
                        length,
                        patches,
                        (panel - from) * length * ConvolutionTile.WIDE);
            }
            for (int o = 0, height; o < sizes.outer; o += height) {
                height = Tile.height(sizes.outer - o);
                int rows = Math.min(height, sizes.outer - o);
                for (int panel = from; panel < end; panel++) {
                    int b = (panel - from) * length * ConvolutionTile.WIDE;
                    boolean inPlace = rows == height && panels.contiguous(panel);
                    double[] to = inPlace ? result : tile;
                    int at = inPlace ? target + o * plane + panels.result(panel) : 0;
                    int step = inPlace ? plane : ConvolutionTile.WIDE;
                    if (more && !inPlace) {
                        panels.load(panel, tile, rows, result, target + o * plane, plane);
                    }
                    ConvolutionTile.multiply(
                            vector,
                            ConvolutionTile.WIDE,
                            length,
                            a,
                            kernel + o * row,
                            row,
                            rows,
                            patches,
                            b,
                            more ? to : Tile.ZEROS,
                            more ? at : 0,
                            more ? step : ConvolutionTile.WIDE,
                            to,
                            at,
                            step);
                    if (!inPlace) {
                        panels.store(panel, tile, rows, result, target + o * plane, plane);
                    }
                }
            }
        }
    }
}
