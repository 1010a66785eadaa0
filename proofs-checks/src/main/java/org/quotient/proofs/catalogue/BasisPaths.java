package org.quotient.proofs.catalogue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.LinearSystems;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.basis.GSpace;
import org.quotient.geometry.basis.Skeleton;
import org.quotient.geometry.basis.SkeletonSpace;
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
        Map<String, Tensor> support = ExactNumbers.evaluate(space.support(), ones(i));
        support.forEach((name, x) -> {
            for (int k = 0; k < x.size(); k++) {
                if (x.get(k) != 0) {
                    slots.add(new Slot(name, k));
                }
            }
        });
        Map<String, Expr> ones = ExactNumbers.constants(ones(i));
        for (Slot slot : slots) {
            Map<String, Tensor> unit = zeros();
            ExactNumbers.get(unit, slot.name()).data()[slot.index()] = 1;
            vectors.add(flat(i, ExactNumbers.evaluate(space.pullback(ones, ExactNumbers.constants(unit)), Map.of())));
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

    /** The numbers of the slots, in a tensor per name. */
    long[] read(Map<String, Tensor> values) {
        return slots.stream()
                .mapToLong(s -> (long) ExactNumbers.get(values, s.name()).get(s.index()))
                .toArray();
    }

    /** Zeros in the layout of the space. */
    Map<String, Tensor> zeros() {
        Map<String, Tensor> zeros = new LinkedHashMap<>();
        space.shapes().forEach((name, shape) -> zeros.put(name, Tensor.of(shape, new double[shape.elements()])));
        return zeros;
    }

    /**
     * How often each basis path occurs in given paths, negative numbers included, modulo the prime.
     *
     * @param paths exponents over all parameters
     * @return per path one number per slot
     */
    List<long[]> coordinates(List<long[]> paths) {
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
        double[] x = LinearSystems.solve(ExactRank.FIELD, m, n, a, paths.size(), b)
                .orElseThrow(() -> new IllegalStateException("a path is no combination of the basis paths"));
        List<long[]> out = new ArrayList<>();
        for (int p = 0; p < paths.size(); p++) {
            long[] row = new long[n];
            for (int s = 0; s < n; s++) {
                row[s] = (long) x[s * paths.size() + p];
            }
            out.add(row);
        }
        return out;
    }

    private static Map<String, Tensor> ones(NetworkInstance i) {
        Map<String, Tensor> ones = new LinkedHashMap<>();
        for (Expr p : i.network().parameters()) {
            Shape shape = p.shape();
            double[] data = new double[shape.elements()];
            java.util.Arrays.fill(data, 1);
            ones.put(Network.nameOf(p), Tensor.of(shape, DType.F64, data));
        }
        return ones;
    }

    /** All parameters one after the other; residues above half the prime are negative numbers. */
    static long[] flat(NetworkInstance i, Map<String, Tensor> values) {
        long[] out = new long[Math.toIntExact(i.network().parameterCount())];
        int next = 0;
        for (Expr p : i.network().parameters()) {
            for (double x : ExactNumbers.get(values, Network.nameOf(p)).data()) {
                out[next++] = x > ExactRank.FIELD.p() / 2.0 ? (long) x - ExactRank.FIELD.p() : (long) x;
            }
        }
        return out;
    }
}
