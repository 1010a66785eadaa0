package org.quotient.autodiff.program;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Factors;
import org.quotient.autodiff.kernel.Kernels;
import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.RowWise;
import org.quotient.autodiff.kernel.Step;
import org.quotient.autodiff.kernel.Temporaries;

/** What an instruction does, if it can be done with some rows of a matrix at a time. */
sealed interface ByRows {
    /**
     * Makes the matrix, of batch size 1, dense.
     *
     * @param rows what its rows are multiplied by, or null
     * @param columns what its columns are multiplied by, or null
     * @param after whether what the product made of it is multiplied
     * @param squares where sums of squares of its rows go, or null
     */
    record Making(
            Product product,
            @Nullable View rows,
            @Nullable View columns,
            boolean after,
            View left,
            View right,
            View to,
            @Nullable View squares)
            implements ByRows {
        /** The steps of this and of passes that come after it. */
        List<Step> bind(Kernels kernels, List<Passing> passes, Temporaries temporaries) {
            Factors factors =
                    new Factors(rows == null ? null : rows.place(), columns == null ? null : columns.place(), after);
            if (squares == null && passes.isEmpty()) {
                return kernels.multiply(product, factors, left.place(), right.place(), to.place(), temporaries);
            }
            return kernels.multiplyThen(
                    product,
                    factors,
                    left.place(),
                    right.place(),
                    to.place(),
                    squares == null ? null : squares.place(),
                    passes.stream()
                            .map(p -> new RowWise(p.chain(), Emitter.places(p.reads()), Emitter.places(p.writes())))
                            .toList(),
                    temporaries);
        }
    }

    /** An elementwise pass. */
    record Passing(Chain chain, List<View> reads, List<View> writes) implements ByRows {}
}
