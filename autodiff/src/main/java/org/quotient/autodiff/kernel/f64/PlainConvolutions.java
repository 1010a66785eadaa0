package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * The convolution and its adjoints by plain loops: for each tap of each pair of channels, the rows of pixels that it meets
 * inside the image. For small work, and for machines without the vector module. Shards are cut by images, for the adjoint in
 * the kernel by output channels.
 */
final class PlainConvolutions implements Step {
    private static final int SHARD_PRODUCTS = 50_000;
    private static final int MOST_SHARDS = 16;

    private final Op.Conv op;
    private final int batch;
    private final int groups;
    private final int inner;
    private final int outer;
    private final int places;
    private final int columns;
    private final int pixels;
    private final int taps;
    private final double[] a;
    private final int aOffset;
    private final double[] b;
    private final int bOffset;
    private final double[] out;
    private final int outOffset;
    // Per tap: the output rows and columns whose pixel lies in the image, and the pixel that output place 0 would meet.
    private final int[] firstRow;
    private final int[] endRow;
    private final int[] firstColumn;
    private final int[] endColumn;
    private final int[] pixel;
    private final int perShard;

    /**
     * Binds the step.
     *
     * @param op form and geometry
     * @param batch images
     * @param channels of the forward image
     * @param outputs channels of the forward output
     * @param a first operand
     * @param aOffset index of its first element
     * @param b second operand
     * @param bOffset index of its first element
     * @param out result
     * @param outOffset index of its first element
     */
    PlainConvolutions(
            Op.Conv op,
            int batch,
            int channels,
            int outputs,
            double[] a,
            int aOffset,
            double[] b,
            int bOffset,
            double[] out,
            int outOffset) {
        this.op = op;
        this.batch = batch;
        this.groups = op.groups();
        this.inner = channels / groups;
        this.outer = outputs / groups;
        this.a = a;
        this.aOffset = aOffset;
        this.b = b;
        this.bOffset = bOffset;
        this.out = out;
        this.outOffset = outOffset;
        Window w = op.window();
        int rows = w.outputHeight(op.height());
        this.columns = w.outputWidth(op.width());
        this.places = rows * columns;
        this.pixels = op.height() * op.width();
        this.taps = w.kernelHeight() * w.kernelWidth();
        firstRow = new int[taps];
        endRow = new int[taps];
        firstColumn = new int[taps];
        endColumn = new int[taps];
        pixel = new int[taps];
        for (int t = 0; t < taps; t++) {
            int row = w.inputRow(0, t / w.kernelWidth());
            int column = w.inputColumn(0, t % w.kernelWidth());
            firstRow[t] = first(row, w.strideHeight());
            endRow[t] = end(row, op.height(), w.strideHeight(), rows);
            firstColumn[t] = first(column, w.strideWidth());
            endColumn[t] = end(column, op.width(), w.strideWidth(), columns);
            pixel[t] = row * op.width() + column;
        }
        int cuts = op.form() == Op.ConvForm.KERNEL_ADJOINT ? outputs : batch;
        long products = (long) batch * outputs * inner * taps * places;
        int shards = (int) Math.clamp(products / SHARD_PRODUCTS, 1L, Math.max(1, Math.min(MOST_SHARDS, cuts)));
        this.perShard = Math.max(1, Math.ceilDiv(cuts, shards));
    }

    private static int first(int position, int stride) {
        return Math.max(0, Math.ceilDiv(-position, stride));
    }

    private static int end(int position, int size, int stride, int count) {
        return Math.min(count, Math.floorDiv(size - 1 - position, stride) + 1);
    }

    private int cuts() {
        return op.form() == Op.ConvForm.KERNEL_ADJOINT ? groups * outer : batch;
    }

    @Override
    public int shards() {
        return Math.ceilDiv(cuts(), perShard);
    }

    @Override
    public void run(int shard, Scratch scratch) {
        int start = shard * perShard;
        int end = Math.min(cuts(), start + perShard);
        switch (op.form()) {
            case FORWARD -> forward(start, end);
            case INPUT_ADJOINT -> inputAdjoint(start, end);
            case KERNEL_ADJOINT -> kernelAdjoint(start, end);
        }
    }

    private void forward(int start, int end) {
        int step = op.window().strideWidth();
        for (int plane = start * groups * outer; plane < end * groups * outer; plane++) {
            int o = plane % (groups * outer);
            int to = outOffset + plane * places;
            Arrays.fill(out, to, to + places, 0);
            for (int c = 0; c < inner; c++) {
                int from = aOffset + ((plane / outer) * inner + c) * pixels;
                for (int t = 0; t < taps; t++) {
                    double weight = b[bOffset + (o * inner + c) * taps + t];
                    for (int y = firstRow[t]; y < endRow[t]; y++) {
                        int x = from + pixel[t] + y * op.window().strideHeight() * op.width();
                        int z = to + y * columns;
                        if (step == 1) {
                            for (int k = firstColumn[t]; k < endColumn[t]; k++) {
                                out[z + k] += weight * a[x + k];
                            }
                        } else {
                            for (int k = firstColumn[t]; k < endColumn[t]; k++) {
                                out[z + k] += weight * a[x + k * step];
                            }
                        }
                    }
                }
            }
        }
    }

    private void inputAdjoint(int start, int end) {
        int step = op.window().strideWidth();
        for (int plane = start * groups * inner; plane < end * groups * inner; plane++) {
            int c = plane % inner;
            int to = outOffset + plane * pixels;
            Arrays.fill(out, to, to + pixels, 0);
            for (int o = 0; o < outer; o++) {
                int channel = plane / inner * outer + o;
                int from = aOffset + channel * places;
                int kernel = bOffset + (channel % (groups * outer) * inner + c) * taps;
                for (int t = 0; t < taps; t++) {
                    double weight = b[kernel + t];
                    for (int y = firstRow[t]; y < endRow[t]; y++) {
                        int z = to + pixel[t] + y * op.window().strideHeight() * op.width();
                        int x = from + y * columns;
                        if (step == 1) {
                            for (int k = firstColumn[t]; k < endColumn[t]; k++) {
                                out[z + k] += weight * a[x + k];
                            }
                        } else {
                            for (int k = firstColumn[t]; k < endColumn[t]; k++) {
                                out[z + k * step] += weight * a[x + k];
                            }
                        }
                    }
                }
            }
        }
    }

    private void kernelAdjoint(int start, int end) {
        int step = op.window().strideWidth();
        for (int o = start; o < end; o++) {
            for (int c = 0; c < inner; c++) {
                for (int t = 0; t < taps; t++) {
                    double sum = 0;
                    for (int n = 0; n < batch; n++) {
                        int image = aOffset + ((n * groups + o / outer) * inner + c) * pixels + pixel[t];
                        int gradient = bOffset + (n * groups * outer + o) * places;
                        for (int y = firstRow[t]; y < endRow[t]; y++) {
                            int x = image + y * op.window().strideHeight() * op.width();
                            int g = gradient + y * columns;
                            for (int k = firstColumn[t]; k < endColumn[t]; k++) {
                                sum += a[x + k * step] * b[g + k];
                            }
                        }
                    }
                    out[outOffset + (o * inner + c) * taps + t] = sum;
                }
            }
        }
    }
}
