package org.quotient.optimizers.paths;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.Liveness;
import org.quotient.geometry.lifting.PathSum;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Problem;

/**
 * The network with weights |w|^p at an input of ones, as a part of the step: its value S = Σ_p Π_{e∈p}|w_e|^p and the slopes
 * ∂S/∂|w_e|^p = Σ_{p∋e} Π_{e′≠e}|w_e′|^p, one forward and one backward pass for one sample whatever the batch
 * (Neyshabur, Salakhutdinov and Srebro 2015, section 4). Elements that are not live count as 0.
 *
 * <p>S is the {@link PathSum} of the network as it runs in training: where a normalisation cuts the paths, sources begin with 1 and
 * what is normalised enters by its logarithm.
 */
final class SquaredNetwork {
    private final Problem problem;
    private final ParameterVector theta;
    private final double p;
    private final Liveness liveness;
    private final PathSum sum;

    private SquaredNetwork(Problem problem, ParameterVector theta, double p, BinaryOperator<Expr> through) {
        this.problem = problem;
        this.theta = theta;
        this.p = p;
        this.liveness = Liveness.of(problem.trained());
        this.sum = PathSum.within(liveness, p, problem.dtype(), through);
    }

    static SquaredNetwork of(Problem problem, ParameterVector theta, double p, BinaryOperator<Expr> through) {
        return new SquaredNetwork(problem, theta, p, through);
    }

    /** S. */
    PathSum sum() {
        return sum;
    }

    /**
     * What a slope of S, before the values of the edges are known, becomes.
     *
     * @param raw expressions of the edges
     * @param others values of further variables
     * @return simplified, at |θ|^p
     */
    List<Expr> at(List<Expr> raw, Map<Expr, Expr> others) {
        Map<Expr, Expr> values = new IdentityHashMap<>(others);
        int offset = 0;
        for (Expr edge : sum.edges()) {
            values.put(edge, value(theta.get(Network.nameOf(edge)), liveMask(offset, edge)));
            offset += edge.shape().elements();
        }
        return Graph.substitute(OuterProducts.rewriter().apply(raw), values);
    }

    /** |w|^p where the element is live, else 0. */
    private Expr value(Expr w, boolean[] live) {
        Expr power = switch (p == Math.rint(p) ? (int) Math.min(p, 3) : 3) {
            case 1 -> Ops.abs(w);
            case 2 -> w.times(w);
            default -> Ops.pow(Ops.abs(w), Ops.scalar(p, w.dtype()));
        };
        return live.length == 0 ? power : power.times(mask(w, live));
    }

    private static Expr mask(Expr like, boolean[] live) {
        double[] mask = new double[live.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = live[i] ? 1 : 0;
        }
        return Expr.constant(Tensor.of(like.shape(), like.dtype(), mask));
    }

    /** Per element whether it is live; empty if all are. */
    private boolean[] liveMask(int offset, Expr edge) {
        int size = edge.shape().elements();
        if (liveness.live().nextClearBit(offset) >= offset + size) {
            return new boolean[0];
        }
        boolean[] live = new boolean[size];
        for (int i = 0; i < size; i++) {
            live[i] = liveness.live().get(offset + i);
        }
        return live;
    }

    /**
     * Energies from the slopes of S: κ = S_e^(2/p), or what is given instead of S_e.
     *
     * @param slopes one per edge, raw
     * @param others values of further variables in them
     * @param added by name of a parameter what is added to its energies
     */
    Map<String, Energies> energies(List<Expr> slopes, Map<Expr, Expr> others, Map<String, Expr> added) {
        Set<Expr> used = new HashSet<>(Graph.variables(List.of(sum.total()), Op.Role.PARAMETER));
        List<Expr> raw = new ArrayList<>();
        for (Expr slope : slopes) {
            raw.addAll(factors(slope) ? slope.operands() : List.of(slope));
        }
        List<Expr> at = at(raw, others).stream().map(this::toQuadratic).toList();
        Map<String, Energies> out = new LinkedHashMap<>();
        int next = 0;
        int offset = 0;
        for (int k = 0; k < slopes.size(); k++) {
            Expr edge = sum.edges().get(k);
            String name = Network.nameOf(edge);
            Expr w = theta.get(name);
            Expr more = added.get(name);
            boolean[] live = liveMask(offset, edge);
            Energies energies;
            if (factors(slopes.get(k))) {
                energies = new Energies.Factors((Op.Einsum) slopes.get(k).op(), at.get(next), at.get(next + 1));
                next += 2;
            } else {
                energies = new Energies.Full(at.get(next));
                next++;
            }
            if (more != null) {
                energies = new Energies.Full(energies.value().plus(more));
            } else if (!used.contains(edge) && unmoved(k)) {
                energies = new Energies.Ones(w);
            }
            if (live.length > 0) {
                // Of idle elements, whose effect is removed downstream, derivatives would be rounding.
                energies = new Energies.Full(energies.value().times(mask(w, live)));
            }
            out.put(name, energies);
            offset += edge.shape().elements();
        }
        return out;
    }

    /** x^(2/p). */
    private Expr toQuadratic(Expr x) {
        return p == 2 ? x : p == 1 ? x.times(x) : Ops.pow(x, Ops.scalar(2 / p, x.dtype()));
    }

    /** ∂S/∂e for each edge, as Differentiation gives them. */
    List<Expr> slopes() {
        return Differentiation.gradient(sum.total(), sum.edges());
    }

    /** Whether a slope is an outer product. */
    private static boolean factors(Expr slope) {
        return slope.op() instanceof Op.Einsum e
                && Stream.of(slope.operand(0), slope.operand(1))
                        .noneMatch(x -> x.shape().isSymbolic())
                && summedAreSingle(e.left(), e.out(), slope.operand(0))
                && summedAreSingle(e.right(), e.out(), slope.operand(1));
    }

    private static boolean summedAreSingle(String letters, String out, Expr x) {
        for (int i = 0; i < letters.length(); i++) {
            if (out.indexOf(letters.charAt(i)) < 0 && x.shape().size(i) != 1) {
                return false;
            }
        }
        return true;
    }

    /** Whether no rescaling moves a parameter. */
    private boolean unmoved(int parameter) {
        return problem.group().scaleLaw(parameter).factors().stream().allMatch(f -> f.isZero());
    }
}
