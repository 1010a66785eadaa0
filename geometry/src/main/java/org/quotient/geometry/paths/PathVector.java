package org.quotient.geometry.paths;

import java.util.Arrays;

/** The exponents of one monomial, sparse: parameter elements in increasing order and their nonzero exponents. */
public final class PathVector {
    private final int[] elements;
    private final int[] exponents;

    PathVector(int[] elements, int[] exponents) {
        this.elements = elements;
        this.exponents = exponents;
    }

    /** The number of nonzero exponents. */
    public int size() {
        return elements.length;
    }

    /** The parameter element of entry i. */
    public int element(int i) {
        return elements[i];
    }

    /** The exponent of entry i, times {@link Monomials#scale}. */
    public int exponent(int i) {
        return exponents[i];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathVector v
                && Arrays.equals(elements, v.elements)
                && Arrays.equals(exponents, v.exponents);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(elements) + Arrays.hashCode(exponents);
    }

    /** Such as {@code θ0·θ7^2}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < elements.length; i++) {
            text.append(i == 0 ? "" : "·").append('θ').append(elements[i]);
            text.append(exponents[i] == 1 ? "" : "^" + exponents[i]);
        }
        return elements.length == 0 ? "1" : text.toString();
    }
}
