package org.quotient.autodiff.program;

import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;

/**
 * A run of numbers of a plan, before and after it gets its array. Variables and constants own theirs; what is computed shares
 * arrays with what it outlives or is outlived by (see {@link MemoryPlan}).
 */
final class Buffer {
    /** Who writes it. */
    enum Kind {
        /** Given from outside and kept between runs: parameters, buffers, inputs. */
        VARIABLE,
        /** Written once, when the plan is made. */
        CONSTANT,
        /** Written by an instruction in each run. */
        COMPUTED
    }

    private final Kind kind;
    private final DType dtype;
    private final int size;
    private @Nullable Object array;

    Buffer(Kind kind, DType dtype, int size) {
        this.kind = kind;
        this.dtype = dtype;
        this.size = size;
    }

    Kind kind() {
        return kind;
    }

    DType dtype() {
        return dtype;
    }

    int size() {
        return size;
    }

    void place(Object memory) {
        array = memory;
    }

    boolean placed() {
        return array != null;
    }

    Object array() {
        if (array == null) {
            throw new IllegalStateException("A buffer of " + size + " elements has no memory yet");
        }
        return array;
    }
}
