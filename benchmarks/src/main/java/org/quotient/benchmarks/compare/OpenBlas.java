package org.quotient.benchmarks.compare;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Tensor;

/** OpenBLAS by the JDK's foreign-function interface, on memory outside the heap and on one thread. */
final class OpenBlas {
    /** How it is called in tables. */
    static final String NAME = "OpenBLAS";

    private static final String FILE = "libopenblas.so.0";
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;

    private final SymbolLookup library;

    private OpenBlas(SymbolLookup library) {
        this.library = library;
    }

    /**
     * Finds the library.
     *
     * @param folder where to look first; else where the system looks
     */
    static Optional<OpenBlas> find(Optional<Path> folder) {
        for (Path path :
                folder.map(f -> List.of(f.resolve(FILE), Path.of(FILE))).orElse(List.of(Path.of(FILE)))) {
            try {
                SymbolLookup library = path.isAbsolute()
                        ? SymbolLookup.libraryLookup(path, Arena.global())
                        : SymbolLookup.libraryLookup(path.toString(), Arena.global());
                if (library.find("cblas_dgemm").isPresent()) {
                    return Optional.of(new OpenBlas(library));
                }
            } catch (IllegalArgumentException e) {
                // Not there: try the next place.
                continue;
            }
        }
        return Optional.empty();
    }

    /** What the library says about itself. */
    String version() {
        try {
            MethodHandle config = handle(
                    "openblas_get_config",
                    FunctionDescriptor.of(ValueLayout.ADDRESS.withTargetLayout(
                            MemoryLayout.sequenceLayout(512, ValueLayout.JAVA_BYTE))));
            return ((MemorySegment) config.invokeExact()).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException("OpenBLAS does not tell its version", e);
        }
    }

    private MethodHandle handle(String name, FunctionDescriptor type) {
        MemorySegment symbol =
                library.find(name).orElseThrow(() -> new IllegalStateException("OpenBLAS has no function " + name));
        return Linker.nativeLinker().downcallHandle(symbol, type);
    }

    /** C = A·B for square matrices. */
    Contender product(Tensor a, Tensor b) {
        boolean wide = a.dtype() == DType.F64;
        ValueLayout number = wide ? ValueLayout.JAVA_DOUBLE : ValueLayout.JAVA_FLOAT;
        ValueLayout.OfInt i = ValueLayout.JAVA_INT;
        ValueLayout at = ValueLayout.ADDRESS;
        MethodHandle gemm = handle(
                wide ? "cblas_dgemm" : "cblas_sgemm",
                FunctionDescriptor.ofVoid(i, i, i, i, i, i, number, at, i, at, i, number, at, i));
        Arena arena = Arena.ofShared();
        MemorySegment left = segment(arena, a, wide);
        MemorySegment right = segment(arena, b, wide);
        int n = a.shape().size(0);
        MemorySegment product = arena.allocate((long) n * n * number.byteSize(), 64);
        oneThread();
        return new Timed(
                NAME,
                () -> {},
                steps -> {
                    for (int k = 0; k < steps; k++) {
                        multiply(gemm, wide, n, left, right, product);
                    }
                },
                () -> last(product, (long) n * n - 1, wide),
                arena::close);
    }

    private void oneThread() {
        try {
            handle("openblas_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
                    .invokeExact(1);
        } catch (Throwable e) {
            throw new IllegalStateException("OpenBLAS cannot be set to one thread", e);
        }
    }

    private static void multiply(
            MethodHandle gemm, boolean wide, int n, MemorySegment a, MemorySegment b, MemorySegment c) {
        try {
            if (wide) {
                gemm.invokeExact(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, n, n, n, 1.0, a, n, b, n, 0.0, c, n);
            } else {
                gemm.invokeExact(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, n, n, n, 1.0f, a, n, b, n, 0.0f, c, n);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("OpenBLAS failed", e);
        }
    }

    private static MemorySegment segment(Arena arena, Tensor values, boolean wide) {
        MemorySegment segment = arena.allocate((long) values.size() * (wide ? Double.BYTES : Float.BYTES), 64);
        for (int i = 0; i < values.size(); i++) {
            if (wide) {
                segment.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values.get(i));
            } else {
                segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values.get(i));
            }
        }
        return segment;
    }

    private static double last(MemorySegment values, long index, boolean wide) {
        return wide
                ? values.getAtIndex(ValueLayout.JAVA_DOUBLE, index)
                : values.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }
}
