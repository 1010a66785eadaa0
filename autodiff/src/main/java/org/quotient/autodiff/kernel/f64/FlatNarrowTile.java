package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Four rows of the {@link NarrowTile}, for what six rows would not divide well. */
final class FlatNarrowTile {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    private FlatNarrowTile() {}

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
        DoubleVector c10 = DoubleVector.fromArray(S, from, fo + fs);
        DoubleVector c11 = DoubleVector.fromArray(S, from, fo + fs + V);
        DoubleVector c20 = DoubleVector.fromArray(S, from, fo + 2 * fs);
        DoubleVector c21 = DoubleVector.fromArray(S, from, fo + 2 * fs + V);
        DoubleVector c30 = DoubleVector.fromArray(S, from, fo + 3 * fs);
        DoubleVector c31 = DoubleVector.fromArray(S, from, fo + 3 * fs + V);
        int row = bo;
        for (int q = 0; q < outer; q++) {
            int shift = q * aOuter;
            for (int p = 0; p < inner; p++) {
                DoubleVector b0 = DoubleVector.fromArray(S, b, row);
                DoubleVector b1 = DoubleVector.fromArray(S, b, row + V);
                DoubleVector x = DoubleVector.broadcast(S, a[a0 + shift]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = DoubleVector.broadcast(S, a[a1 + shift]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = DoubleVector.broadcast(S, a[a2 + shift]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = DoubleVector.broadcast(S, a[a3 + shift]);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
                shift += aInner;
                row += bs;
            }
        }
        c00.intoArray(to, o);
        c01.intoArray(to, o + V);
        c10.intoArray(to, o + os);
        c11.intoArray(to, o + os + V);
        c20.intoArray(to, o + 2 * os);
        c21.intoArray(to, o + 2 * os + V);
        c30.intoArray(to, o + 3 * os);
        c31.intoArray(to, o + 3 * os + V);
    }
}
