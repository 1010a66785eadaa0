package org.quotient.autodiff.field;

import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * Reduces a contiguous piece of an array modulo p.
 *
 * @param residues the arithmetic
 * @param values where
 * @param offset of the first number
 * @param count how many
 */
record ReductionStep(Residues residues, double[] values, int offset, int count) implements Step {
    /** Numbers per shard: some 20 µs of work. */
    private static final int SHARD = 1 << 15;

    @Override
    public int shards() {
        return Math.max(1, Math.ceilDiv(count, SHARD));
    }

    @Override
    public void run(int shard, Scratch scratch) {
        int from = shard * SHARD;
        int length = Math.min(SHARD, count - from);
        residues.reduce(values, offset + from, offset + from + length);
    }
}
