package org.quotient.autodiff.kernel.f64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;

/**
 * How a correlation of small images runs over vectors that hold one pixel of as many images as a vector has lanes. Because
 * all lanes of a vector have the same place in the image, taps that fall into the padding are left out instead of multiplied
 * by zero: at 4 x 4 pixels, where a 3 x 3 kernel meets the padding in 44 of 144 products, that is the difference. Pixels that
 * meet the same taps are put together; a panel is a few vectors and the union of their taps.
 */
final class LanePlan {
    private static final int LANES = VectorCopies.LANES;
    /** Vectors of a panel. */
    static final int VECTORS = ConvolutionTile.WIDE / LANES;

    private final int panels;
    // Of each vector: the pixel of the result and the block of images; −1 where a panel is not full.
    private final int[] pixel;
    private final int[] block;
    // The taps of panel p are firstTap[p] to firstTap[p + 1] − 1, each with the source pixel of its vectors.
    private final int[] firstTap;
    private final int[] tap;
    private final int[] source;
    // Stretches of consecutive taps.
    private final int[] firstRun;
    private final int[] runTap;
    private final int[] runLength;

    /**
     * Plans a forward convolution or the adjoint in the image.
     *
     * @param op form and geometry
     * @param batch images
     */
    static LanePlan of(Op.Conv op, int batch) {
        Window w = op.window();
        boolean forward = op.form() == Op.ConvForm.FORWARD;
        int oh = w.outputHeight(op.height());
        int ow = w.outputWidth(op.width());
        return new LanePlan(
                axis(forward, op.height(), oh, w.kernelHeight(), w.strideHeight(), w.padTop(), w.dilationHeight()),
                axis(forward, op.width(), ow, w.kernelWidth(), w.strideWidth(), w.padLeft(), w.dilationWidth()),
                forward ? op.width() : ow,
                forward ? op.height() * op.width() : oh * ow,
                Math.ceilDiv(batch, LANES));
    }

    private static int[][] axis(boolean forward, int size, int out, int kernel, int stride, int pad, int dilation) {
        int[][] source = new int[forward ? out : size][kernel];
        for (int p = 0; p < source.length; p++) {
            for (int i = 0; i < kernel; i++) {
                if (forward) {
                    int at = p * stride - pad + i * dilation;
                    source[p][i] = at >= 0 && at < size ? at : -1;
                } else {
                    int at = p + pad - i * dilation;
                    source[p][i] = at >= 0 && at % stride == 0 && at / stride < out ? at / stride : -1;
                }
            }
        }
        return source;
    }

    /**
     * Plans.
     *
     * @param rowSource for each row of the result and each kernel row the row of the source, −1 if there is none
     * @param columnSource the same for columns
     * @param sourceWidth columns of the source
     * @param sourcePixels pixels of the source; this number itself stands for a pixel of zeros
     * @param blocks of images
     */
    private LanePlan(int[][] rowSource, int[][] columnSource, int sourceWidth, int sourcePixels, int blocks) {
        int width = columnSource.length;
        int kernelWidth = columnSource[0].length;
        List<int[]> all = new ArrayList<>();
        for (int y = 0; y < rowSource.length; y++) {
            for (int x = 0; x < width; x++) {
                for (int q = 0; q < blocks; q++) {
                    all.add(new int[] {y, x, q});
                }
            }
        }
        all.sort(Comparator.<int[], String>comparing(v -> reached(rowSource[v[0]]))
                .thenComparing(v -> reached(columnSource[v[1]])));
        panels = Math.ceilDiv(all.size(), VECTORS);
        pixel = new int[panels * VECTORS];
        block = new int[panels * VECTORS];
        Arrays.fill(pixel, -1);
        firstTap = new int[panels + 1];
        firstRun = new int[panels + 1];
        List<Integer> taps = new ArrayList<>();
        List<Integer> sources = new ArrayList<>();
        List<int[]> runs = new ArrayList<>();
        for (int p = 0; p < panels; p++) {
            firstTap[p] = taps.size();
            firstRun[p] = runs.size();
            List<int[]> some = all.subList(p * VECTORS, Math.min(all.size(), (p + 1) * VECTORS));
            for (int v = 0; v < some.size(); v++) {
                pixel[p * VECTORS + v] = some.get(v)[0] * width + some.get(v)[1];
                block[p * VECTORS + v] = some.get(v)[2];
            }
            for (int t = 0; t < rowSource[0].length * kernelWidth; t++) {
                int[] from = new int[VECTORS];
                Arrays.fill(from, sourcePixels);
                boolean any = false;
                for (int v = 0; v < some.size(); v++) {
                    int row = rowSource[some.get(v)[0]][t / kernelWidth];
                    int column = columnSource[some.get(v)[1]][t % kernelWidth];
                    if (row >= 0 && column >= 0) {
                        from[v] = row * sourceWidth + column;
                        any = true;
                    }
                }
                if (any) {
                    if (runs.size() > firstRun[p] && runs.getLast()[0] + runs.getLast()[1] == t) {
                        runs.getLast()[1]++;
                    } else {
                        runs.add(new int[] {t, 1});
                    }
                    taps.add(t);
                    Arrays.stream(from).forEach(sources::add);
                }
            }
        }
        firstTap[panels] = taps.size();
        firstRun[panels] = runs.size();
        tap = taps.stream().mapToInt(t -> t).toArray();
        source = sources.stream().mapToInt(s -> s).toArray();
        runTap = runs.stream().mapToInt(r -> r[0]).toArray();
        runLength = runs.stream().mapToInt(r -> r[1]).toArray();
    }

    private static String reached(int[] source) {
        StringBuilder text = new StringBuilder();
        for (int s : source) {
            text.append(s < 0 ? '0' : '1');
        }
        return text.toString();
    }

    int panels() {
        return panels;
    }

    /** Pixel of the result that a vector holds, −1 if none. */
    int pixel(int panel, int vector) {
        return pixel[panel * VECTORS + vector];
    }

    /** Block of images that a vector holds. */
    int block(int panel, int vector) {
        return block[panel * VECTORS + vector];
    }

    /** How many taps a panel has. */
    int taps(int panel) {
        return firstTap[panel + 1] - firstTap[panel];
    }

    /** Pixel of the source that a vector meets through the t-th tap of its panel. */
    int source(int panel, int t, int vector) {
        return source[(firstTap[panel] + t) * VECTORS + vector];
    }

    /** First stretch of consecutive taps of a panel; those of the last panel end at the first of panel {@link #panels()}. */
    int firstRun(int panel) {
        return firstRun[panel];
    }

    /** First tap of a stretch, as an index into the kernel. */
    int runTap(int run) {
        return runTap[run];
    }

    /** Taps of a stretch. */
    int runLength(int run) {
        return runLength[run];
    }

    /** Taps of all panels, each with all vectors of the panel: the work. */
    int work() {
        return tap.length;
    }
}
