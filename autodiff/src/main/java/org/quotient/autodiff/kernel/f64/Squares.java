package org.quotient.autodiff.kernel.f64;

import java.util.List;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.kernel.Chain;
import org.quotient.autodiff.kernel.Place;
import org.quotient.autodiff.kernel.Product;
import org.quotient.autodiff.kernel.Scratch;
import org.quotient.autodiff.kernel.Step;

/**
 * Sums of squares of the rows of A that a product makes while it has them in the cache; the same bits as those of a pass of
 * their own.
 */
record Squares(double[] to, int offset) {

    /** Whether a product reads whole rows of A one after the other, as they lie. */
    static boolean fits(Product p) {
        return p.batch() == 1 && p.aColumn() == 1 && p.k() <= Block.DEPTH && p.k() >= Reductions.LONG;
    }

    /** Some rows of A, from row {@code first} on. */
    void rows(Product p, int first, int count, double[] a, int ao, Scratch scratch) {
        for (int i = first; i < first + count; i += Loops.ROWS) {
            int rows = Math.min(Loops.ROWS, first + count - i);
            Loops.rowSquares(rows, p.k(), a, ao + i * p.aRow(), p.aRow(), to, offset + i, scratch);
        }
    }

    /** The same as a pass of its own, of n rows of length k. */
    static List<Step> alone(int n, int k, Place matrix, Place squares) {
        Chain chain = new Chain(
                List.of(n, k),
                List.of(new Chain.Load(0, List.of(k, 1))),
                List.of(new Chain.Binary(Op.BinaryKind.MUL, 0, 0)),
                List.of(1));
        return Reductions.steps(Op.ReduceKind.SUM, chain, List.of(1), List.of(matrix), squares);
    }
}
