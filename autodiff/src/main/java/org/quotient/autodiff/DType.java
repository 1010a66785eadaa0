package org.quotient.autodiff;

/** The floating-point type of the values of an expression. */
public enum DType {
    /** IEEE 754 double precision: the type for mathematics. */
    F64,
    /** IEEE 754 single precision: the type for training and for most network files. */
    F32;

    /**
     * Rounds a number to this type.
     *
     * @param value any double
     * @return the nearest number of this type, as a double
     */
    public double round(double value) {
        return this == F64 ? value : (float) value;
    }
}
