package org.quotient.autodiff.program;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.kernel.Kernels;

/**
 * Memory for runs of numbers of one type, one after the other in as few arrays as may be. Each run begins where a line of the cache
 * does, if the array begins on one with a header of 16 bytes: all arrays with {@code -XX:ObjectAlignmentInBytes=64}, large ones, of
 * half a region, under the G1 collector. A vector across two lines costs up to twice as much to load from the second-level
 * cache. Elsewhere it is a matter of luck.
 */
final class Arena {
    private static final int HEADER = 16;
    private static final int LINE = 64;

    /** Numbers of an array at most, unless a single run has more. */
    private static final int MOST = 1 << 23;

    private final DType dtype;
    private final int most;
    private final List<Run> runs = new ArrayList<>();

    /** Memory to be: in one array with others that were asked for before or after it. */
    static final class Run {
        private final int size;
        private int offset;
        private Object array = new Object();

        private Run(int size) {
            this.size = size;
        }

        /** The array, a {@code double[]} or {@code float[]}; there after {@link Arena#allocate}. */
        Object array() {
            return array;
        }

        /** Index of the first number. */
        int offset() {
            return offset;
        }
    }

    Arena(DType dtype) {
        this(dtype, MOST);
    }

    /**
     * Memory of one type.
     *
     * @param most numbers of an array, unless a single run has more
     */
    Arena(DType dtype, int most) {
        this.dtype = dtype;
        this.most = most;
    }

    /** One for each type. */
    static Map<DType, Arena> each() {
        Map<DType, Arena> arenas = new EnumMap<>(DType.class);
        for (DType dtype : DType.values()) {
            arenas.put(dtype, new Arena(dtype));
        }
        return arenas;
    }

    /** Gives a buffer memory of its own. */
    static void give(Map<DType, Arena> arenas, Buffer buffer) {
        buffer.place(
                java.util.Objects.requireNonNull(arenas.get(buffer.dtype())).request(buffer.size()));
    }

    /** Asks for so many numbers. */
    Run request(int size) {
        Run run = new Run(size);
        runs.add(run);
        return run;
    }

    /** Makes the arrays, of zeros, when all requests have been made. */
    void allocate() {
        int width = dtype == DType.F64 ? Double.BYTES : Float.BYTES;
        int line = LINE / width;
        int first = (LINE - HEADER) / width;
        List<Run> together = new ArrayList<>();
        int start = first;
        for (Run run : runs) {
            if (!together.isEmpty() && (long) start + run.size > most) {
                fill(together);
                start = first;
            }
            run.offset = start;
            together.add(run);
            // At the largest there is, nothing more has room: the next run begins an array of its own.
            start = (int) Math.min(Integer.MAX_VALUE, start + Math.ceilDiv(run.size, line) * (long) line);
        }
        fill(together);
        runs.clear();
    }

    /** One array for some runs. */
    private void fill(List<Run> together) {
        if (!together.isEmpty()) {
            Run last = together.getLast();
            Object array = Kernels.of(dtype).allocate(Math.addExact(last.offset, last.size));
            together.forEach(run -> run.array = array);
            together.clear();
        }
    }
}
