package org.quotient.autodiff.program;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.kernel.Kernels;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/**
 * A kernel call of a plan, before memory is planned.
 *
 * @param name what it does, for listings
 * @param dtype of its kernels
 * @param reads buffers that it reads
 * @param writes buffers that it writes
 * @param mayOverwrite buffers that it reads element by element just before it writes the element at the same index, so that
 *     its output may take their place
 * @param work a rough number of nanoseconds on one thread, to decide whether threads pay
 * @param flops arithmetic operations, see {@link Cost}
 * @param binder makes the steps, when every buffer has its array
 * @param rows what it is if it can be done with some rows of a matrix at a time, else null
 */
record Instruction(
        String name,
        DType dtype,
        List<Buffer> reads,
        List<Buffer> writes,
        List<Buffer> mayOverwrite,
        double work,
        double flops,
        Binder binder,
        @Nullable ByRows rows) {

    /** Binds an instruction to its memory. */
    interface Binder {
        List<Step> bind(Kernels kernels, Temporaries temporaries);
    }

    Instruction(
            String name,
            DType dtype,
            List<Buffer> reads,
            List<Buffer> writes,
            List<Buffer> mayOverwrite,
            double work,
            double flops,
            Binder binder) {
        this(name, dtype, reads, writes, mayOverwrite, work, flops, binder, null);
    }

    Instruction {
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
        mayOverwrite = List.copyOf(mayOverwrite);
    }
}
