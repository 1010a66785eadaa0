package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tile of {@link WideTile} added to C where it lies, each row and each column of the result multiplied by a number before it is
 * stored: that costs next to nothing, a pass over C a twentieth of a product with few terms. Multiplied before the product is
 * added, C would come late, and the multipliers wait for it. A class of its own, since a choice in the kernel costs registers;
 * with two loops like the other, although products have one: what the compiler makes of a single one is a fifth slower.
 */
final class FinishingTile {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    private FinishingTile() {}

    /**
     * For r = 0..5 and all columns j, {@code c[o + r·os + j]} becomes
     * {@code ((c[o + r·os + j] + Σ a[a_r + q·aOuter + p·aInner] · b[bo + (q·inner + p)·bs + j]) · rows[ro + r]) · columns[go + j]};
     * see {@link Tile#multiply}.
     *
     * @param rows a number for each row, from {@code ro} on
     * @param columns a number for each column, from {@code go} on
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
            double[] c,
            int o,
            int os,
            double[] rows,
            int ro,
            double[] columns,
            int go) {
        DoubleVector c00 = DoubleVector.fromArray(S, c, o);
        DoubleVector c01 = DoubleVector.fromArray(S, c, o + V);
        DoubleVector c02 = DoubleVector.fromArray(S, c, o + 2 * V);
        DoubleVector c03 = DoubleVector.fromArray(S, c, o + 3 * V);
        DoubleVector c10 = DoubleVector.fromArray(S, c, o + os);
        DoubleVector c11 = DoubleVector.fromArray(S, c, o + os + V);
        DoubleVector c12 = DoubleVector.fromArray(S, c, o + os + 2 * V);
        DoubleVector c13 = DoubleVector.fromArray(S, c, o + os + 3 * V);
        DoubleVector c20 = DoubleVector.fromArray(S, c, o + 2 * os);
        DoubleVector c21 = DoubleVector.fromArray(S, c, o + 2 * os + V);
        DoubleVector c22 = DoubleVector.fromArray(S, c, o + 2 * os + 2 * V);
        DoubleVector c23 = DoubleVector.fromArray(S, c, o + 2 * os + 3 * V);
        DoubleVector c30 = DoubleVector.fromArray(S, c, o + 3 * os);
        DoubleVector c31 = DoubleVector.fromArray(S, c, o + 3 * os + V);
        DoubleVector c32 = DoubleVector.fromArray(S, c, o + 3 * os + 2 * V);
        DoubleVector c33 = DoubleVector.fromArray(S, c, o + 3 * os + 3 * V);
        DoubleVector c40 = DoubleVector.fromArray(S, c, o + 4 * os);
        DoubleVector c41 = DoubleVector.fromArray(S, c, o + 4 * os + V);
        DoubleVector c42 = DoubleVector.fromArray(S, c, o + 4 * os + 2 * V);
        DoubleVector c43 = DoubleVector.fromArray(S, c, o + 4 * os + 3 * V);
        DoubleVector c50 = DoubleVector.fromArray(S, c, o + 5 * os);
        DoubleVector c51 = DoubleVector.fromArray(S, c, o + 5 * os + V);
        DoubleVector c52 = DoubleVector.fromArray(S, c, o + 5 * os + 2 * V);
        DoubleVector c53 = DoubleVector.fromArray(S, c, o + 5 * os + 3 * V);
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
        DoubleVector g0 = DoubleVector.fromArray(S, columns, go);
        DoubleVector g1 = DoubleVector.fromArray(S, columns, go + V);
        DoubleVector g2 = DoubleVector.fromArray(S, columns, go + 2 * V);
        DoubleVector g3 = DoubleVector.fromArray(S, columns, go + 3 * V);
        DoubleVector f = DoubleVector.broadcast(S, rows[ro]);
        c00.mul(f).mul(g0).intoArray(c, o);
        c01.mul(f).mul(g1).intoArray(c, o + V);
        c02.mul(f).mul(g2).intoArray(c, o + 2 * V);
        c03.mul(f).mul(g3).intoArray(c, o + 3 * V);
        f = DoubleVector.broadcast(S, rows[ro + 1]);
        c10.mul(f).mul(g0).intoArray(c, o + os);
        c11.mul(f).mul(g1).intoArray(c, o + os + V);
        c12.mul(f).mul(g2).intoArray(c, o + os + 2 * V);
        c13.mul(f).mul(g3).intoArray(c, o + os + 3 * V);
        f = DoubleVector.broadcast(S, rows[ro + 2]);
        c20.mul(f).mul(g0).intoArray(c, o + 2 * os);
        c21.mul(f).mul(g1).intoArray(c, o + 2 * os + V);
        c22.mul(f).mul(g2).intoArray(c, o + 2 * os + 2 * V);
        c23.mul(f).mul(g3).intoArray(c, o + 2 * os + 3 * V);
        f = DoubleVector.broadcast(S, rows[ro + 3]);
        c30.mul(f).mul(g0).intoArray(c, o + 3 * os);
        c31.mul(f).mul(g1).intoArray(c, o + 3 * os + V);
        c32.mul(f).mul(g2).intoArray(c, o + 3 * os + 2 * V);
        c33.mul(f).mul(g3).intoArray(c, o + 3 * os + 3 * V);
        f = DoubleVector.broadcast(S, rows[ro + 4]);
        c40.mul(f).mul(g0).intoArray(c, o + 4 * os);
        c41.mul(f).mul(g1).intoArray(c, o + 4 * os + V);
        c42.mul(f).mul(g2).intoArray(c, o + 4 * os + 2 * V);
        c43.mul(f).mul(g3).intoArray(c, o + 4 * os + 3 * V);
        f = DoubleVector.broadcast(S, rows[ro + 5]);
        c50.mul(f).mul(g0).intoArray(c, o + 5 * os);
        c51.mul(f).mul(g1).intoArray(c, o + 5 * os + V);
        c52.mul(f).mul(g2).intoArray(c, o + 5 * os + 2 * V);
        c53.mul(f).mul(g3).intoArray(c, o + 5 * os + 3 * V);
    }
}
