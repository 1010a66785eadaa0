package org.quotient.autodiff.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory that the steps of one program share, each for the time in which it runs. A kernel asks for it when it is bound; the
 * arrays exist from {@link #allocate} on. Steps that share temporaries never run at the same time, except that a kernel made
 * of several steps may hand something over from one to the next.
 */
public final class Temporaries {
    private final List<Temporary> temporaries = new ArrayList<>();
    private int requests;

    /** A piece of shared memory. */
    public static final class Temporary {
        private int size;
        private Object array = new Object();

        private Temporary() {}

        /** The array, a {@code double[]} or {@code float[]}; there after {@link Temporaries#allocate}. */
        public Object array() {
            return array;
        }
    }

    /**
     * Asks for shared memory.
     *
     * @param kind from 0 on: requests of the same kind share one array
     * @param size the least number of elements
     */
    public Temporary request(int kind, int size) {
        requests++;
        while (temporaries.size() <= kind) {
            temporaries.add(new Temporary());
        }
        Temporary temporary = temporaries.get(kind);
        temporary.size = Math.max(temporary.size, size);
        return temporary;
    }

    /** How often memory has been asked for. */
    public int requests() {
        return requests;
    }

    /** Makes the arrays, when all requests have been made. */
    public void allocate(Kernels kernels) {
        for (Temporary temporary : temporaries) {
            temporary.array = kernels.allocate(temporary.size);
        }
    }
}
