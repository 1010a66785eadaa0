package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tile of {@link WideTile} that also adds the squares of what it stores to sums for each row: next to nothing, while it is in
 * registers. A class of its own, as {@link FinishingTile} is.
 */
final class SquaringTile {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    private SquaringTile() {}

    /**
     * See {@link Tile#multiply}.
     *
     * @param sums V numbers for each row, next to one another, to which the squares of the row are added by lanes
     * @param so offset of those of the first row
     */
    static void multiply(
            int outer,
            int inner,
            double[] a,
            int a0,
            int a1,
            int a2,
            int a3,
            int a4,
            int a5,
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
            int os,
            double[] sums,
            int so) {
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
        DoubleVector c40 = DoubleVector.fromArray(S, from, fo + 4 * fs);
        DoubleVector c41 = DoubleVector.fromArray(S, from, fo + 4 * fs + V);
        DoubleVector c42 = DoubleVector.fromArray(S, from, fo + 4 * fs + 2 * V);
        DoubleVector c43 = DoubleVector.fromArray(S, from, fo + 4 * fs + 3 * V);
        DoubleVector c50 = DoubleVector.fromArray(S, from, fo + 5 * fs);
        DoubleVector c51 = DoubleVector.fromArray(S, from, fo + 5 * fs + V);
        DoubleVector c52 = DoubleVector.fromArray(S, from, fo + 5 * fs + 2 * V);
        DoubleVector c53 = DoubleVector.fromArray(S, from, fo + 5 * fs + 3 * V);
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
                x = DoubleVector.broadcast(S, a[a4 + shift]);
                c40 = x.fma(b0, c40);
                c41 = x.fma(b1, c41);
                c42 = x.fma(b2, c42);
                c43 = x.fma(b3, c43);
                x = DoubleVector.broadcast(S, a[a5 + shift]);
                c50 = x.fma(b0, c50);
                c51 = x.fma(b1, c51);
                c52 = x.fma(b2, c52);
                c53 = x.fma(b3, c53);
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
        c40.intoArray(to, o + 4 * os);
        c41.intoArray(to, o + 4 * os + V);
        c42.intoArray(to, o + 4 * os + 2 * V);
        c43.intoArray(to, o + 4 * os + 3 * V);
        c50.intoArray(to, o + 5 * os);
        c51.intoArray(to, o + 5 * os + V);
        c52.intoArray(to, o + 5 * os + 2 * V);
        c53.intoArray(to, o + 5 * os + 3 * V);
        DoubleVector s0 = DoubleVector.fromArray(S, sums, so);
        s0 = c00.fma(c00, s0);
        s0 = c01.fma(c01, s0);
        s0 = c02.fma(c02, s0);
        s0 = c03.fma(c03, s0);
        s0.intoArray(sums, so);
        DoubleVector s1 = DoubleVector.fromArray(S, sums, so + V);
        s1 = c10.fma(c10, s1);
        s1 = c11.fma(c11, s1);
        s1 = c12.fma(c12, s1);
        s1 = c13.fma(c13, s1);
        s1.intoArray(sums, so + V);
        DoubleVector s2 = DoubleVector.fromArray(S, sums, so + 2 * V);
        s2 = c20.fma(c20, s2);
        s2 = c21.fma(c21, s2);
        s2 = c22.fma(c22, s2);
        s2 = c23.fma(c23, s2);
        s2.intoArray(sums, so + 2 * V);
        DoubleVector s3 = DoubleVector.fromArray(S, sums, so + 3 * V);
        s3 = c30.fma(c30, s3);
        s3 = c31.fma(c31, s3);
        s3 = c32.fma(c32, s3);
        s3 = c33.fma(c33, s3);
        s3.intoArray(sums, so + 3 * V);
        DoubleVector s4 = DoubleVector.fromArray(S, sums, so + 4 * V);
        s4 = c40.fma(c40, s4);
        s4 = c41.fma(c41, s4);
        s4 = c42.fma(c42, s4);
        s4 = c43.fma(c43, s4);
        s4.intoArray(sums, so + 4 * V);
        DoubleVector s5 = DoubleVector.fromArray(S, sums, so + 5 * V);
        s5 = c50.fma(c50, s5);
        s5 = c51.fma(c51, s5);
        s5 = c52.fma(c52, s5);
        s5 = c53.fma(c53, s5);
        s5.intoArray(sums, so + 5 * V);
    }
}
