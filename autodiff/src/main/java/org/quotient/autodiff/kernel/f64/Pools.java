package org.quotient.autodiff.kernel.f64;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.kernel.MaximumOrder;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/** The window operations, plane by plane. Windows that tile the image need no bounds and no zeros first. */
record Pools(Op.Pool op, int planes, double[] x, int xo, double[] t, int to, double[] z, int zo) implements Step {
    private static final int LEAST_SHARD = 16_384;
    private static final int SHARDS = 16;

    static List<Step> steps(Op.Pool op, int planes, Place x, @Nullable Place second, Place out) {
        Place other = second == null ? x : second;
        return List.of(new Pools(
                op,
                planes,
                F64Kernels.array(x),
                x.offset(),
                F64Kernels.array(other),
                other.offset(),
                F64Kernels.array(out),
                out.offset()));
    }

    @Override
    public int shards() {
        int wanted = (int) Math.clamp((long) planes * op.height() * op.width() / LEAST_SHARD, 1, SHARDS);
        return Math.clamp(planes, 1, wanted);
    }

    @Override
    public void run(int shard, Scratch scratch) {
        Window w = op.window();
        int places = w.outputHeight(op.height()) * w.outputWidth(op.width());
        int image = op.height() * op.width();
        boolean pairs = w.kernelHeight() == 2 && w.kernelWidth() == 2 && tiles();
        boolean whole = w.kernelHeight() == op.height() && w.kernelWidth() == op.width() && tiles();
        int last = (int) ((long) planes * (shard + 1) / shards());
        for (int plane = (int) ((long) planes * shard / shards()); plane < last; plane++) {
            int in = plane * image;
            int at = plane * places;
            switch (op.kind()) {
                case SUM -> {
                    if (whole) {
                        z[zo + at] = Loops.sum(image, x, xo + in);
                    } else {
                        sum(in, at);
                    }
                }
                case SUM_ADJOINT -> {
                    if (whole) {
                        Arrays.fill(z, zo + in, zo + in + image, x[xo + at]);
                    } else {
                        spread(in, at, image);
                    }
                }
                case MAX, MAX_SELECT, MAX_SCATTER -> {
                    if (pairs) {
                        pairs(in, at);
                    } else if (op.kind() == Op.PoolKind.MAX) {
                        maxima(in, at);
                    } else {
                        chosen(in, at, image);
                    }
                }
            }
        }
    }

    /** Whether every pixel is in exactly one window. */
    private boolean tiles() {
        Window w = op.window();
        return !w.padded()
                && w.strideHeight() == w.kernelHeight()
                && w.strideWidth() == w.kernelWidth()
                && w.dilationHeight() == 1
                && w.dilationWidth() == 1
                && op.height() % w.kernelHeight() == 0
                && op.width() % w.kernelWidth() == 0;
    }

    private void sum(int in, int at) {
        Window w = op.window();
        int columns = w.outputWidth(op.width());
        for (int r = 0; r < w.outputHeight(op.height()); r++) {
            for (int s = 0; s < columns; s++) {
                double total = 0;
                for (int i = 0; i < w.kernelHeight(); i++) {
                    int row = w.inputRow(r, i);
                    for (int j = 0; j < w.kernelWidth() && row >= 0 && row < op.height(); j++) {
                        int column = w.inputColumn(s, j);
                        if (column >= 0 && column < op.width()) {
                            total += x[xo + in + row * op.width() + column];
                        }
                    }
                }
                z[zo + at + r * columns + s] = total;
            }
        }
    }

    private void spread(int in, int at, int image) {
        Arrays.fill(z, zo + in, zo + in + image, 0);
        Window w = op.window();
        int columns = w.outputWidth(op.width());
        for (int r = 0; r < w.outputHeight(op.height()); r++) {
            for (int s = 0; s < columns; s++) {
                double g = x[xo + at + r * columns + s];
                for (int i = 0; i < w.kernelHeight(); i++) {
                    int row = w.inputRow(r, i);
                    for (int j = 0; j < w.kernelWidth() && row >= 0 && row < op.height(); j++) {
                        int column = w.inputColumn(s, j);
                        if (column >= 0 && column < op.width()) {
                            z[zo + in + row * op.width() + column] += g;
                        }
                    }
                }
            }
        }
    }

    /** One pixel of every window of a row of them after the other: loops along the row, whose steps do not wait for each other. */
    private void maxima(int in, int at) {
        Window w = op.window();
        int columns = w.outputWidth(op.width());
        for (int r = 0; r < w.outputHeight(op.height()); r++) {
            int write = zo + at + r * columns;
            Arrays.fill(z, write, write + columns, Double.NEGATIVE_INFINITY);
            for (int i = 0; i < w.kernelHeight(); i++) {
                int row = w.inputRow(r, i);
                for (int j = 0; j < w.kernelWidth() && row >= 0 && row < op.height(); j++) {
                    int column = w.inputColumn(0, j);
                    int first = Math.max(0, Math.ceilDiv(-column, w.strideWidth()));
                    int end = Math.min(columns, Math.ceilDiv(op.width() - column, w.strideWidth()));
                    int read = xo + in + row * op.width() + column;
                    for (int s = first; s < end; s++) {
                        z[write + s] = Math.max(z[write + s], x[read + s * w.strideWidth()]);
                    }
                }
            }
        }
    }

    private void chosen(int in, int at, int image) {
        boolean scatter = op.kind() == Op.PoolKind.MAX_SCATTER;
        if (scatter) {
            Arrays.fill(z, zo + in, zo + in + image, 0);
        }
        Window w = op.window();
        int columns = w.outputWidth(op.width());
        for (int r = 0; r < w.outputHeight(op.height()); r++) {
            int row = w.inputRow(r, 0);
            int top = inside(row, w.dilationHeight());
            int bottom = Math.min(row + (w.kernelHeight() - 1) * w.dilationHeight(), op.height() - 1);
            for (int s = 0; s < columns; s++) {
                int column = w.inputColumn(s, 0);
                int left = inside(column, w.dilationWidth());
                int right = Math.min(column + (w.kernelWidth() - 1) * w.dilationWidth(), op.width() - 1);
                int best = best(in, top, bottom, left, right);
                if (!scatter) {
                    z[zo + at + r * columns + s] = best < 0 ? 0 : t[to + in + best];
                } else if (best >= 0) {
                    z[zo + in + best] += t[to + at + r * columns + s];
                }
            }
        }
    }

    /** The first place of a window that is not in the padding before the image. */
    private static int inside(int first, int dilation) {
        return first >= 0 ? first : Math.floorMod(first, dilation);
    }

    /** The pixel of the first maximum among rows top to bottom and columns left to right, −1 if there are none. */
    private int best(int in, int top, int bottom, int left, int right) {
        int down = op.window().dilationHeight();
        int across = op.window().dilationWidth();
        int best = -1;
        long most = Long.MIN_VALUE;
        for (int row = top; row <= bottom; row += down) {
            int last = row * op.width() + right;
            for (int pixel = row * op.width() + left; pixel <= last; pixel += across) {
                // Without branches on the numbers, in integers: which is largest cannot be predicted.
                long more = Math.max(most, MaximumOrder.key(x[xo + in + pixel]));
                long change = more ^ most;
                best ^= (best ^ pixel) & (int) ((change | -change) >> 63);
                most = more;
            }
        }
        return best;
    }

    /** Windows of 2×2 side by side. */
    private void pairs(int in, int at) {
        int width = op.width();
        int to4 = at;
        for (int row = 0; row < op.height(); row += 2) {
            int p = xo + in + row * width;
            for (int column = 0; column < width; column += 2, p += 2, to4++) {
                double a = x[p];
                double b = x[p + 1];
                double c = x[p + width];
                double d = x[p + width + 1];
                // Without branches on the numbers: which is largest cannot be predicted.
                double ab = Math.max(a, b);
                double cd = Math.max(c, d);
                int left = b > a ? 1 : 0;
                int right = d > c ? width + 1 : width;
                int best = cd > ab ? right : left;
                double most = Math.max(ab, cd);
                if (Double.isNaN(most)) {
                    best = Double.isNaN(a) ? 0 : Double.isNaN(b) ? 1 : Double.isNaN(c) ? width : width + 1;
                }
                if (op.kind() == Op.PoolKind.MAX) {
                    z[zo + to4] = most;
                } else if (op.kind() == Op.PoolKind.MAX_SELECT) {
                    z[zo + to4] = t[to + p - xo + best];
                } else {
                    int o = zo + p - xo;
                    z[o] = 0;
                    z[o + 1] = 0;
                    z[o + width] = 0;
                    z[o + width + 1] = 0;
                    z[o + best] = t[to + to4];
                }
            }
        }
    }
}
