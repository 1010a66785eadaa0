package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/**
 * A convolution, or its adjoint in the image, of many small images; see {@link LanePlan}. Three kinds of shared memory: the
 * source as [blocks of images, pixels and one of zeros, channels, lanes], and the kernel as [rows of the product, blocks of
 * channels, taps, channels of the block], each of the size of what it holds.
 */
final class LaneCorrelation implements Step {
    private static final int LANES = VectorCopies.LANES;
    private static final int VECTORS = LanePlan.VECTORS;
    private static final int TILE = ConvolutionTile.ROWS;
    private static final int DEPTH = 64;
    private static final int AT_ONCE = 2;

    private final LanePlan plan;
    private final Op.ConvForm form;
    private final int batch;
    private final int groups;
    private final int inner;
    private final int outer;
    private final int window;
    private final int sourcePixels;
    private final int pixels;
    private final int blocks;
    private final long flops;
    private final Temporaries.Temporary lanes;
    private final Temporaries.Temporary weights;
    private final double[] result;
    private final int resultOffset;

    /**
     * Binds the step.
     *
     * @param plan of the same operation and batch
     * @param op the operation, FORWARD or INPUT_ADJOINT
     * @param batch images
     * @param inner channels of the source in a group
     * @param outer channels of the result in a group
     * @param result array of the result
     * @param resultOffset index of its first element
     * @param temporaries the size of the kernel, kind 0, and of the source, kind 1, is taken
     */
    LaneCorrelation(
            LanePlan plan,
            Op.Conv op,
            int batch,
            int inner,
            int outer,
            double[] result,
            int resultOffset,
            Temporaries temporaries) {
        this.form = op.form();
        this.batch = batch;
        this.groups = op.groups();
        this.inner = inner;
        this.outer = outer;
        this.result = result;
        this.resultOffset = resultOffset;
        Window w = op.window();
        this.window = w.kernelHeight() * w.kernelWidth();
        int oh = w.outputHeight(op.height());
        int ow = w.outputWidth(op.width());
        boolean forward = form == Op.ConvForm.FORWARD;
        this.pixels = forward ? oh * ow : op.height() * op.width();
        this.sourcePixels = forward ? op.height() * op.width() : oh * ow;
        this.blocks = Math.ceilDiv(batch, LANES);
        this.plan = plan;
        this.flops = 2L * AT_ONCE * ConvolutionTile.WIDE * window * inner * outer;
        this.weights = temporaries.request(0, groups * inner * outer * window);
        this.lanes = temporaries.request(1, blocks * (sourcePixels + 1) * groups * inner * LANES);
    }

    /** The steps: source and kernel are laid out, then multiplied. */
    List<Step> steps(double[] source, int sourceOffset, double[] kernel, int kernelOffset) {
        return List.of(new Spreading(source, sourceOffset), new Turning(kernel, kernelOffset), this);
    }

    @Override
    public int shards() {
        return Math.ceilDiv(plan.panels(), AT_ONCE) * groups;
    }

    @Override
    public void run(int shard, Scratch scratch) {
        boolean vector = Tile.ready(flops);
        int group = shard % groups;
        int from = shard / groups * AT_ONCE;
        int end = Math.min(plan.panels(), from + AT_ONCE);
        int depth = Math.min(DEPTH, inner);
        int panelSize = window * depth * ConvolutionTile.WIDE;
        int tileSize = Math.ceilDiv(outer, TILE) * TILE * ConvolutionTile.WIDE;
        double[] patches = scratch.f64(0, AT_ONCE * panelSize);
        double[] sums = scratch.f64(1, AT_ONCE * tileSize);
        double[] source = (double[]) lanes.array();
        double[] a = (double[]) weights.array();
        for (int first = 0; first < inner; first += DEPTH) {
            int channels = Math.min(DEPTH, inner - first);
            for (int p = from; p < end; p++) {
                pack(vector, p, group * inner + first, channels, source, patches, (p - from) * panelSize);
            }
            int kernel = group * outer * inner * window + first * window;
            for (int o = 0; o < outer; o += Tile.height(outer - o)) {
                for (int p = from; p < end; p++) {
                    multiply(
                            vector,
                            p,
                            o,
                            kernel,
                            channels,
                            a,
                            patches,
                            (p - from) * panelSize,
                            sums,
                            (p - from) * tileSize + o * ConvolutionTile.WIDE,
                            first > 0);
                }
            }
        }
        for (int p = from; p < end; p++) {
            for (int v = 0; v < VECTORS; v++) {
                store(p, v, group, sums, (p - from) * tileSize + v * LANES);
            }
        }
    }

    private void pack(boolean vector, int panel, int channel, int channels, double[] source, double[] to, int start) {
        for (int t = 0; t < plan.taps(panel); t++) {
            for (int v = 0; v < VECTORS; v++) {
                int pixel = plan.block(panel, v) * (sourcePixels + 1) + plan.source(panel, t, v);
                int read = (pixel * groups * inner + channel) * LANES;
                int write = start + t * channels * ConvolutionTile.WIDE + v * LANES;
                VectorCopies.stream(vector, source, read, LANES, channels, to, write, ConvolutionTile.WIDE);
            }
        }
    }

    private void multiply(
            boolean vector,
            int panel,
            int o,
            int kernel,
            int channels,
            double[] a,
            double[] patches,
            int b,
            double[] sums,
            int c,
            boolean more) {
        int row = inner * window;
        boolean adding = more;
        int at = b;
        for (int run = plan.firstRun(panel); run < plan.firstRun(panel + 1); run++) {
            int length = plan.runLength(run) * channels;
            ConvolutionTile.multiply(
                    vector,
                    ConvolutionTile.WIDE,
                    length,
                    a,
                    kernel + o * row + plan.runTap(run) * channels,
                    row,
                    Math.min(Tile.height(outer - o), outer - o),
                    patches,
                    at,
                    adding ? sums : Tile.ZEROS,
                    adding ? c : 0,
                    ConvolutionTile.WIDE,
                    sums,
                    c,
                    ConvolutionTile.WIDE);
            at += length * ConvolutionTile.WIDE;
            adding = true;
        }
        if (!adding) {
            Arrays.fill(sums, c, c + Tile.height(outer - o) * ConvolutionTile.WIDE, 0);
        }
    }

    private void store(int panel, int vector, int group, double[] sums, int start) {
        int pixel = plan.pixel(panel, vector);
        if (pixel < 0) {
            return;
        }
        int image = plan.block(panel, vector) * LANES;
        int count = Math.min(LANES, batch - image);
        for (int n = 0; n < count; n++) {
            int to = resultOffset + ((image + n) * groups + group) * outer * pixels + pixel;
            for (int o = 0; o < outer; o++) {
                result[to + o * pixels] = sums[start + o * ConvolutionTile.WIDE + n];
            }
        }
    }

    /** Lays out the source, one lane per image. */
    private final class Spreading implements Step {
        private static final int SHARDS = 8;

        private final double[] source;
        private final int offset;

        Spreading(double[] source, int offset) {
            this.source = source;
            this.offset = offset;
        }

        private int per() {
            return Math.ceilDiv(groups * inner, SHARDS);
        }

        @Override
        public int shards() {
            return blocks * Math.ceilDiv(groups * inner, per());
        }

        @Override
        public void run(int shard, Scratch scratch) {
            int channels = groups * inner;
            int q = shard % blocks;
            int first = shard / blocks * per();
            int end = Math.min(channels, first + per());
            int count = Math.min(LANES, batch - q * LANES);
            double[] to = (double[]) lanes.array();
            int base = q * (sourcePixels + 1) * channels * LANES;
            int zero = base + sourcePixels * channels * LANES;
            Arrays.fill(to, zero + first * LANES, zero + end * LANES, 0);
            for (int c = first; c < end; c++) {
                int from = offset + (q * LANES * channels + c) * sourcePixels;
                for (int p = 0; p < sourcePixels; p++) {
                    int at = base + (p * channels + c) * LANES;
                    for (int n = 0; n < count; n++) {
                        to[at + n] = source[from + n * channels * sourcePixels + p];
                    }
                    for (int n = count; n < LANES; n++) {
                        to[at + n] = 0;
                    }
                }
            }
        }
    }

    /** Lays out the kernel: each row of the product by blocks of channels, in a block tap by tap. */
    private final class Turning implements Step {
        private static final int SHARDS = 8;

        private final double[] kernel;
        private final int offset;

        Turning(double[] kernel, int offset) {
            this.kernel = kernel;
            this.offset = offset;
        }

        private int per() {
            return Math.ceilDiv(outer, SHARDS);
        }

        @Override
        public int shards() {
            return groups * Math.ceilDiv(outer, per());
        }

        @Override
        public void run(int shard, Scratch scratch) {
            int group = shard % groups;
            int start = shard / groups * per();
            int end = Math.min(outer, start + per());
            boolean forward = form == Op.ConvForm.FORWARD;
            int rowStride = (forward ? inner : 1) * window;
            int channelStride = (forward ? 1 : outer) * window;
            int from = offset + group * outer * inner * window;
            double[] to = (double[]) weights.array();
            for (int first = 0; first < inner; first += DEPTH) {
                int channels = Math.min(DEPTH, inner - first);
                for (int o = start; o < end; o++) {
                    int at = (group * outer + o) * inner * window + first * window;
                    int read = from + o * rowStride + first * channelStride;
                    for (int c = 0; c < channels; c++) {
                        for (int t = 0; t < window; t++) {
                            to[at + t * channels + c] = kernel[read + c * channelStride + t];
                        }
                    }
                }
            }
        }
    }
}
