package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Four rows of the {@link WideTile}, for what six rows would not divide well. */
final class FlatWideTile {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    private FlatWideTile() {}

    /** See {@link Tile#flat}; one big method, so that every accumulator stays in a register. */
    static void multiply(
            int outer,
            int inner,
            double[] a,
            int a0,
            int a1,
            int a2,
            int a3,
            int aInner,
            int aOuter,
            double[] b,
            int bo,
            int bs,
            double[] from,
            int fo,
            int fs,
            double[] to,
            int o,
            int os) {
        DoubleVector c00 = DoubleVector.fromArray(S, from, fo);
        DoubleVector c01 = DoubleVector.fromArray(S, from, fo + V);
        DoubleVector c02 = DoubleVector.fromArray(S, from, fo + 2 * V);
        DoubleVector c03 = DoubleVector.fromArray(S, from, fo + 3 * V);
        DoubleVector c10 = DoubleVector.fromArray(S, from, fo + fs);
        DoubleVector c11 = DoubleVector.fromArray(S, from, fo + fs + V);
        DoubleVector c12 = DoubleVector.fromArray(S, from, fo + fs + 2 * V);
        DoubleVector c13 = DoubleVector.fromArray(S, from, fo + fs + 3 * V);
        DoubleVector c20 = DoubleVector.fromArray(S, from, fo + 2 * fs);
        DoubleVector c21 = DoubleVector.fromArray(S, from, fo + 2 * fs + V);
        DoubleVector c22 = DoubleVector.fromArray(S, from, fo + 2 * fs + 2 * V);
        DoubleVector c23 = DoubleVector.fromArray(S, from, fo + 2 * fs + 3 * V);
        DoubleVector c30 = DoubleVector.fromArray(S, from, fo + 3 * fs);
        DoubleVector c31 = DoubleVector.fromArray(S, from, fo + 3 * fs + V);
        DoubleVector c32 = DoubleVector.fromArray(S, from, fo + 3 * fs + 2 * V);
        DoubleVector c33 = DoubleVector.fromArray(S, from, fo + 3 * fs + 3 * V);
        int row = bo;
        for (int q = 0; q < outer; q++) {
            int shift = q * aOuter;
            for (int p = 0; p < inner; p++) {
                DoubleVector b0 = DoubleVector.fromArray(S, b, row);
                DoubleVector b1 = DoubleVector.fromArray(S, b, row + V);
                DoubleVector b2 = DoubleVector.fromArray(S, b, row + 2 * V);
                DoubleVector b3 = DoubleVector.fromArray(S, b, row + 3 * V);
                DoubleVector x = DoubleVector.broadcast(S, a[a0 + shift]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                c02 = x.fma(b2, c02);
                c03 = x.fma(b3, c03);
                x = DoubleVector.broadcast(S, a[a1 + shift]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                c12 = x.fma(b2, c12);
                c13 = x.fma(b3, c13);
                x = DoubleVector.broadcast(S, a[a2 + shift]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                c22 = x.fma(b2, c22);
                c23 = x.fma(b3, c23);
                x = DoubleVector.broadcast(S, a[a3 + shift]);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
                c32 = x.fma(b2, c32);
                c33 = x.fma(b3, c33);
                shift += aInner;
                row += bs;
            }
        }
        c00.intoArray(to, o);
        c01.intoArray(to, o + V);
        c02.intoArray(to, o + 2 * V);
        c03.intoArray(to, o + 3 * V);
        c10.intoArray(to, o + os);
        c11.intoArray(to, o + os + V);
        c12.intoArray(to, o + os + 2 * V);
        c13.intoArray(to, o + os + 3 * V);
        c20.intoArray(to, o + 2 * os);
        c21.intoArray(to, o + 2 * os + V);
        c22.intoArray(to, o + 2 * os + 2 * V);
        c23.intoArray(to, o + 2 * os + 3 * V);
        c30.intoArray(to, o + 3 * os);
        c31.intoArray(to, o + 3 * os + V);
        c32.intoArray(to, o + 3 * os + 2 * V);
        c33.intoArray(to, o + 3 * os + 3 * V);
    }
}
