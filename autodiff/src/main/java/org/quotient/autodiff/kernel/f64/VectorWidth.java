package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;

/** The width of a vector register; only to be asked where the vector module is present. */
final class VectorWidth {
    static final int BITS = DoubleVector.SPECIES_PREFERRED.vectorBitSize();

    private VectorWidth() {}
}
