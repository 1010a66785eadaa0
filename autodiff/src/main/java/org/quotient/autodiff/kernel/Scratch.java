package org.quotient.autodiff.kernel;

/**
 * Memory of one thread for use within one shard: arrays that grow when first needed and are kept, so that a program in its
 * steady state allocates nothing. Contents are undefined at the start of a shard.
 */
public final class Scratch {
    private static final int KINDS = 4;

    private final double[][] f64 = new double[KINDS][0];
    private final float[][] f32 = new float[KINDS][0];

    /**
     * An array of doubles.
     *
     * @param kind from 0 to 3: arrays of different kinds are different arrays
     * @param size the least length
     */
    public double[] f64(int kind, int size) {
        if (f64[kind].length < size) {
            f64[kind] = new double[size];
        }
        return f64[kind];
    }

    /** An array of floats; see {@link #f64(int, int)}. */
    public float[] f32(int kind, int size) {
        if (f32[kind].length < size) {
            f32[kind] = new float[size];
        }
        return f32[kind];
    }
}
