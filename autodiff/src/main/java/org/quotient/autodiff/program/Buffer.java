package org.quotient.autodiff.program;

import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.kernel.Place;

/**
 * A run of numbers of a plan, before and after it gets its memory. Variables and constants own theirs; what is computed shares it
 * with what it outlives or is outlived by (see {@link MemoryPlan}).
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
    private Arena.@Nullable Run memory;

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

    void place(Arena.Run run) {
        memory = run;
    }

    boolean placed() {
        return memory != null;
    }

    /** Where it lies; buffers that share memory, one after the other, have the same. */
    Arena.Run memory() {
        if (memory == null) {
            throw new IllegalStateException("A buffer of " + size + " elements has no memory yet");
        }
        return memory;
    }

    /** The place of its first number. */
    Place start() {
        return new Place(memory().array(), memory().offset());
    }
}
