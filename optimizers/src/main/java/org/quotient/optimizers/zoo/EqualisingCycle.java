package org.quotient.optimizers.zoo;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.Incidence;
import org.quotient.geometry.ScaleLaw;
import org.quotient.geometry.criteria.UnitNorm;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Problem;

/**
 * The visits of equi-normalisation as expressions: only the scales of classes are computed one after the other, from norms of the
 * weights as they were before the cycle; the weights themselves are multiplied once.
 */
final class EqualisingCycle {
    private static final int MOST_BLOCKS = 256;

    private final Edges edges;
    private final double p;
    private final double asymmetry;
    private final List<Set<Integer>> blocks;

    private EqualisingCycle(Edges edges, double p, double asymmetry, List<Set<Integer>> blocks) {
        this.edges = edges;
        this.p = p;
        this.asymmetry = asymmetry;
        this.blocks = blocks;
    }

    static EqualisingCycle of(Problem problem, double p, double asymmetry) {
        Edges edges = Edges.of(problem, "ENorm in each step");
        List<Set<Integer>> blocks = blocks(edges);
        if (blocks.size() > MOST_BLOCKS) {
            throw new IllegalArgumentException(
                    "ENorm in each step visits units that are joined to each other one by one;"
                            + " this network has " + blocks.size() + " such visits, at most " + MOST_BLOCKS
                            + " are compiled. Use 'enorm(every=1,sweeps=1)+sgd', which does the same outside of the step");
        }
        return new EqualisingCycle(edges, p, asymmetry, blocks);
    }

    /** Classes in forward order, together where none is joined to another: visiting those at once is visiting them in a row. */
    private static List<Set<Integer>> blocks(Edges edges) {
        int k = edges.incidence().generators();
        Map<Integer, BitSet> neighbours = new HashMap<>();
        Set<Integer> entered = new LinkedHashSet<>();
        Set<Integer> left = new HashSet<>();
        Set<String> names = new LinkedHashSet<>(UnitNorm.writers(edges.problem().group()));
        names.addAll(edges.problem().theta().names());
        for (String name : names) {
            entered.addAll(edges.generators(name, 1));
            left.addAll(edges.generators(name, -1));
            for (int[] pair : edges.joined(name)) {
                neighbours.computeIfAbsent(pair[0], g -> new BitSet(k)).set(pair[1]);
                neighbours.computeIfAbsent(pair[1], g -> new BitSet(k)).set(pair[0]);
            }
        }
        for (ScaleLaw.Row row : edges.problem().group().removedScales()) {
            for (int g : row.generators()) {
                left.remove(g);
            }
        }
        List<Set<Integer>> blocks = new ArrayList<>();
        BitSet around = new BitSet(k);
        Set<Integer> block = new LinkedHashSet<>();
        for (int g : entered) {
            if (!left.contains(g)) {
                continue;
            }
            if (around.get(g)) {
                blocks.add(block);
                block = new LinkedHashSet<>();
                around = new BitSet(k);
            }
            block.add(g);
            around.or(neighbours.getOrDefault(g, new BitSet()));
        }
        if (!block.isEmpty()) {
            blocks.add(block);
        }
        return blocks;
    }

    /**
     * The scales λ that some cycles lead to.
     *
     * @param theta the weights
     * @param cycles at least 1
     * @return [k]; 1 for classes with no weights but zeros on one side, and for those that a normalisation reads
     */
    Expr scales(ParameterVector theta, int cycles) {
        ParameterVector energies = theta.mapNamed(this::energy);
        Expr scales = null;
        Set<Integer> moved = new HashSet<>();
        for (int c = 0; c < cycles; c++) {
            for (Set<Integer> block : blocks) {
                Expr in = sum(energies, block, moved, scales, true);
                Expr out = sum(energies, block, moved, scales, false);
                Expr factor = factor(in, out, block);
                scales = scales == null ? factor : scales.times(factor);
                moved.addAll(block);
            }
        }
        return scales == null ? edges.numbers(1) : scales;
    }

    private Expr energy(String name, Expr w) {
        Expr magnitude = p == 2 ? w.times(w) : p == 1 ? Ops.abs(w) : power(Ops.abs(w), p);
        boolean loops = edges.joined(name).stream().anyMatch(pair -> pair[0] == pair[1]);
        if (!loops) {
            return magnitude;
        }
        // What leaves a class and enters it again does not scale.
        double[] open = new double[w.shape().elements()];
        for (int i = 0; i < open.length; i++) {
            open[i] = edges.incidence().head(name, i) == edges.incidence().tail(name, i) ? 0 : 1;
        }
        return magnitude.times(Expr.constant(Tensor.of(w.shape(), w.dtype(), open)));
    }

    private static Expr power(Expr x, double exponent) {
        return Ops.pow(x, Ops.fullLike(x, exponent));
    }

    /** Per class the energy of what enters or leaves it, with the scales reached so far. */
    private Expr sum(
            ParameterVector energies,
            Set<Integer> block,
            Set<Integer> moved,
            @org.jspecify.annotations.Nullable Expr scales,
            boolean incoming) {
        Incidence incidence = edges.incidence();
        Map<String, Expr> parts = new LinkedHashMap<>();
        energies.values().forEach((name, energy) -> {
            Set<Integer> heads = edges.generators(name, 1);
            Set<Integer> tails = edges.generators(name, -1);
            if ((incoming ? heads : tails).stream().anyMatch(block::contains)) {
                Expr now = energy;
                if (scales != null) {
                    Expr powers = p == 2 ? scales.times(scales) : power(scales, p);
                    if (heads.stream().anyMatch(moved::contains)) {
                        now = incidence.timesHead(name, now, powers);
                    }
                    if (tails.stream().anyMatch(moved::contains)) {
                        now = incidence.timesTail(
                                name, now, Ops.fullLike(powers, 1).over(powers));
                    }
                }
                parts.put(name, now);
            }
        });
        return incoming
                ? incidence.incoming(
                        parts, energies.values().values().iterator().next().dtype())
                : incidence.outgoing(
                        parts, energies.values().values().iterator().next().dtype());
    }

    /** √(C/(cR)) from C^p and R^p, and 1 where a norm is 0 and out of the block. */
    private Expr factor(Expr in, Expr out, Set<Integer> block) {
        Expr visited = Ops.step(in).times(Ops.step(out)).times(edges.indicator(block));
        Expr rest = Ops.fullLike(visited, 1).minus(visited);
        Expr ratio = out.times(visited)
                .over(in.times(Math.pow(asymmetry, p)).times(visited).plus(rest))
                .plus(rest);
        return p == 2 ? Ops.sqrt(Ops.sqrt(ratio)) : p == 1 ? Ops.sqrt(ratio) : power(ratio, 1 / (2 * p));
    }

    /**
     * A vector moved along: every element multiplied by a power of its χ = λ_v/λ_u.
     *
     * @param scales λ, [k]
     * @param power 1 for points and displacements, −1 for differentials, −2 for their squares
     */
    ParameterVector moved(ParameterVector vector, Expr scales, int power) {
        return power == 0 ? vector : vector.mapNamed(mover(scales, power));
    }

    /**
     * The points that a step leads to, each parameter moved along last where a displacement was added to it: with one χ for all
     * elements of a row and column, χw ± d is χ(w ± d/χ), which a compiled step does in one pass.
     *
     * @param before the weights before the cycles
     * @param there the weights moved along
     * @param next what a step from there leads to
     * @param scales λ, [k]
     */
    ParameterVector movedLast(ParameterVector before, ParameterVector there, ParameterVector next, Expr scales) {
        BiFunction<String, Expr, Expr> forth = mover(scales, 1);
        BiFunction<String, Expr, Expr> back = mover(scales, -1);
        return next.mapNamed((name, x) -> {
            Expr from = there.get(name);
            boolean subtracted = x.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.SUB;
            boolean added = x.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.ADD;
            if (from == before.get(name) || !subtracted && !added || x.operand(0) != from) {
                return x;
            }
            Expr displacement = back.apply(name, x.operand(1));
            Expr w = before.get(name);
            return forth.apply(name, subtracted ? w.minus(displacement) : w.plus(displacement));
        });
    }

    private BiFunction<String, Expr, Expr> mover(Expr scales, int power) {
        Expr head = scales;
        for (int i = 1; i < Math.abs(power); i++) {
            head = head.times(scales);
        }
        Expr inverse = Ops.fullLike(head, 1).over(head);
        Expr up = power > 0 ? head : inverse;
        Expr down = power > 0 ? inverse : head;
        Incidence incidence = edges.incidence();
        return (name, x) -> incidence.timesHead(name, incidence.timesTail(name, x, down), up);
    }
}
