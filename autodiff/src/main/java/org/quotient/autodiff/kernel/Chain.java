package org.quotient.autodiff.kernel;

import java.util.List;
import org.quotient.autodiff.Op;

/**
 * Elementwise operations fused into one pass over memory: straight-line code over registers, one number per register and
 * element. Registers are numbered: first the loads, then the results of the code, in order.
 *
 * @param sizes the iteration space, row-major; empty for a scalar
 * @param loads what is read
 * @param code what is computed
 * @param stores registers that are written, each to a contiguous output over the iteration space
 */
public record Chain(List<Integer> sizes, List<Load> loads, List<Instruction> code, List<Integer> stores) {
    /** Keeps its own copies. */
    public Chain {
        sizes = List.copyOf(sizes);
        loads = List.copyOf(loads);
        code = List.copyOf(code);
        stores = List.copyOf(stores);
    }

    /**
     * A register read from memory.
     *
     * @param operand index of the place it is read from
     * @param strides one per axis of the iteration space, in elements; 0 where the operand repeats
     */
    public record Load(int operand, List<Integer> strides) {
        /**
         * Whether some of what is read lies within a run of numbers of the same array.
         *
         * @param sizes of the iteration space
         * @param place index of the operand's first number
         * @param start index of the first number of the run
         * @param length of the run
         */
        public boolean meets(List<Integer> sizes, int place, int start, int length) {
            long least = place;
            long most = place;
            for (int axis = 0; axis < sizes.size(); axis++) {
                long reach = (sizes.get(axis) - 1L) * strides.get(axis);
                least += Math.min(0, reach);
                most += Math.max(0, reach);
            }
            return most >= start && least < (long) start + length;
        }
    }

    /** A register that is computed. */
    public sealed interface Instruction {}

    /** The same number for every element. */
    public record Constant(double value) implements Instruction {}

    /** A function of one register. */
    public record Unary(Op.UnaryKind kind, int x) implements Instruction {}

    /** A function of two registers. */
    public record Binary(Op.BinaryKind kind, int x, int y) implements Instruction {}

    /** The number of elements of the iteration space. */
    public int elements() {
        int count = 1;
        for (int size : sizes) {
            count *= size;
        }
        return count;
    }
}
