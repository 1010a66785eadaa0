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
 * sum, and {@link KernelGathering} adds them in order.
 */
final class KernelGradient implements Step {
    private static final int TILE = ConvolutionTile.ROWS;
    private static final int CHUNK = 256;
    private static final int SHARDS = 8;
    private static final int ROWS = 512;
    // Columns from which patches are read where they lie, row by row; shorter ones are gathered first.
    private static final int LONG_ROW = 14;

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
    private final int width;
    private final int panels;
    private final int chunkImages;
    private final int chunkRows;
    private final long flops;

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
        this.width = outputs <= ConvolutionTile.NARROW ? ConvolutionTile.NARROW : ConvolutionTile.WIDE;
        this.panels = Math.ceilDiv(outputs, width);
        this.chunkImages = Math.clamp(CHUNK / Math.max(1, pass.pixels()), 1, imageBlock);
        this.chunkRows = Math.clamp(CHUNK / Math.max(1, pass.columns()), 1, Math.max(1, pass.rows()));
        this.flops = 2L * imageBlock * pass.pixels() * outputs * channelBlock * pass.taps().length;
        this.sums = temporaries.request(0, imageBlocks * groups * channels * pass.taps().length * panels * width);
    }

    /** The step that adds up and transposes. */
    Step gathering(double[] kernel, int kernelOffset) {
        return new KernelGathering(
                sums,
                imageBlocks,
                groups,
                channels * pass.taps().length,
                outputs,
                panels * width,
                kernel,
                kernelOffset);
    }

    @Override
    public int shards() {
        return imageBlocks * groups * channelBlocks;
    }

    @Override
    public void run(int shard, Scratch scratch) {
        boolean vector = Tile.ready(flops);
        int block = shard % channelBlocks;
        int group = shard / channelBlocks % groups;
        int part = shard / channelBlocks / groups;
        int firstChannel = block * channelBlock;
        int count = Math.min(channelBlock, channels - firstChannel);
        int plane = layout.plane();
        int taps = pass.taps().length;
        int most = chunkImages * chunkRows * pass.columns();
        double[] copy = scratch.f64(0, chunkImages * channelBlock * plane + 2 * VectorCopies.LANES);
        double[] turned = scratch.f64(1, panels * most * width);
        double[] patches = scratch.f64(2, TILE * most + VectorCopies.LANES);
        double[] to = (double[]) sums.array();
        int pitch = panels * width;
        int target = ((part * groups + group) * channels + firstChannel) * taps * pitch;
        double[] last = scratch.f64(3, TILE * width);
        int end = Math.min(batch, (part + 1) * imageBlock);
        for (int n = part * imageBlock; n < end; n += chunkImages) {
            int images = Math.min(chunkImages, end - n);
            for (int m = 0; m < images; m++) {
                int from = ((n + m) * groups + group) * channels + firstChannel;
                layout.copy(
                        vector,
                        image,
                        imageOffset + from * layout.height() * layout.width(),
                        count,
                        copy,
                        m * channelBlock * plane);
            }
            for (int y = 0; y < pass.rows(); y += chunkRows) {
                int rows = Math.min(chunkRows, pass.rows() - y);
                boolean more = n > part * imageBlock || y > 0;
                turn(n, images, group, y, rows, turned);
                chunk(vector, copy, images, count, y, rows, turned, patches, last, to, target, more);
            }
        }
    }

    private void turn(int n, int images, int group, int y, int rows, double[] turned) {
        int length = images * rows * pass.columns();
        for (int m = 0; m < images; m++) {
            int from = gradientOffset + ((n + m) * groups + group) * outputs * pass.pixels() + y * pass.columns();
            transpose(
                    gradient,
                    from,
                    outputs,
                    pass.pixels(),
                    rows * pass.columns(),
                    turned,
                    m * rows * pass.columns() * width,
                    length,
                    width);
        }
    }

    private void chunk(
            boolean vector,
            double[] copy,
            int images,
            int count,
            int y,
            int rows,
            double[] turned,
            double[] patches,
            double[] last,
            double[] to,
            int target,
            boolean more) {
        int plane = layout.plane();
        int columns = pass.columns();
        int length = images * rows * columns;
        int pitch = panels * width;
        int all = count * pass.taps().length;
        boolean gathered = images > 1 || columns < LONG_ROW;
        double[] a = gathered ? patches : copy;
        int outer = gathered ? 1 : rows;
        int inner = gathered ? length : columns;
        for (int row = 0, height; row < all; row += height) {
            height = Tile.height(all - row);
            int tile = Math.min(height, all - row);
            int first = y * pass.sourceRow();
            if (gathered) {
                for (int r = 0; r < tile; r++) {
                    VectorCopies.stretches(
                            vector,
                            copy,
                            first + tap(row + r),
                            images,
                            channelBlock * plane,
                            rows,
                            pass.sourceRow(),
                            columns,
                            patches,
                            r * length);
                }
            }
            int top = tile - 1;
            int a0 = gathered ? 0 : first + tap(row);
            int a1 = gathered ? Math.min(1, top) * length : first + tap(row + Math.min(1, top));
            int a2 = gathered ? Math.min(2, top) * length : first + tap(row + Math.min(2, top));
            int a3 = gathered ? Math.min(3, top) * length : first + tap(row + Math.min(3, top));
            int a4 = gathered ? Math.min(4, top) * length : first + tap(row + Math.min(4, top));
            int a5 = gathered ? Math.min(5, top) * length : first + tap(row + Math.min(5, top));
            boolean whole = tile == height;
            double[] into = whole ? to : last;
            int step = whole ? pitch : width;
            for (int panel = 0; panel < panels; panel++) {
                int at = target + row * pitch + panel * width;
                int write = whole ? at : 0;
                if (more && !whole) {
                    rows(tile, to, at, pitch, last, 0, width);
                }
                ConvolutionTile.multiply(
                        vector,
                        width,
                        outer,
                        inner,
                        tile,
                        a,
                        a0,
                        a1,
                        a2,
                        a3,
                        a4,
                        a5,
                        pass.sourceRow(),
                        turned,
                        panel * length * width,
                        more ? into : Tile.ZEROS,
                        more ? write : 0,
                        more ? step : width,
                        into,
                        write,
                        step);
                if (!whole) {
                    rows(tile, last, 0, width, to, at, pitch);
                }
            }
        }
    }

    /** Where row (c, i, j) of the patches starts in the copy. */
    private int tap(int row) {
        int[] taps = pass.taps();
        return row / taps.length * layout.plane() + taps[row % taps.length];
    }

    /** Copies rows of a panel's width. */
    private void rows(int rows, double[] from, int read, int fromStep, double[] to, int write, int toStep) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(from, read + r * fromStep, to, write + r * toStep, width);
        }
    }

    /** Transposes rows into panels: element (row i, column k) goes to panel i/width, row k, column i mod width. */
    private static void transpose(
            double[] from,
            int first,
            int rows,
            int rowStride,
            int columns,
            double[] to,
            int at,
            int height,
            int width) {
        int four = rows / 4 * 4;
        for (int i = 0; i < four; i += 4) {
            int write = at + i / width * height * width + i % width;
            int r0 = first + i * rowStride;
            int r1 = r0 + rowStride;
            int r2 = r1 + rowStride;
            int r3 = r2 + rowStride;
            for (int l = 0; l < columns; l++) {
                to[write + l * width] = from[r0 + l];
                to[write + l * width + 1] = from[r1 + l];
                to[write + l * width + 2] = from[r2 + l];
                to[write + l * width + 3] = from[r3 + l];
            }
        }
        for (int i = four; i < rows; i++) {
            int write = at + i / width * height * width + i % width;
            int read = first + i * rowStride;
            for (int l = 0; l < columns; l++) {
                to[write + l * width] = from[read + l];
            }
        }
    }

    /** The steps. */
    List<Step> steps(double[] kernel, int kernelOffset) {
        return List.of(this, gathering(kernel, kernelOffset));
    }
}
