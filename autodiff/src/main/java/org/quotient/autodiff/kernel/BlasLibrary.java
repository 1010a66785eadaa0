package org.quotient.autodiff.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * OpenBLAS for the matrix products, if the user asks for it with the system property {@code quotient.blas}: the word
 * {@code openblas}, or the path of the library. Our own kernels are the default: they are as fast on the machines where this was
 * measured, and give the same bits for any number of threads. OpenBLAS is told to use one thread.
 */
public final class BlasLibrary {
    /** The name of the system property. */
    public static final String PROPERTY = "quotient.blas";

    private static final List<String> NAMES = List.of("libopenblas.so.0", "libopenblas.so", "libopenblas.dylib");
    private static final String ASKED = System.getProperty(PROPERTY, "");
    private static final @Nullable SymbolLookup LIBRARY = load();

    private BlasLibrary() {}

    /**
     * Whether products run through OpenBLAS.
     *
     * @throws IllegalStateException if the user asked for it and it cannot be loaded
     */
    public static boolean inUse() {
        if (LIBRARY == null && !ASKED.isEmpty()) {
            throw new IllegalStateException("-D" + PROPERTY + "=" + ASKED + " asks for OpenBLAS, but "
                    + String.join(", ", names())
                    + " cannot be loaded: install it (Debian: apt install libopenblas0), give the"
                    + " path of the library, or leave the property out to use Quotient's own kernels");
        }
        return LIBRARY != null;
    }

    private static List<String> names() {
        return ASKED.equals("openblas") ? NAMES : List.of(ASKED);
    }

    /**
     * A function of the library.
     *
     * @param name such as {@code cblas_dgemm}
     * @return its address; empty if OpenBLAS was not asked for
     * @throws IllegalStateException if the library has no such function
     */
    public static Optional<MemorySegment> function(String name) {
        if (LIBRARY == null) {
            return Optional.empty();
        }
        return Optional.of(LIBRARY.find(name)
                .orElseThrow(() -> new IllegalStateException("The library of -D" + PROPERTY + " has no function " + name
                        + ": it is no BLAS with the C interface; give the path of libopenblas")));
    }

    private static @Nullable SymbolLookup load() {
        if (ASKED.isEmpty()) {
            return null;
        }
        for (String name : names()) {
            try {
                SymbolLookup found = SymbolLookup.libraryLookup(name, Arena.global());
                oneThread(found);
                return found;
            } catch (IllegalArgumentException e) {
                // Not under this name; inUse() tells if there is none under any.
                continue;
            }
        }
        return null;
    }

    private static void oneThread(SymbolLookup library) {
        library.find("openblas_set_num_threads").ifPresent(address -> {
            try {
                Linker.nativeLinker()
                        .downcallHandle(address, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
                        .invokeExact(1);
            } catch (Throwable t) {
                throw new IllegalStateException("OpenBLAS could not be told to use one thread", t);
            }
        });
    }
}
