package org.quotient.autodiff.kernel.f64;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** C = A·B or C += A·B for six rows of A and four vectors of columns of B, all of it in registers. */
final class ConvTile {
    static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    static final int V = S.length();
    static final int NR = 4 * V;

    private ConvTile() {}

    static void run(
            double[] a,
            int a0,
            int a1,
            int a2,
            int a3,
            int a4,
            int a5,
            int k,
            double[] b,
            int bo,
            double[] c,
            int co,
            int cs,
            int rows,
            boolean accumulate) {
        DoubleVector c00 = DoubleVector.zero(S), c01 = c00, c02 = c00, c03 = c00;
        DoubleVector c10 = c00, c11 = c00, c12 = c00, c13 = c00;
        DoubleVector c20 = c00, c21 = c00, c22 = c00, c23 = c00;
        DoubleVector c30 = c00, c31 = c00, c32 = c00, c33 = c00;
        DoubleVector c40 = c00, c41 = c00, c42 = c00, c43 = c00;
        DoubleVector c50 = c00, c51 = c00, c52 = c00, c53 = c00;
        for (int p = 0; p < k; p++) {
            int at = bo + p * NR;
            DoubleVector b0 = DoubleVector.fromArray(S, b, at);
            DoubleVector b1 = DoubleVector.fromArray(S, b, at + V);
            DoubleVector b2 = DoubleVector.fromArray(S, b, at + 2 * V);
            DoubleVector b3 = DoubleVector.fromArray(S, b, at + 3 * V);
            DoubleVector x = DoubleVector.broadcast(S, a[a0 + p]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = DoubleVector.broadcast(S, a[a1 + p]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            x = DoubleVector.broadcast(S, a[a2 + p]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            x = DoubleVector.broadcast(S, a[a3 + p]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
            x = DoubleVector.broadcast(S, a[a4 + p]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            c42 = x.fma(b2, c42);
            c43 = x.fma(b3, c43);
            x = DoubleVector.broadcast(S, a[a5 + p]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            c52 = x.fma(b2, c52);
            c53 = x.fma(b3, c53);
        }
        if (accumulate) {
            c00 = c00.add(DoubleVector.fromArray(S, c, co));
            c01 = c01.add(DoubleVector.fromArray(S, c, co + V));
            c02 = c02.add(DoubleVector.fromArray(S, c, co + 2 * V));
            c03 = c03.add(DoubleVector.fromArray(S, c, co + 3 * V));
        }
        c00.intoArray(c, co);
        c01.intoArray(c, co + V);
        c02.intoArray(c, co + 2 * V);
        c03.intoArray(c, co + 3 * V);
        if (rows < 2) {
            return;
        }
        co += cs;
        if (accumulate) {
            c10 = c10.add(DoubleVector.fromArray(S, c, co));
            c11 = c11.add(DoubleVector.fromArray(S, c, co + V));
            c12 = c12.add(DoubleVector.fromArray(S, c, co + 2 * V));
            c13 = c13.add(DoubleVector.fromArray(S, c, co + 3 * V));
        }
        c10.intoArray(c, co);
        c11.intoArray(c, co + V);
        c12.intoArray(c, co + 2 * V);
        c13.intoArray(c, co + 3 * V);
        if (rows < 3) {
            return;
        }
        co += cs;
        if (accumulate) {
            c20 = c20.add(DoubleVector.fromArray(S, c, co));
            c21 = c21.add(DoubleVector.fromArray(S, c, co + V));
            c22 = c22.add(DoubleVector.fromArray(S, c, co + 2 * V));
            c23 = c23.add(DoubleVector.fromArray(S, c, co + 3 * V));
        }
        c20.intoArray(c, co);
        c21.intoArray(c, co + V);
        c22.intoArray(c, co + 2 * V);
        c23.intoArray(c, co + 3 * V);
        if (rows < 4) {
            return;
        }
        co += cs;
        if (accumulate) {
            c30 = c30.add(DoubleVector.fromArray(S, c, co));
            c31 = c31.add(DoubleVector.fromArray(S, c, co + V));
            c32 = c32.add(DoubleVector.fromArray(S, c, co + 2 * V));
            c33 = c33.add(DoubleVector.fromArray(S, c, co + 3 * V));
        }
        c30.intoArray(c, co);
        c31.intoArray(c, co + V);
        c32.intoArray(c, co + 2 * V);
        c33.intoArray(c, co + 3 * V);
        if (rows < 5) {
            return;
        }
        co += cs;
        if (accumulate) {
            c40 = c40.add(DoubleVector.fromArray(S, c, co));
            c41 = c41.add(DoubleVector.fromArray(S, c, co + V));
            c42 = c42.add(DoubleVector.fromArray(S, c, co + 2 * V));
            c43 = c43.add(DoubleVector.fromArray(S, c, co + 3 * V));
        }
        c40.intoArray(c, co);
        c41.intoArray(c, co + V);
        c42.intoArray(c, co + 2 * V);
        c43.intoArray(c, co + 3 * V);
        if (rows < 6) {
            return;
        }
        co += cs;
        if (accumulate) {
            c50 = c50.add(DoubleVector.fromArray(S, c, co));
            c51 = c51.add(DoubleVector.fromArray(S, c, co + V));
            c52 = c52.add(DoubleVector.fromArray(S, c, co + 2 * V));
            c53 = c53.add(DoubleVector.fromArray(S, c, co + 3 * V));
        }
        c50.intoArray(c, co);
        c51.intoArray(c, co + V);
        c52.intoArray(c, co + 2 * V);
        c53.intoArray(c, co + 3 * V);
    }
}
