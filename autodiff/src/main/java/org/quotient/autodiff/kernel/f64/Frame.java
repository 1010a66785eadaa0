package org.quotient.autodiff.kernel.f64;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Scratch;

/**
 * The registers of a chain while one shard runs: each is a block of numbers, in place in an operand or an output where that
 * can be, else in scratch memory that stays in the first-level cache. Every instruction is one loop over the block.
 */
final class Frame {
    /** Numbers of a block. */
    static final int BLOCK = 1024;

    /** Shorter stretches of one number are written out, which costs less than calls for each of them. */
    private static final int LONG_SEGMENT = 128;

    private final Chain.Instruction[] code;
    private final int loads;
    private final double[][] operands;
    private final int[] operandOffsets;
    private final double[][] outputs;
    private final int[] outputOffsets;
    private final int[] stores;
    /** Per register the store that it may be computed into directly, or −1. */
    private final int[] direct;

    /** Per register the block of scratch memory that it has, for itself or after others that are not needed any more. */
    private final int[] block;

    private final int blocks;
    private final double[][] array;
    private final int[] offset;
    private final Space space;
    private final int open;
    /** Per load whether it is one number along a run that everything else is only multiplied by. */
    private final boolean[] factor;
    /** Per load how many neighbouring elements share one of its numbers, if everything else is only multiplied by these; else 0. */
    private final int[] segment;
    /** Per load whether a whole block of what it repeats is there already. */
    private final boolean[] repeated;

    Frame(Chain chain, Space space, List<Place> in, List<Place> out) {
        this(chain, space, in, out, 0);
    }

    /**
     * Registers of a chain.
     *
     * @param open how many of the last instructions are left to the caller
     */
    Frame(Chain chain, Space space, List<Place> in, List<Place> out, int open) {
        this.open = open;
        this.space = space;
        code = chain.code().toArray(new Chain.Instruction[0]);
        loads = chain.loads().size();
        int registers = loads + code.length;
        operands = new double[loads][];
        operandOffsets = new int[loads];
        for (int i = 0; i < loads; i++) {
            Place place = in.get(chain.loads().get(i).operand());
            operands[i] = F64Kernels.array(place);
            operandOffsets[i] = place.offset();
        }
        outputs = new double[out.size()][];
        outputOffsets = new int[out.size()];
        stores = new int[out.size()];
        direct = new int[registers];
        java.util.Arrays.fill(direct, -1);
        for (int s = 0; s < out.size(); s++) {
            outputs[s] = F64Kernels.array(out.get(s));
            outputOffsets[s] = out.get(s).offset();
            stores[s] = chain.stores().get(s);
            // Written early, an output that lies on an operand would change what later instructions read.
            boolean last = stores[s] == registers - 1;
            boolean own = true;
            for (int i = 0; i < loads; i++) {
                own &= operands[i] != outputs[s]
                        || !chain.loads()
                                .get(i)
                                .meets(chain.sizes(), operandOffsets[i], outputOffsets[s], chain.elements());
            }
            if (stores[s] >= loads
                    && direct[stores[s]] < 0
                    && (last || own)
                    && !(code[stores[s] - loads] instanceof Chain.Constant)) {
                direct[stores[s]] = s;
            }
        }
        array = new double[registers][];
        offset = new int[registers];
        block = new int[registers];
        blocks = share();
        factor = new boolean[registers];
        segment = new int[registers];
        repeated = new boolean[loads];
        for (int i = 0; i < loads; i++) {
            boolean number = space.tables()[i] == null
                    && space.strides()[i][space.sizes().length - 1] == 0
                    && space.periods()[i] == 0;
            factor[i] = number && isOnlyFactor(i);
            segment[i] = factor[i] && space.stretches()[i] >= LONG_SEGMENT ? space.stretches()[i] : 0;
            factor[i] &= space.stretches()[i] == 0 || segment[i] > 0;
        }
    }

    /**
     * Gives every register a block: loads and constants, which may stay from block to block, one of their own, results one that
     * nobody needs any more.
     *
     * @return how many there are
     */
    private int share() {
        int registers = loads + code.length;
        int[] last = new int[registers];
        for (int k = 0; k < code.length; k++) {
            switch (code[k]) {
                case Chain.Constant c -> {}
                case Chain.Unary u -> last[u.x()] = k < code.length - open ? k : code.length;
                case Chain.Binary b -> {
                    last[b.x()] = k < code.length - open ? k : code.length;
                    last[b.y()] = last[b.x()];
                }
            }
        }
        for (int r : stores) {
            last[r] = code.length;
        }
        // Where nothing is stored the caller reads the last register.
        last[registers - 1] = code.length;
        List<Integer> free = new ArrayList<>();
        int count = loads;
        for (int i = 0; i < loads; i++) {
            block[i] = i;
        }
        for (int k = 0; k < code.length; k++) {
            for (int r = loads; r < loads + k; r++) {
                if (last[r] == k && !(code[r - loads] instanceof Chain.Constant)) {
                    free.add(block[r]);
                }
            }
            boolean own = code[k] instanceof Chain.Constant || free.isEmpty();
            block[loads + k] = own ? count++ : free.removeLast();
        }
        return count;
    }

    private boolean isOnlyFactor(int load) {
        for (int store : stores) {
            if (store == load) {
                return false;
            }
        }
        boolean only = code.length > 0;
        for (int k = 0; k < code.length; k++) {
            only &= switch (code[k]) {
                case Chain.Constant c -> true;
                case Chain.Unary u -> u.x() != load;
                case Chain.Binary b ->
                    b.x() != load && b.y() != load
                            || b.kind() == Op.BinaryKind.MUL
                                    && b.x() != b.y()
                                    && !factor[b.x() == load ? b.y() : b.x()]
                                    && k < code.length - open;
            };
        }
        return only;
    }

    /**
     * Whether no block is made: every load lies where it is read, and what there is to do with it is left to the caller.
     *
     * @param length of pieces that are read at a time, each from a multiple of it
     */
    boolean isInPlace(int length) {
        boolean inPlace = code.length == open;
        for (int i = 0; i < loads; i++) {
            inPlace &= space.tables()[i] == null
                    && space.periods()[i] % length == 0
                    && space.strides()[i][space.sizes().length - 1] == 1;
        }
        return inPlace;
    }

    /** Scratch numbers that a frame needs. */
    int scratch() {
        return blocks * BLOCK;
    }

    /**
     * Fills the blocks of constants; before the first block of a shard.
     *
     * @param elements of the shard
     */
    void begin(int elements, Scratch scratch) {
        double[] memory = scratch.f64(2, scratch());
        java.util.Arrays.fill(repeated, false);
        for (int r = 0; r < array.length; r++) {
            array[r] = memory;
            offset[r] = block[r] * BLOCK;
            if (r >= loads && code[r - loads] instanceof Chain.Constant c) {
                java.util.Arrays.fill(memory, offset[r], offset[r] + Math.min(elements, BLOCK), (double) c.value());
            }
        }
    }

    /**
     * Computes n ≤ {@link #BLOCK} elements of a run.
     *
     * @param run number of the run
     * @param from first element within it
     * @param n how many
     * @param at index of the first within the outputs; negative to store nothing
     * @return the register of the last instruction, or of the only load
     */
    int compute(int run, int from, int n, int at, Scratch scratch) {
        double[] memory = scratch.f64(2, scratch());
        for (int i = 0; i < loads; i++) {
            load(i, operandOffsets[i] + space.start(i, run), from, n, memory);
        }
        for (int k = 0; k < code.length - open; k++) {
            int r = loads + k;
            double[] to = memory;
            int o = block[r] * BLOCK;
            if (direct[r] >= 0 && at >= 0) {
                to = outputs[direct[r]];
                o = outputOffsets[direct[r]] + at;
            }
            switch (code[k]) {
                case Chain.Constant c -> {}
                case Chain.Unary u -> Loops.unary(u.kind(), n, array[u.x()], offset[u.x()], to, o);
                case Chain.Binary b -> {
                    int x = factor[b.y()] ? b.y() : b.x();
                    int y = factor[b.y()] ? b.x() : b.y();
                    if (factor[x] && segment[x] > 0) {
                        segments(segment[x], from, n, array[x], offset[x], array[y], offset[y], to, o);
                    } else if (factor[x]) {
                        Loops.times(n, array[x][offset[x]], array[y], offset[y], to, o);
                    } else {
                        Loops.binary(b.kind(), n, array[x], offset[x], array[y], offset[y], to, o);
                    }
                }
            }
            array[r] = to;
            offset[r] = o;
        }
        for (int s = 0; s < stores.length && at >= 0; s++) {
            int r = stores[s];
            if (direct[r] != s) {
                System.arraycopy(array[r], offset[r], outputs[s], outputOffsets[s] + at, n);
            }
        }
        return array.length - 1;
    }

    /** Elements times a number that changes after every so many. */
    private static void segments(
            int length, int from, int n, double[] numbers, int first, double[] y, int yo, double[] z, int zo) {
        int read = first;
        for (int e = 0, end = length - from % length; e < n; e = end, end += length) {
            Loops.times(Math.min(n, end) - e, numbers[read++], y, yo + e, z, zo + e);
        }
    }

    double[] array(int register) {
        return array[register];
    }

    int offset(int register) {
        return offset[register];
    }

    private void load(int i, int base, int from, int n, double[] memory) {
        double[] x = operands[i];
        int @Nullable [] table = space.tables()[i];
        int stride = space.strides()[i][space.sizes().length - 1];
        int period = space.periods()[i];
        int first = period > 0 ? from % period : from;
        if (factor[i]) {
            array[i] = x;
            offset[i] = base + (segment[i] > 0 ? from / segment[i] : 0);
            return;
        }
        if (table == null
                && (stride == 1 || n == 1 && space.stretches()[i] == 0)
                && (period == 0 || first + n <= period)) {
            array[i] = x;
            offset[i] = base + first * stride;
            return;
        }
        int stretch = space.stretches()[i];
        int o = i * BLOCK;
        array[i] = memory;
        offset[i] = o;
        if (stretch > 0) {
            int read = base + from / stretch;
            for (int e = 0, end = stretch - from % stretch; e < n; e = end, end += stretch) {
                java.util.Arrays.fill(memory, o + e, o + Math.min(n, end), x[read++]);
            }
        } else if (period > 0 && first == 0 && BLOCK % period == 0) {
            for (int done = 0; done < BLOCK && !repeated[i]; done += period) {
                System.arraycopy(x, base, memory, o + done, period);
            }
            repeated[i] = true;
        } else if (period > 0) {
            repeated[i] = false;
            int done = Math.min(n, period - first);
            System.arraycopy(x, base + first, memory, o, done);
            for (; done < n; done += period) {
                System.arraycopy(x, base, memory, o + done, Math.min(period, n - done));
            }
        } else if (table != null) {
            for (int e = 0; e < n; e++) {
                memory[o + e] = x[base + table[from + e]];
            }
        } else if (stride == 0) {
            java.util.Arrays.fill(memory, o, o + n, x[base]);
        } else {
            for (int e = 0, read = base + from * stride; e < n; e++, read += stride) {
                memory[o + e] = x[read];
            }
        }
    }
}
