package org.quotient.geometry.functional.floating;

import java.util.Locale;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The rank of a tall matrix in floating point, its rows arriving in blocks: R ← the triangular factor of [R; block], and the singular
 * values of R at the end, which are those of the matrix.
 */
final class NumericalRank {
    private final int columns;
    private final int slab;
    private double[] pending;
    private int waiting;
    private long rows;
    private DMatrixRMaj triangle;

    /**
     * @param columns n, at least 0
     */
    NumericalRank(int columns) {
        this.columns = columns;
        this.slab = Math.max(64, 2 * columns);
        this.pending = new double[0];
        this.triangle = new DMatrixRMaj(0, columns);
    }

    /**
     * Refuses what does not fit into memory, before anything is computed: two columns' worth of waiting rows, three while they
     * are factored, and the copies that the decompositions make.
     *
     * @throws IllegalArgumentException naming the size
     */
    static void requireMemory(String name, int columns) {
        double bytes = 8.0 * columns * columns * 10;
        double most = Runtime.getRuntime().maxMemory();
        if (bytes > most || 3L * columns * columns > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "Singular values of the Jacobian of '%s' with %d columns would need %.1f GiB, and for more than 26754"
                            + " columns larger arrays than there are; this Java has %.1f GiB. Start it with a larger -Xmx,"
                            + " or ask for the exact rank, which needs less",
                    name,
                    columns,
                    bytes / 0x1p30,
                    most / 0x1p30));
        }
    }

    /** Adds rows: count × n, row-major. */
    void add(double[] block, int count) {
        if (pending.length == 0 && columns > 0) {
            pending = new double[Math.multiplyExact(slab, columns)];
        }
        for (int from = 0; from < count && columns > 0; ) {
            int next = Math.min(count - from, slab - waiting);
            System.arraycopy(block, from * columns, pending, waiting * columns, next * columns);
            waiting += next;
            from += next;
            if (waiting == slab) {
                flush();
            }
        }
        rows += count;
    }

    private void flush() {
        if (waiting == 0) {
            return;
        }
        int old = triangle.numRows;
        DMatrixRMaj stacked = new DMatrixRMaj(old + waiting, columns);
        System.arraycopy(triangle.data, 0, stacked.data, 0, old * columns);
        System.arraycopy(pending, 0, stacked.data, old * columns, waiting * columns);
        waiting = 0;
        QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(stacked.numRows, columns);
        // It answers false when a column is 0 already, as columns of dead parameters are; the factor is right all the
        // same.
        var _ = qr.decompose(stacked);
        triangle = qr.getR(null, true);
    }

    /** How many rows have been added. */
    long rows() {
        return rows;
    }

    /**
     * The singular values, falling.
     *
     * @throws IllegalArgumentException if a number is not finite
     */
    double[] singularValues() {
        flush();
        if (triangle.numRows == 0) {
            return new double[0];
        }
        for (double value : triangle.data) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "The Jacobian holds numbers that are not finite: its entries overflow."
                                + " Choose a balanced representative of θ, or the exact rank");
            }
        }
        SingularValueDecomposition_F64<DMatrixRMaj> svd =
                DecompositionFactory_DDRM.svd(triangle.numRows, columns, false, false, true);
        if (!svd.decompose(triangle.copy())) {
            throw new IllegalStateException("The singular values of a Jacobian were not found");
        }
        double[] values = java.util.Arrays.copyOf(svd.getSingularValues(), svd.numberOfSingularValues());
        java.util.Arrays.sort(values);
        double[] falling = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            falling[i] = values[values.length - 1 - i];
        }
        return falling;
    }
}
