package org.quotient.optimizers.zoo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.Incidence;
import org.quotient.geometry.ScaleLaw;
import org.quotient.optimizers.Problem;

/** How whole parameters attach to generators, and what a row of one is: read off the scale laws, without a look at elements. */
final class Edges {
    private final Problem problem;
    private final Map<String, ScaleLaw> laws = new LinkedHashMap<>();
    private final Map<String, Expr> parameters = new LinkedHashMap<>();

    /** How many elements of a parameter have an end at a generator. */
    enum Attached {
        /** All of them. */
        ALL,
        /** Some, others end at the ground. */
        SOME,
        /** None: all end at the ground, which no rescaling moves. */
        NONE
    }

    private Edges(Problem problem) {
        this.problem = problem;
        List<Expr> all = problem.network().parameters();
        for (int p = 0; p < all.size(); p++) {
            laws.put(Network.nameOf(all.get(p)), problem.group().scaleLaw(p));
            parameters.put(Network.nameOf(all.get(p)), all.get(p));
        }
    }

    /**
     * The edges of a problem.
     *
     * @param what the method that needs them, for the message
     * @throws IllegalArgumentException if a parameter does not scale like an edge
     */
    static Edges of(Problem problem, String what) {
        problem.incidence().requireEdges(what);
        return new Edges(problem);
    }

    Incidence incidence() {
        return problem.incidence();
    }

    Problem problem() {
        return problem;
    }

    private ScaleLaw law(String name) {
        return java.util.Objects.requireNonNull(laws.get(name));
    }

    /** Whether a parameter is a vector, such as biases and the gains of a normalisation. */
    boolean isVector(String name) {
        return java.util.Objects.requireNonNull(parameters.get(name)).shape().rank() <= 1;
    }

    /** Whether the elements of a parameter enter generators. */
    Attached heads(String name) {
        for (ScaleLaw.Factor factor : law(name).factors()) {
            long some =
                    factor.rows().stream().filter(row -> generator(row, 1) >= 0).count();
            if (some > 0) {
                return some == factor.rows().size() ? Attached.ALL : Attached.SOME;
            }
        }
        return Attached.NONE;
    }

    private static int generator(ScaleLaw.Row row, int sign) {
        for (int i = 0; i < row.generators().length; i++) {
            if (Long.signum(row.coefficients()[i]) == sign) {
                return row.generators()[i];
            }
        }
        return -1;
    }

    /** The generators that elements of a parameter enter (sign 1) or leave (sign −1), in order. */
    Set<Integer> generators(String name, int sign) {
        Set<Integer> all = new LinkedHashSet<>();
        for (ScaleLaw.Factor factor : law(name).factors()) {
            factor.rows().stream()
                    .map(row -> generator(row, sign))
                    .filter(g -> g >= 0)
                    .forEach(all::add);
        }
        return all;
    }

    /** Pairs (tail, head) of generators that an element of the parameter joins; both may be the same. */
    List<int[]> joined(String name) {
        List<int[]> pairs = new ArrayList<>();
        for (ScaleLaw.Factor factor : law(name).factors()) {
            factor.rows().stream()
                    .map(row -> new int[] {generator(row, -1), generator(row, 1)})
                    .filter(pair -> pair[0] >= 0 && pair[1] >= 0)
                    .forEach(pairs::add);
        }
        if (pairs.isEmpty()) {
            for (int tail : generators(name, -1)) {
                for (int head : generators(name, 1)) {
                    pairs.add(new int[] {tail, head});
                }
            }
        }
        return pairs;
    }

    /** 1 for elements that enter a generator, 0 for the others, to be broadcast to the parameter's shape. */
    Expr headMask(String name) {
        return incidence()
                .atHead(name, numbers(1), 0)
                .orElseGet(() -> Ops.fullLike(problem.theta().get(name), 0));
    }

    /** [k], the same number for all generators. */
    Expr numbers(double value) {
        return Ops.broadcastTo(
                Ops.scalar(value, problem.dtype()), Shape.of(incidence().generators()));
    }

    /** [k], 1 for the generators of a set and 0 for the others. */
    Expr indicator(Set<Integer> generators) {
        double[] mask = new double[incidence().generators()];
        generators.forEach(g -> mask[g] = 1);
        return Expr.constant(Tensor.of(Shape.of(mask.length), problem.dtype(), mask));
    }

    /**
     * The axis that counts the rows of a weight, the filters of a convolution: the one along which the units that it enters differ;
     * where it enters the ground, the first along which the units that it leaves do not.
     */
    int rowAxis(String name) {
        int[] heads = varying(name, 1);
        if (heads.length == 1) {
            return heads[0];
        }
        int[] tails = varying(name, -1);
        int axis = 0;
        while (Arrays.binarySearch(tails, axis) >= 0) {
            axis++;
        }
        return axis < law(name).sizes().size() ? axis : 0;
    }

    private int[] varying(String name, int sign) {
        return law(name).factors().stream()
                .filter(f -> f.rows().stream().anyMatch(row -> generator(row, sign) >= 0))
                .flatMapToInt(
                        f -> java.util.stream.IntStream.range(0, f.extents().size())
                                .filter(a -> f.extents().get(a) > 1))
                .distinct()
                .sorted()
                .toArray();
    }

    /** Sums over each row of a weight: a vector along its {@link #rowAxis}. */
    Expr rowSums(String name, Expr value) {
        int row = rowAxis(name);
        int[] others = java.util.stream.IntStream.range(0, value.shape().rank())
                .filter(a -> a != row)
                .toArray();
        return others.length == 0 ? value : value.sum(others);
    }

    /** A number per row of a weight, spread over its elements. */
    Expr overRows(String name, Expr vector) {
        Shape shape = java.util.Objects.requireNonNull(parameters.get(name)).shape();
        return Expr.of(new Op.Broadcast(shape, List.of(rowAxis(name))), vector);
    }
}
