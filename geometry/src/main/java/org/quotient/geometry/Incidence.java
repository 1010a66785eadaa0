package org.quotient.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.network.Network;

/**
 * The parameters as edges between the generators of the group, as expressions: sums over what enters or leaves each generator,
 * and numbers of generators spread over what enters or leaves them. An element whose row of B is z_v − z_u is an edge u → v; with
 * no u it begins, with no v it ends at the ground, which no rescaling moves.
 *
 * <p>Everything works on vectors of one number per generator and on parameters by structure, so that an update that is written
 * with it costs a few passes over the weights. An update of the weights that is written as
 * {@code timesHead(timesTail(..., x), y)} is fused into one pass.
 */
public final class Incidence {
    private final int generators;
    private final Map<String, List<Side>> heads;
    private final Map<String, List<Side>> tails;
    private final Map<String, String> irregular;

    /** How the elements of one parameter attach to generators at one end: a generator per block, or −1. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Side(int[] sizes, int[] extents, int[] generators) {
        /** Per place of z, whether anything attaches there. */
        boolean grounded() {
            return Arrays.stream(generators).anyMatch(g -> g < 0);
        }
    }

    private Incidence(
            int generators,
            Map<String, List<Side>> heads,
            Map<String, List<Side>> tails,
            Map<String, String> irregular) {
        this.generators = generators;
        this.heads = heads;
        this.tails = tails;
        this.irregular = irregular;
    }

    /** The edges of a group's network. */
    public static Incidence of(RescalingGroup group) {
        Map<String, List<Side>> heads = new LinkedHashMap<>();
        Map<String, List<Side>> tails = new LinkedHashMap<>();
        Map<String, String> irregular = new LinkedHashMap<>();
        List<Expr> parameters = group.network().parameters();
        for (int p = 0; p < parameters.size(); p++) {
            String name = Network.nameOf(parameters.get(p));
            ScaleLaw law = group.scaleLaw(p);
            List<Side> in = new ArrayList<>();
            List<Side> out = new ArrayList<>();
            for (ScaleLaw.Factor factor : law.factors()) {
                if (!factor.isZero()) {
                    side(law, factor, 1).ifPresent(in::add);
                    side(law, factor, -1).ifPresent(out::add);
                    factor.rows().stream()
                            .filter(row -> row.generators().length > 2
                                    || Arrays.stream(row.coefficients()).anyMatch(c -> Math.abs(c) != 1)
                                    || (row.generators().length == 2 && row.coefficients()[0] == row.coefficients()[1]))
                            .findFirst()
                            .ifPresent(row -> irregular.put(name, describe(row)));
                }
            }
            if (in.size() > 1 || out.size() > 1) {
                irregular.putIfAbsent(name, "a sum of " + Math.max(in.size(), out.size()) + " scales");
            }
            heads.put(name, in);
            tails.put(name, out);
        }
        return new Incidence(group.rank(), heads, tails, irregular);
    }

    private static String describe(ScaleLaw.Row row) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < row.generators().length; i++) {
            text.append(i == 0 ? "" : " ").append(row.coefficients()[i] > 0 ? "+" : "−");
            text.append(Math.abs(row.coefficients()[i]) == 1 ? "" : Math.abs(row.coefficients()[i]) + "·");
            text.append("z").append(row.generators()[i]);
        }
        return text.toString();
    }

    private static Optional<Side> side(ScaleLaw law, ScaleLaw.Factor factor, int sign) {
        int[] generators = new int[factor.rows().size()];
        Arrays.fill(generators, -1);
        boolean any = false;
        for (int i = 0; i < generators.length; i++) {
            ScaleLaw.Row row = factor.rows().get(i);
            for (int k = 0; k < row.generators().length; k++) {
                if (Long.signum(row.coefficients()[k]) == sign) {
                    generators[i] = row.generators()[k];
                    any = true;
                }
            }
        }
        int[] sizes = law.sizes().stream().mapToInt(Integer::intValue).toArray();
        int[] extents = factor.extents().stream().mapToInt(Integer::intValue).toArray();
        return any ? Optional.of(new Side(sizes, extents, generators)) : Optional.empty();
    }

    /** The number of generators k. */
    public int generators() {
        return generators;
    }

    /**
     * Parameters that are no edges, by name, each with a row of B that says so, such as one with exponent 2 or with three
     * generators; empty for networks without reuse of weights along a path and without products of activations.
     */
    public Map<String, String> irregular() {
        return Collections.unmodifiableMap(irregular);
    }

    /**
     * Refuses a network with parameters that are no edges.
     *
     * @param what the method that needs edges, for the message
     * @throws IllegalArgumentException that names one of them
     */
    public void requireEdges(String what) {
        irregular.entrySet().stream().findFirst().ifPresent(e -> {
            throw new IllegalArgumentException(
                    what + " needs parameters that scale like edges, by λ_v/λ_u; '" + e.getKey()
                            + "' has the log-scale " + e.getValue()
                            + " (a weight is reused along a path, or activations multiply). The log metric has no such condition");
        });
    }

    /** The generator that element i (row-major) of a parameter enters, −1 for the ground. */
    public int head(String parameter, int i) {
        return at(heads, parameter, i);
    }

    /** The generator that element i (row-major) of a parameter leaves, −1 for the ground. */
    public int tail(String parameter, int i) {
        return at(tails, parameter, i);
    }

    private static int at(Map<String, List<Side>> sides, String parameter, int i) {
        List<Side> all = sides.getOrDefault(parameter, List.of());
        if (all.isEmpty()) {
            return -1;
        }
        Side side = all.getFirst();
        int block = 0;
        int stride = 1;
        int rest = i;
        for (int axis = side.sizes.length - 1; axis >= 0; axis--) {
            int index = rest % side.sizes[axis];
            rest /= side.sizes[axis];
            if (side.extents[axis] > 1) {
                block += index * stride;
                stride *= side.extents[axis];
            }
        }
        return side.generators[block];
    }

    // ---- Sums per generator

    /**
     * Per generator the sum over what enters it.
     *
     * @param values per name of a parameter an expression of its shape; parameters that are not named count as 0
     * @param dtype of the result
     * @return [k]
     */
    public Expr incoming(Map<String, Expr> values, DType dtype) {
        return sums(heads, values, dtype);
    }

    /** Per generator the sum over what leaves it; see {@link #incoming}. */
    public Expr outgoing(Map<String, Expr> values, DType dtype) {
        return sums(tails, values, dtype);
    }

    private Expr sums(Map<String, List<Side>> sides, Map<String, Expr> values, DType dtype) {
        Expr total = null;
        for (Map.Entry<String, Expr> entry : values.entrySet()) {
            for (Side side : sides.getOrDefault(entry.getKey(), List.of())) {
                Expr part = placed(side, entry.getValue());
                total = total == null ? part : total.plus(part);
            }
        }
        return total == null ? Ops.broadcastTo(Ops.scalar(0, dtype), Shape.of(generators)) : total;
    }

    private Expr placed(Side side, Expr value) {
        int[] axes = java.util.stream.IntStream.range(0, side.sizes.length)
                .filter(a -> side.extents[a] == 1)
                .toArray();
        Expr flat = (axes.length == 0 ? value : value.sum(axes)).reshape(side.generators.length);
        int[] generator = side.generators;
        Run run = Run.of(generator);
        if (run.regular) {
            Expr summed =
                    run.repeat == 1 ? flat : flat.reshape(run.count, run.repeat).sum(1);
            return run.count == generators
                    ? summed
                    : Ops.pad(summed, List.of(run.start), List.of(generators - run.start - run.count));
        }
        int[] places = Arrays.stream(generator).map(g -> g < 0 ? generators : g).toArray();
        Expr scattered = Expr.of(new Op.Scatter(0, Arrays.stream(places).boxed().toList(), generators + 1), flat);
        return Ops.slice(scattered, 0, 0, generators);
    }

    /** Consecutive generators start, start + 1, ..., each repeated as often: what layers look like. */
    private record Run(boolean regular, int start, int count, int repeat) {
        static Run of(int[] generators) {
            int repeat = 1;
            while (repeat < generators.length && generators[repeat] == generators[0]) {
                repeat++;
            }
            boolean regular = generators.length > 0 && generators[0] >= 0 && generators.length % repeat == 0;
            for (int i = 0; regular && i < generators.length; i++) {
                regular = generators[i] == generators[0] + i / repeat;
            }
            return new Run(regular, regular ? generators[0] : 0, regular ? generators.length / repeat : 0, repeat);
        }
    }

    // ---- Numbers of generators spread over elements

    /**
     * Multiplies every element by the number of the generator that it enters; elements that enter the ground are kept.
     *
     * @param parameter its name
     * @param value of its shape
     * @param numbers [k]
     */
    public Expr timesHead(String parameter, Expr value, Expr numbers) {
        return times(heads, parameter, value, numbers);
    }

    /** Multiplies every element by the number of the generator that it leaves; see {@link #timesHead}. */
    public Expr timesTail(String parameter, Expr value, Expr numbers) {
        return times(tails, parameter, value, numbers);
    }

    private Expr times(Map<String, List<Side>> sides, String parameter, Expr value, Expr numbers) {
        Expr out = value;
        for (Side side : sides.getOrDefault(parameter, List.of())) {
            out = out.times(spread(side, numbers, 1));
        }
        return out;
    }

    /**
     * The number of the generator that each element enters.
     *
     * @param parameter its name
     * @param numbers [k]
     * @param ground what elements get that enter none
     * @return of the parameter's shape, empty if no element enters a generator
     */
    public Optional<Expr> atHead(String parameter, Expr numbers, double ground) {
        return heads.getOrDefault(parameter, List.of()).stream().findFirst().map(side -> spread(side, numbers, ground));
    }

    /** The number of the generator that each element leaves; see {@link #atHead}. */
    public Optional<Expr> atTail(String parameter, Expr numbers, double ground) {
        return tails.getOrDefault(parameter, List.of()).stream().findFirst().map(side -> spread(side, numbers, ground));
    }

    private Expr spread(Side side, Expr numbers, double ground) {
        Run run = Run.of(side.generators);
        Expr vector;
        if (run.regular) {
            Expr part = run.count == generators ? numbers : Ops.slice(numbers, 0, run.start, run.start + run.count);
            vector = run.repeat == 1
                    ? part
                    : Expr.of(new Op.Broadcast(Shape.of(run.count, run.repeat), List.of(0)), part)
                            .reshape(side.generators.length);
        } else if (side.grounded()) {
            Expr one = Ops.broadcastTo(Ops.scalar(ground, numbers.dtype()), Shape.of(1));
            int[] places = Arrays.stream(side.generators)
                    .map(g -> g < 0 ? generators : g)
                    .toArray();
            vector = Ops.gather(Ops.concat(0, List.of(numbers, one)), 0, places);
        } else {
            vector = Ops.gather(numbers, 0, side.generators);
        }
        List<Integer> kept = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int a = 0; a < side.sizes.length; a++) {
            if (side.extents[a] > 1 || side.sizes[a] == 1) {
                kept.add(a);
                sizes.add(side.sizes[a]);
            }
        }
        Expr shaped = vector.reshape(sizes.stream().mapToInt(Integer::intValue).toArray());
        return Expr.of(new Op.Broadcast(Shape.of(side.sizes), kept), shaped);
    }
}
