package org.quotient.autodiff.kernel.f64;

import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/**
 * Adds the transposed kernel gradients of several groups of images, in order, and transposes the sum.
 *
 * @param sums row-major [parts, groups, rows, pitch], of which the first {@code outputs} columns count
 * @param parts how many sums
 * @param groups of channels
 * @param rows of a group
 * @param outputs of a group
 * @param pitch at least the number of outputs, rounded up to a multiple of 4
 * @param kernel row-major [groups, outputs, rows]
 * @param offset index of its first element
 */
record KernelGathering(
        Temporaries.Temporary sums,
        int parts,
        int groups,
        int rows,
        int outputs,
        int pitch,
        double[] kernel,
        int offset)
        implements Step {
    private static final int BLOCK = 32;
    private static final int SHARDS = 4;

    private int perShard() {
        return Math.max(BLOCK, Math.ceilDiv(rows, SHARDS));
    }

    private int blocks() {
        return Math.ceilDiv(rows, perShard());
    }

    @Override
    public int shards() {
        return groups * blocks();
    }

    @Override
    public void run(int shard, Scratch scratch) {
        int group = shard / blocks();
        int start = shard % blocks() * perShard();
        int end = Math.min(rows, start + perShard());
        double[] from = (double[]) sums.array();
        double[] block = scratch.f64(0, BLOCK * pitch);
        for (int row = start; row < end; row += BLOCK) {
            int count = Math.min(BLOCK, end - row);
            for (int part = 0; part < parts; part++) {
                add(from, ((part * groups + group) * rows + row) * pitch, count * pitch, block, part > 0);
            }
            transpose(block, count, offset + group * outputs * rows + row);
        }
    }

    private static void add(double[] from, int start, int count, double[] to, boolean more) {
        if (more) {
            for (int k = 0; k < count; k++) {
                to[k] += from[start + k];
            }
        } else {
            System.arraycopy(from, start, to, 0, count);
        }
    }

    private void transpose(double[] block, int count, int start) {
        int four = outputs / 4 * 4;
        for (int o = 0; o < four; o += 4) {
            int w0 = start + o * rows;
            int w1 = w0 + rows;
            int w2 = w1 + rows;
            int w3 = w2 + rows;
            for (int r = 0; r < count; r++) {
                kernel[w0 + r] = block[r * pitch + o];
                kernel[w1 + r] = block[r * pitch + o + 1];
                kernel[w2 + r] = block[r * pitch + o + 2];
                kernel[w3 + r] = block[r * pitch + o + 3];
            }
        }
        for (int o = four; o < outputs; o++) {
            for (int r = 0; r < count; r++) {
                kernel[start + o * rows + r] = block[r * pitch + o];
            }
        }
    }
}
