package org.quotient.proofs.catalogue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.LinearSystems;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.basis.GSpace;
import org.quotient.geometry.basis.Skeleton;
import org.quotient.geometry.basis.SkeletonSpace;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.proofs.generators.NetworkInstance;

/**
 * The basis paths of an instance as vectors of exponents, read off the library's coordinates: at θ = 1 the derivative of a path's
 * value in a parameter is how often the path passes it.
 */
final class BasisPaths {
    /** One coordinate: where its value stands in the layout of the space. */
    record Slot(String name, int index) {}

    private final SkeletonSpace space;
    private final List<Slot> slots = new ArrayList<>();
    private final List<long[]> vectors = new ArrayList<>();

    private BasisPaths(NetworkInstance i, SkeletonSpace space) {
        this.space = space;
        Map<String, ExactValues> ones = ExactNumbers.of(ones(i));
        ExactNumbers.evaluate(space.support(), ones).forEach((name, x) -> {
            for (int k = 0; k < x.numbers().length; k++) {
                if (!ExactNumbers.isZero(x.numbers()[k])) {
                    slots.add(new Slot(name, k));
                }
            }
        });
        for (Slot slot : slots) {
            Map<String, ExactValues> point = new LinkedHashMap<>();
            Map<String, Expr> w = ExactNumbers.variables("w ", ones, point);
            Map<String, Expr> unit = ExactNumbers.variables("d ", unit(slot), point);
            vectors.add(flat(i, ExactNumbers.evaluate(space.pullback(w, unit), point)));
        }
    }

    /** The basis paths for the strongest connections; none if the network's rescalings are not those of a graph. */
    static Optional<BasisPaths> of(NetworkInstance i) {
        return of(i, Skeleton.byScore(i.group(), i.weights()));
    }

    /** The basis paths for a skeleton. */
    static Optional<BasisPaths> of(NetworkInstance i, Skeleton skeleton) {
        return GSpace.of(i.group(), skeleton) instanceof SkeletonSpace space && space.frozen().length == 0
                ? Optional.of(new BasisPaths(i, space))
                : Optional.empty();
    }

    /** The coordinates. */
    SkeletonSpace space() {
        return space;
    }

    /** Where the value of each basis path stands. */
    List<Slot> slots() {
        return Collections.unmodifiableList(slots);
    }

    /** The exponents of each basis path over all parameters. */
    List<long[]> vectors() {
        return Collections.unmodifiableList(vectors);
    }

    /** The numbers of the slots, from a tensor per name. */
    BigFraction[] read(Map<String, ExactValues> values) {
        return slots.stream()
                .map(s -> ExactNumbers.get(values, s.name()).numbers()[s.index()])
                .toArray(BigFraction[]::new);
    }

    /** The values of the basis paths at an instance. */
    BigFraction[] values(NetworkInstance i) {
        return values(ExactNumbers.weights(i));
    }

    /** The values of the basis paths at weights. */
    BigFraction[] values(Map<String, ExactValues> weights) {
        Map<String, ExactValues> point = new LinkedHashMap<>();
        return read(ExactNumbers.evaluate(space.pathValues(ExactNumbers.variables("w ", weights, point)), point));
    }

    /** 1 for one slot, in the layout of the space. */
    private Map<String, ExactValues> unit(Slot slot) {
        Map<String, Tensor> unit = new LinkedHashMap<>();
        space.shapes().forEach((name, shape) -> unit.put(name, Tensor.of(shape, new double[shape.elements()])));
        ExactNumbers.get(unit, slot.name()).data()[slot.index()] = 1;
        return ExactNumbers.of(unit);
    }

    /**
     * How often each basis path occurs in given paths, negative numbers included.
     *
     * @param paths exponents over all parameters
     * @return per path one whole number per slot; empty if some path is no combination with whole coefficients
     */
    Optional<List<long[]>> coordinates(List<long[]> paths) {
        int m = paths.getFirst().length;
        int n = slots.size();
        double[] a = new double[m * n];
        double[] b = new double[m * paths.size()];
        for (int e = 0; e < m; e++) {
            for (int s = 0; s < n; s++) {
                a[e * n + s] = Math.floorMod(vectors.get(s)[e], (long) ExactRank.FIELD.p());
            }
            for (int p = 0; p < paths.size(); p++) {
                b[e * paths.size() + p] = paths.get(p)[e];
            }
        }
        Optional<double[]> x = LinearSystems.solve(ExactRank.FIELD, m, n, a, paths.size(), b);
        List<long[]> out = new ArrayList<>();
        for (int p = 0; p < paths.size() && x.isPresent(); p++) {
            long[] row = new long[n];
            for (int s = 0; s < n; s++) {
                row[s] = lifted(x.get()[s * paths.size() + p]);
            }
            if (isCombination(row, paths.get(p))) {
                out.add(row);
            }
        }
        return out.size() == paths.size() ? Optional.of(out) : Optional.empty();
    }

    /** Whether a path is the sum of the basis paths times whole coefficients, in whole numbers. */
    private boolean isCombination(long[] coefficients, long[] path) {
        for (int e = 0; e < path.length; e++) {
            long sum = 0;
            for (int s = 0; s < coefficients.length; s++) {
                sum = Math.addExact(sum, Math.multiplyExact(coefficients[s], vectors.get(s)[e]));
            }
            if (sum != path[e]) {
                return false;
            }
        }
        return true;
    }

    /** Of the whole numbers with a residue the one next to 0. */
    private static long lifted(double residue) {
        return (long) residue > ExactRank.FIELD.p() / 2 ? (long) residue - ExactRank.FIELD.p() : (long) residue;
    }

    private static Map<String, Tensor> ones(NetworkInstance i) {
        Map<String, Tensor> ones = new LinkedHashMap<>();
        for (Expr p : i.network().parameters()) {
            Shape shape = p.shape();
            double[] data = new double[shape.elements()];
            Arrays.fill(data, 1);
            ones.put(Network.nameOf(p), Tensor.of(shape, DType.F64, data));
        }
        return ones;
    }

    /** All parameters one after the other, whole numbers. */
    private static long[] flat(NetworkInstance i, Map<String, ExactValues> values) {
        return i.network().parameters().stream()
                .flatMap(p -> Arrays.stream(
                        ExactNumbers.get(values, Network.nameOf(p)).numbers()))
                .mapToLong(BasisPaths::whole)
                .toArray();
    }

    private static long whole(BigFraction x) {
        if (!x.getDenominator().equals(BigInteger.ONE)) {
            throw new IllegalStateException("an exponent of a basis path is " + x);
        }
        return x.getNumerator().longValueExact();
    }
}
