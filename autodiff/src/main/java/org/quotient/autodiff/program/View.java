package org.quotient.autodiff.program;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.Place;

/**
 * A tensor as a window on a buffer: element (i, j, ...) lies at {@code offset + i·strides[0] + j·strides[1] + ...}. Moves
 * without arithmetic (transposes, slices, broadcasts, most reshapes) are other views of the same buffer and cost nothing.
 */
record View(Buffer buffer, int offset, int[] sizes, int[] strides) {

    /** All of a buffer, row-major. */
    static View dense(Buffer buffer, int[] sizes) {
        return new View(buffer, 0, sizes, rowMajor(sizes));
    }

    /** Sizes as in 2x3x4, and 1 for a number. */
    static String text(int[] sizes) {
        return sizes.length == 0
                ? "1"
                : Arrays.stream(sizes).mapToObj(String::valueOf).collect(Collectors.joining("x"));
    }

    static int[] rowMajor(int[] sizes) {
        int[] strides = new int[sizes.length];
        int step = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= sizes[i];
        }
        return strides;
    }

    static int elements(int[] sizes) {
        int count = 1;
        for (int size : sizes) {
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    int elements() {
        return elements(sizes);
    }

    /** Whether the elements lie one after the other in row-major order. */
    boolean isDense() {
        int step = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            if (sizes[i] != 1 && strides[i] != step) {
                return elements() == 0;
            }
            step *= sizes[i];
        }
        return true;
    }

    View permuted(List<Integer> order) {
        return new View(
                buffer,
                offset,
                order.stream().mapToInt(i -> sizes[i]).toArray(),
                order.stream().mapToInt(i -> strides[i]).toArray());
    }

    View broadcast(int[] to, List<Integer> axes) {
        int[] fresh = new int[to.length];
        for (int i = 0; i < axes.size(); i++) {
            fresh[axes.get(i)] = strides[i];
        }
        return new View(buffer, offset, to, fresh);
    }

    View sliced(int[] to, List<Integer> starts, List<Integer> steps) {
        int[] fresh = new int[to.length];
        int at = offset;
        for (int i = 0; i < to.length; i++) {
            fresh[i] = strides[i] * steps.get(i);
            at += strides[i] * starts.get(i);
        }
        return new View(buffer, View.elements(to) == 0 ? offset : at, to, fresh);
    }

    /** The same elements under another shape, or null if no strides describe that. */
    @Nullable
    View reshaped(int[] to) {
        if (isDense()) {
            return new View(buffer, offset, to, rowMajor(to));
        }
        int[] fresh = new int[to.length];
        int from = 0;
        int target = 0;
        // Groups of old axes and groups of new axes of equal size; within a group the old axes must merge into one.
        while (from < sizes.length || target < to.length) {
            int oldSize = 1;
            int newSize = 1;
            int oldStart = from;
            int newStart = target;
            do {
                if (oldSize <= newSize && from < sizes.length) {
                    oldSize *= sizes[from++];
                } else if (target < to.length) {
                    newSize *= to[target++];
                } else {
                    oldSize *= sizes[from++];
                }
            } while (oldSize != newSize
                    || (from < sizes.length && sizes[from] == 1)
                    || (target < to.length && to[target] == 1));
            int stride = mergedStride(oldStart, from);
            if (stride < 0) {
                return null;
            }
            for (int i = target - 1; i >= newStart; i--) {
                fresh[i] = stride;
                stride *= to[i];
            }
        }
        return new View(buffer, offset, to, fresh);
    }

    /** The stride of axes [from, to) seen as one, or −1 if they are not one. */
    private int mergedStride(int from, int to) {
        int stride = 0;
        int expected = -1;
        for (int i = to - 1; i >= from; i--) {
            if (sizes[i] == 1) {
                continue;
            }
            if (expected >= 0 && strides[i] != expected) {
                return -1;
            }
            stride = expected < 0 ? strides[i] : stride;
            expected = strides[i] * sizes[i];
        }
        return stride;
    }

    /** Whether both are the same elements in the same order. */
    boolean sameAs(View other) {
        return buffer == other.buffer
                && offset == other.offset
                && Arrays.equals(sizes, other.sizes)
                && Arrays.equals(strides, other.strides);
    }

    /** Where the elements are; the buffer must have its memory. */
    Place place() {
        Place start = buffer.start();
        return new Place(start.array(), start.offset() + offset);
    }

    static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
