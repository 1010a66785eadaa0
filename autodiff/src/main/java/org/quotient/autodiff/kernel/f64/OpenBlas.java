package org.quotient.autodiff.kernel.f64;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.kernel.BlasLibrary;
import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * Products by OpenBLAS, where the user asks for it (see {@link BlasLibrary}): it reads and writes heap arrays where they lie.
 * Its sums run in another order, so that results differ in the last bits from those of our own kernels.
 */
record OpenBlas(Product p, double[] a, int ao, double[] b, int bo, double[] c, int co) implements Step {
    private static final int ROW_MAJOR = 101;
    private static final int AS_IT_IS = 111;
    private static final int TRANSPOSED = 112;
    private static final int BYTES = Double.BYTES;

    private static final @Nullable MethodHandle GEMM = gemm();

    private static @Nullable MethodHandle gemm() {
        ValueLayout.OfInt i = ValueLayout.JAVA_INT;
        ValueLayout.OfDouble x = ValueLayout.JAVA_DOUBLE;
        var array = ValueLayout.ADDRESS;
        return BlasLibrary.function("cblas_dgemm")
                .map(address -> Linker.nativeLinker()
                        .downcallHandle(
                                address,
                                FunctionDescriptor.ofVoid(i, i, i, i, i, i, x, array, i, array, i, x, array, i),
                                Linker.Option.critical(true)))
                .orElse(null);
    }

    /** Whether the user asked for OpenBLAS and it can do this product: one stride of each operand is 1. */
    static boolean takes(Product p) {
        return GEMM != null
                && p.m() > 0
                && p.n() > 0
                && p.k() > 0
                && (p.aColumn() == 1 || p.aRow() == 1)
                && (p.bColumn() == 1 || p.bRow() == 1)
                && p.cColumn() == 1
                && leading(p.aRow(), p.aColumn()) >= (p.aColumn() == 1 ? p.k() : p.m())
                && leading(p.bRow(), p.bColumn()) >= (p.bColumn() == 1 ? p.n() : p.k())
                && p.cRow() >= p.n();
    }

    private static int leading(int row, int column) {
        return column == 1 ? row : column;
    }

    @Override
    public int shards() {
        return p.batch();
    }

    @Override
    public void run(int q, Scratch scratch) {
        try {
            java.util.Objects.requireNonNull(GEMM)
                    .invokeExact(
                            ROW_MAJOR,
                            p.aColumn() == 1 ? AS_IT_IS : TRANSPOSED,
                            p.bColumn() == 1 ? AS_IT_IS : TRANSPOSED,
                            p.m(),
                            p.n(),
                            p.k(),
                            (double) p.alpha(),
                            at(a, ao + q * p.aBatch()),
                            leading(p.aRow(), p.aColumn()),
                            at(b, bo + q * p.bBatch()),
                            leading(p.bRow(), p.bColumn()),
                            (double) (p.accumulate() ? 1 : 0),
                            at(c, co + q * p.cBatch()),
                            p.cRow());
        } catch (Throwable t) {
            throw new IllegalStateException("OpenBLAS failed on a product of " + p.m() + "x" + p.n() + "x" + p.k(), t);
        }
    }

    private static MemorySegment at(double[] array, int offset) {
        return MemorySegment.ofArray(array).asSlice((long) offset * BYTES);
    }
}
