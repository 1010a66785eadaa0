package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/**
 * The adjoint of the convolution in its kernel, transposed: row (c, i, j), column o is the sum over images and pixels of
 * patch times gradient. Chunks of pixels are multiplied one after the other: the gradient is transposed into panels, patches
 * are gathered for six rows at a time. Shards are cut by blocks of channels and by images; each group of images has its own
 * sum, and {@link Gathering} adds them in order.
 */
final class KernelGradient implements Step {
    private static final int TILE = 6;
    private static final int CHUNK = 256;
    private static final int SHARDS = 8;
    private static final int ROWS = 512;

    private final Correlation.Pass pass;
    private final PaddedLayout layout;
    private final int batch;
    private final int groups;
    private final int channels;
    private final int outputs;
    private final double[] image;
    private final int imageOffset;
    private final double[] gradient;
    private final int gradientOffset;
    private final Temporaries.Temporary sums;
    private final int channelBlocks;
    private final int channelBlock;
    private final int imageBlocks;
    private final int imageBlock;
    private final int panels;
    private final int chunkImages;
    private final int chunkRows;

    /**
     * Binds the step.
     *
     * @param op the operation
     * @param batch images
     * @param channels of the image in a group
     * @param outputs of the forward convolution in a group
     * @param image array of the images
     * @param imageOffset index of their first element
     * @param gradient array of the output gradient
     * @param gradientOffset index of its first element
     * @param temporaries a transposed kernel per group of images is taken, at most 8, kind 0
     */
    KernelGradient(
            Op.Conv op,
            int batch,
            int channels,
            int outputs,
            double[] image,
            int imageOffset,
            double[] gradient,
            int gradientOffset,
            Temporaries temporaries) {
        Correlation forward = Correlation.forward(op);
        this.pass = forward.passes().getFirst();
        this.layout = forward.layout();
        this.batch = batch;
        this.groups = op.groups();
        this.channels = channels;
        this.outputs = outputs;
        this.image = image;
        this.imageOffset = imageOffset;
        this.gradient = gradient;
        this.gradientOffset = gradientOffset;
        int wanted = Math.clamp(channels * pass.taps().length / ROWS, 1, Math.min(SHARDS, channels));
        this.channelBlock = Math.ceilDiv(channels, wanted);
        this.channelBlocks = Math.ceilDiv(channels, channelBlock);
        this.imageBlock = Math.ceilDiv(batch, Math.ceilDiv(SHARDS, channelBlocks * groups));
        this.imageBlocks = Math.ceilDiv(batch, imageBlock);
        this.panels = Math.ceilDiv(outputs, ConvTile.NR);
        this.chunkImages = Math.clamp(CHUNK / Math.max(1, pass.pixels()), 1, imageBlock);
        this.chunkRows = Math.clamp(CHUNK / Math.max(1, pass.columns()), 1, Math.max(1, pass.rows()));
        this.sums = temporaries.request(0, imageBlocks * groups * channels * pass.taps().length * panels * ConvTile.NR);
    }

    /** The step that adds up and transposes. */
    Step gathering(double[] kernel, int kernelOffset) {
        return new Gathering(
                sums,
                imageBlocks,
                groups,
                channels * pass.taps().length,
                outputs,
                panels * ConvTile.NR,
                kernel,
                kernelOffset);
    }

    @Override
    public int shards() {
        return imageBlocks * groups * channelBlocks;
    }

    @Override
    public void run(int shard, Scratch scratch) {
        int block = shard % channelBlocks;
        int group = shard / channelBlocks % groups;
        int part = shard / channelBlocks / groups;
        int firstChannel = block * channelBlock;
        int count = Math.min(channelBlock, channels - firstChannel);
        int plane = layout.plane();
        int taps = pass.taps().length;
        int most = chunkImages * chunkRows * pass.columns();
        double[] copy = scratch.f64(0, chunkImages * channelBlock * plane + PatchRows.LANES);
        double[] turned = scratch.f64(1, panels * most * ConvTile.NR);
        double[] patches = scratch.f64(2, TILE * most + PatchRows.LANES);
        double[] to = (double[]) sums.array();
        int pitch = panels * ConvTile.NR;
        int target = ((part * groups + group) * channels + firstChannel) * taps * pitch;
        int last = Math.min(batch, (part + 1) * imageBlock);
        for (int n = part * imageBlock; n < last; n += chunkImages) {
            int images = Math.min(chunkImages, last - n);
            for (int m = 0; m < images; m++) {
                int from = ((n + m) * groups + group) * channels + firstChannel;
                layout.copy(
                        image,
                        imageOffset + from * layout.height() * layout.width(),
                        count,
                        copy,
                        m * channelBlock * plane);
            }
            for (int y = 0; y < pass.rows(); y += chunkRows) {
                int rows = Math.min(chunkRows, pass.rows() - y);
                boolean accumulate = n > part * imageBlock || y > 0;
                turn(n, images, group, y, rows, turned);
                chunk(copy, images, count, y, rows, turned, patches, to, target, accumulate);
            }
        }
    }

    private void turn(int n, int images, int group, int y, int rows, double[] turned) {
        int length = images * rows * pass.columns();
        for (int m = 0; m < images; m++) {
            int from = gradientOffset + ((n + m) * groups + group) * outputs * pass.pixels() + y * pass.columns();
            PatchRows.transpose(
                    gradient,
                    from,
                    outputs,
                    pass.pixels(),
                    rows * pass.columns(),
                    turned,
                    m * rows * pass.columns() * ConvTile.NR,
                    length,
                    ConvTile.NR);
        }
    }

    private void chunk(
            double[] copy,
            int images,
            int count,
            int y,
            int rows,
            double[] turned,
            double[] patches,
            double[] to,
            int target,
            boolean accumulate) {
        int[] taps = pass.taps();
        int plane = layout.plane();
        int columns = pass.columns();
        int length = images * rows * columns;
        int pitch = panels * ConvTile.NR;
        int all = count * taps.length;
        for (int row = 0; row < all; row += TILE) {
            int tile = Math.min(TILE, all - row);
            for (int r = 0; r < tile; r++) {
                int from = (row + r) / taps.length * plane + taps[(row + r) % taps.length] + y * pass.sourceRow();
                PatchRows.gather(
                        copy, from, images, channelBlock * plane, rows, pass.sourceRow(), columns, patches, r * length);
            }
            for (int panel = 0; panel < panels; panel++) {
                ConvTile.run(
                        patches,
                        0,
                        Math.min(1, tile - 1) * length,
                        Math.min(2, tile - 1) * length,
                        Math.min(3, tile - 1) * length,
                        Math.min(4, tile - 1) * length,
                        Math.min(5, tile - 1) * length,
                        length,
                        turned,
                        panel * length * ConvTile.NR,
                        to,
                        target + row * pitch + panel * ConvTile.NR,
                        pitch,
                        tile,
                        accumulate);
            }
        }
    }

    /**
     * Adds the sums of the groups of images, in order, and transposes.
     *
     * @param sums row-major [parts, groups, rows, pitch], of which the first {@code outputs} columns count
     * @param parts how many sums
     * @param groups of channels
     * @param rows of a group
     * @param outputs of a group
     * @param pitch at least the number of outputs
     * @param kernel row-major [groups, outputs, rows]
     * @param offset index of its first element
     */
    private record Gathering(
            Temporaries.Temporary sums,
            int parts,
            int groups,
            int rows,
            int outputs,
            int pitch,
            double[] kernel,
            int offset)
            implements Step {
        private static final int BLOCK = 16;

        private int blocks() {
            return Math.ceilDiv(rows, Math.max(BLOCK, Math.ceilDiv(rows, 4)));
        }

        @Override
        public int shards() {
            return groups * blocks();
        }

        @Override
        public void run(int shard, Scratch scratch) {
            int group = shard / blocks();
            int block = Math.max(BLOCK, Math.ceilDiv(rows, 4));
            int start = shard % blocks() * block;
            int end = Math.min(rows, start + block);
            double[] from = (double[]) sums.array();
            for (int row = start; row < end; row += BLOCK) {
                int stop = Math.min(end, row + BLOCK);
                for (int part = 0; part < parts; part++) {
                    int read = (part * groups + group) * rows * pitch;
                    for (int o = 0; o < outputs; o++) {
                        int write = offset + (group * outputs + o) * rows;
                        if (part == 0) {
                            for (int r = row; r < stop; r++) {
                                kernel[write + r] = from[read + r * pitch + o];
                            }
                        } else {
                            for (int r = row; r < stop; r++) {
                                kernel[write + r] += from[read + r * pitch + o];
                            }
                        }
                    }
                }
            }
        }
    }

    /** The steps. */
    List<Step> steps(double[] kernel, int kernelOffset) {
        return List.of(this, gathering(kernel, kernelOffset));
    }
}
