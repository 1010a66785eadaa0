package org.quotient.autodiff.kernel;

/**
 * A batch of matrix products C = α·A·B, or C += α·A·B, over strided arrays: element (i, k) of matrix b of A lies at
 * {@code b·aBatch + i·aRow + k·aColumn} from its place, likewise B (k, j) and C (i, j). Strides in elements; a transposed
 * operand is one with its strides exchanged.
 *
 * @param batch number of products
 * @param m rows of A and C
 * @param n columns of B and C
 * @param k columns of A, rows of B
 * @param aBatch stride between matrices of A; 0 if they share one
 * @param aRow stride between rows of A
 * @param aColumn stride between columns of A
 * @param bBatch stride between matrices of B; 0 if they share one
 * @param bRow stride between rows of B
 * @param bColumn stride between columns of B
 * @param cBatch stride between matrices of C
 * @param cRow stride between rows of C
 * @param cColumn stride between columns of C
 * @param accumulate whether C is added to rather than overwritten
 * @param alpha the factor α
 */
public record Product(
        int batch,
        int m,
        int n,
        int k,
        int aBatch,
        int aRow,
        int aColumn,
        int bBatch,
        int bRow,
        int bColumn,
        int cBatch,
        int cRow,
        int cColumn,
        boolean accumulate,
        double alpha) {

    /** The product of the transposes: Cᵀ = Bᵀ·Aᵀ, the same numbers in the same places. */
    public Product transposed() {
        return new Product(
                batch, n, m, k, bBatch, bColumn, bRow, aBatch, aColumn, aRow, cBatch, cColumn, cRow, accumulate, alpha);
    }

    /** C += factor·A·B instead. */
    public Product adding(double factor) {
        return new Product(
                batch, m, n, k, aBatch, aRow, aColumn, bBatch, bRow, bColumn, cBatch, cRow, cColumn, true, factor);
    }

    /** Multiplications and additions together. */
    public long flops() {
        return 2L * batch * m * n * k;
    }
}
