package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.Echelon;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.Liveness;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.ScaleLaw;

/**
 * The spectrum of the path kernel K = ∂Φ ∂Φᵀ (Gebhart et al. 2021), the part of the neural tangent kernel that does not depend on
 * the data. Its nonzero eigenvalues are those of G = ∂Φᵀ∂Φ, which has one row per parameter instead of one per path. They change
 * along the orbit of a rescaling, as G′ = D⁻¹GD⁻¹; the rank does not: it is the number of parameters with a path less that of
 * generators, so both matrices are singular whenever there is a symmetry.
 */
public final class PathKernel {
    /** The most parameters with a path for which all eigenvalues are computed. */
    public static final int MOST_DENSE = 2_000;

    /** The relative residual at which {@link #largest(int)} stops. */
    public static final double TOLERANCE = 1e-8;

    /** Numbers that Lanczos vectors may hold: 512 MB. */
    private static final long MOST_NUMBERS = 64_000_000;

    private static final int PRODUCTS_PER_VALUE = 300;

    private final PathLifting lifting;
    private final RescalingGroup group;

    private PathKernel(PathLifting lifting, RescalingGroup group) {
        this.lifting = lifting;
        this.group = group;
    }

    /** The path kernel of a lifting. */
    public static PathKernel of(PathLifting lifting) {
        return of(lifting, RescalingGroup.of(lifting.model().network(), lifting.liveness()));
    }

    /**
     * The path kernel of a lifting whose group is known already.
     *
     * @throws IllegalArgumentException if the group is of another network, or has other live parameters
     */
    public static PathKernel of(PathLifting lifting, RescalingGroup group) {
        if (group.network() != lifting.model().network()
                || !group.liveness().live().equals(lifting.liveness().live())) {
            throw new IllegalArgumentException(
                    "The group of '" + group.network().name()
                            + "' does not fit a lifting of '"
                            + lifting.model().network().name()
                            + "': both need the same network and the same live parameters");
        }
        return new PathKernel(lifting, group);
    }

    /**
     * All eigenvalues, from G itself.
     *
     * @throws IllegalArgumentException if there are more than {@value #MOST_DENSE} parameters with a path
     * @throws ArithmeticException if an entry of G is out of the range of double precision
     */
    public Spectrum spectrum() {
        long most = lifting.liveness().liveCount();
        if (most > MOST_DENSE) {
            throw new IllegalArgumentException("All eigenvalues of the path kernel take a matrix of " + most
                    + " parameters; the largest number is " + MOST_DENSE
                    + ". PathKernel.largest has the largest eigenvalues at any size");
        }
        int[] elements = differentiable();
        return Spectrum.of(eigenvalues(magnitude(elements)), countedRank(elements));
    }

    /** The condition number of K on its range; see {@link Spectrum#condition} and, for whether to trust it, its gap. */
    public double conditionNumber() {
        return spectrum().condition();
    }

    /** The largest eigenvalues, to {@link #TOLERANCE}; see {@link #largest(int, double)}. */
    public LeadingSpectrum largest(int k) {
        return largest(k, TOLERANCE);
    }

    /**
     * The largest eigenvalues, by products of G with vectors: for networks of any size.
     *
     * @param k how many, from 1 to the number of live parameters
     * @param tolerance of residuals, relative to the eigenvalue, below 1; rounding sets a limit at about 1e-14 of the largest
     * @throws IllegalArgumentException if k or the tolerance is out of range, or that many vectors need too much memory
     * @throws ArithmeticException if an entry of a product is out of the range of double precision
     */
    public LeadingSpectrum largest(int k, double tolerance) {
        BitSet live = lifting.liveness().live();
        if (k < 1 || k > live.cardinality()) {
            throw new IllegalArgumentException("There are eigenvalues for k from 1 to the number of live parameters, "
                    + live.cardinality() + "; given " + k);
        }
        if (!(tolerance > 0 && tolerance < 1)) {
            throw new IllegalArgumentException("A relative tolerance lies between 0 and 1; given " + tolerance);
        }
        try (MagnitudeProduct product = lifting.magnitude()) {
            double[] support = new double[product.size()];
            live.stream().forEach(i -> support[i] = 1);
            // Half of it is for the vectors that a restart combines.
            long fit = MOST_NUMBERS / 2 / support.length;
            int vectors = (int) Math.min(fit, Math.max(3L * k + 20, 80));
            if (vectors < k + 6) {
                throw new IllegalArgumentException(k + " eigenvalues take at least " + (k + 6) + " vectors of "
                        + support.length + " numbers; at most " + fit + " fit");
            }
            return new Lanczos(product::times, support, tolerance, vectors, PRODUCTS_PER_VALUE * (k + 1)).largest(k);
        }
    }

    /** The live elements whose derivative of Φ is not zero, whatever its size. */
    private int[] differentiable() {
        BitSet live = lifting.liveness().live();
        Map<String, Tensor> logs = lifting.logDiagonal();
        List<Integer> out = new ArrayList<>();
        int offset = 0;
        for (Expr parameter : lifting.model().network().parameters()) {
            Tensor g = Objects.requireNonNull(logs.get(Network.nameOf(parameter)));
            for (int i = 0; i < g.size(); i++) {
                if (live.get(offset + i) && g.get(i) > Double.NEGATIVE_INFINITY) {
                    out.add(offset + i);
                }
            }
            offset += g.size();
        }
        return out.stream().mapToInt(i -> i).toArray();
    }

    private DMatrixRMaj magnitude(int[] elements) {
        int n = elements.length;
        DMatrixRMaj g = new DMatrixRMaj(n, n);
        try (MagnitudeProduct product = lifting.magnitude()) {
            double[] v = new double[product.size()];
            for (int j = 0; j < n; j++) {
                v[elements[j]] = 1;
                double[] column = product.times(v);
                v[elements[j]] = 0;
                for (int i = 0; i < n; i++) {
                    double entry = column[elements[i]];
                    if (!Double.isFinite(entry)) {
                        throw new ArithmeticException("An entry of the path magnitude matrix is out of the range of"
                                + " double precision; PathLifting.logDiagonal has its diagonal at any size");
                    }
                    g.add(i, j, entry / 2);
                    g.add(j, i, entry / 2);
                }
            }
        }
        return g;
    }

    private static List<Double> eigenvalues(DMatrixRMaj symmetric) {
        int n = symmetric.getNumRows();
        List<Double> values = new ArrayList<>();
        if (n > 0) {
            EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, false, true);
            if (!eigen.decompose(symmetric)) {
                throw new ArithmeticException(
                        "The eigenvalues of a symmetric matrix of size " + n + " did not converge");
            }
            for (int i = 0; i < n; i++) {
                values.add(eigen.getEigenvalue(i).getReal());
            }
        }
        values.sort(Comparator.reverseOrder());
        return values;
    }

    /**
     * The rank of ∂Φ. Paths without a parameter that is zero: the parameters on them less the generators that leave them as they
     * are. A zero parameter with a derivative lies on paths where it is the only zero, once; those belong to it alone.
     */
    private OptionalInt countedRank(int[] elements) {
        Liveness liveness = lifting.liveness();
        BitSet zeros = RescalingGroup.zeros(lifting.model());
        zeros.and(liveness.live());
        RescalingGroup nonzero = group;
        if (!zeros.isEmpty()) {
            BitSet absent = liveness.live();
            absent.flip(0, parameters());
            absent.or(zeros);
            absent.andNot(liveness.idle());
            nonzero = RescalingGroup.of(group.network(), Liveness.of(group.network(), absent));
        }
        if (!nonzero.incomplete().isEmpty() || !lifting.weighsEveryInput()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(elements.length - nonzero.rank() + rankOf(nonzero.removedScales(), nonzero.rank()));
    }

    private int parameters() {
        return group.network().parameters().stream()
                .mapToInt(p -> p.shape().elements())
                .sum();
    }

    /** Generators that change what a normalisation reads change the paths that end there. */
    private static int rankOf(List<ScaleLaw.Row> rows, int generators) {
        if (rows.isEmpty()) {
            return 0;
        }
        Numbers.PrimeField field = Numbers.PrimeField.largest();
        double[] dense = new double[Math.multiplyExact(rows.size(), generators)];
        for (int i = 0; i < rows.size(); i++) {
            ScaleLaw.Row row = rows.get(i);
            for (int k = 0; k < row.generators().length; k++) {
                dense[i * generators + row.generators()[k]] = Math.floorMod(row.coefficients()[k], (long) field.p());
            }
        }
        return Echelon.rank(field, rows.size(), generators, dense);
    }
}
