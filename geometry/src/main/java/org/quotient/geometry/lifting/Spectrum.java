package org.quotient.geometry.lifting;

import java.util.List;
import java.util.OptionalInt;

/**
 * The spectrum of the path kernel K = ∂Φ ∂Φᵀ.
 *
 * @param eigenvalues as many as parameter elements whose derivative of Φ is not zero, the largest first: the {@code rank} first
 *     are the nonzero eigenvalues of K, the others are zero up to rounding, of either sign
 * @param counted the rank of ∂Φ by counting symmetries, which needs no tolerance; empty where the group may be incomplete or
 *     inputs have no weight
 * @param numerical how many eigenvalues are above rounding: larger than n·2^−52 times the largest
 * @param condition the condition number of K on its range, λ_1/λ_rank; infinite if that eigenvalue came out 0 or negative, and
 *     NaN for rank 0
 * @param gap λ_rank over the next eigenvalue's absolute value, or over rounding if that is larger; infinite for rank 0, and 0 if
 *     λ_rank came out 0 or negative. Where it is small, eigenvalues of K are lost in rounding, and rank or condition mean little
 */
public record Spectrum(List<Double> eigenvalues, OptionalInt counted, int numerical, double condition, double gap) {
    /** The smallest gap with which the eigenvalues are taken to be known. */
    public static final double CLEAR_GAP = 1e4;

    /** Copies the list. */
    public Spectrum {
        eigenvalues = List.copyOf(eigenvalues);
    }

    /**
     * A spectrum from computed eigenvalues.
     *
     * @param eigenvalues the largest first
     * @param counted the rank if known
     */
    static Spectrum of(List<Double> eigenvalues, OptionalInt counted) {
        int n = eigenvalues.size();
        double largest = n == 0 ? 0 : eigenvalues.get(0);
        double rounding = n * Math.scalb(largest, -52);
        int numerical = (int) eigenvalues.stream().filter(x -> x > rounding).count();
        int rank = counted.orElse(numerical);
        if (rank == 0) {
            return new Spectrum(eigenvalues, counted, numerical, Double.NaN, Double.POSITIVE_INFINITY);
        }
        double least = eigenvalues.get(rank - 1);
        double next = rank == n ? 0 : Math.abs(eigenvalues.get(rank));
        return new Spectrum(
                eigenvalues,
                counted,
                numerical,
                least > 0 ? largest / least : Double.POSITIVE_INFINITY,
                least > 0 ? least / Math.max(next, rounding) : 0);
    }

    /** The rank of K: counted if it is known, else numerical. */
    public int rank() {
        return counted.orElse(numerical);
    }

    /** Whether the gap is at least {@value #CLEAR_GAP} and, where both are known, the two ranks are one. */
    public boolean isClear() {
        return gap >= CLEAR_GAP && numerical == rank();
    }

    /** The sum of the eigenvalues: the trace of K and of G. */
    public double trace() {
        return eigenvalues.stream().mapToDouble(x -> x).sum();
    }
}
