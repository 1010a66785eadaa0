package org.quotient.optimizers.zoo;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Incidence;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Layout;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Update;

/**
 * UN, descent on the weights of unit norm (Badrinarayanan, Mishra and Cipolla 2015): training begins at the representative whose
 * incoming weights have norm 1 in every class of units, and a step is ξ = g − (g·w)w, w ← (w − ηξ)/‖w − ηξ‖ for those
 * weights, the Riemannian gradient and the metric projection of the sphere; all other parameters take θ ← θ − ηg.
 *
 * <p>A class is a unit, a channel, or what else shares one scale: of pooled units all weights together have norm 1, since a norm for
 * each would take functions away. Biases are not in the norm. Where several layers write into one class, as into a residual
 * stream, only the first is constrained. Before a normalisation a step has exactly the direction that {@link SymmetricMetric} has.
 * A gain γ is the only weight that enters its class, so it stays at ±1 while its shift β and the next weights do what it did: the
 * class loses its scale and nothing else, except that γ cannot change its sign; γ = 0 is an error.
 *
 * <p>Law: invariant, since the start does not depend on the representative; by powers of two, bit for bit.
 *
 * @param direction from differentials to what is projected, the identity in the publication
 */
public record UnitNormDescent(Direction direction) implements Update {

    /** UN as published. */
    public static Update of() {
        return new UnitNormDescent(Direction.chain());
    }

    @Override
    public String name() {
        return "un";
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }

    /**
     * The representative of unit norms.
     *
     * @throws IllegalArgumentException that names a class whose weights are all zero
     */
    @Override
    public Weights start(Problem problem, Weights weights) {
        return UnitSection.of(problem, "UN").strict(weights, "UN");
    }

    @Override
    public State init(Problem problem, Weights weights) {
        return direction.init(Layout.parameters(problem, -1));
    }

    @Override
    public Step step(Point at, Memory memory) {
        Direction.Result result = direction.update(at.differential(), memory, at);
        Edges edges = Edges.of(at.problem(), "UN");
        UnitSection section = UnitSection.of(at.problem(), "UN");
        Map<String, Set<Integer>> owned = new LinkedHashMap<>();
        at.theta().names().forEach(name -> {
            Set<Integer> classes = section.owned(name);
            if (!classes.isEmpty()) {
                owned.put(name, classes);
            }
        });
        Incidence incidence = edges.incidence();
        Expr eta = at.learningRate();
        Map<String, Expr> products = new HashMap<>();
        owned.keySet()
                .forEach(name -> products.put(
                        name, at.theta().get(name).times(result.vector().get(name))));
        // w − ηξ = κw − ηS with κ = 1 + η S·w: the direction of ±(w − (η/κ)S), where the smaller vectors are
        // multiplied.
        Expr kept =
                awayFromZero(incidence.incoming(products, at.dtype()).times(eta).plus(1));
        Expr shares = Ops.fullLike(kept, 1).over(kept);
        Map<String, Expr> moved = new HashMap<>();
        Map<String, Expr> squares = new HashMap<>();
        at.theta().names().forEach(name -> {
            Expr w = at.theta().get(name);
            Set<Integer> mine = owned.get(name);
            Expr g = result.vector().get(name);
            Expr along = mine == null ? g : incidence.timesHead(name, g, only(edges, name, mine, shares));
            Expr next = w.minus(along.times(eta));
            moved.put(name, next);
            if (mine != null) {
                squares.put(name, next.times(next));
            }
        });
        Set<Integer> all = new HashSet<>();
        owned.values().forEach(all::addAll);
        Expr sums = incidence.incoming(squares, at.dtype());
        Expr norms = Ops.sqrt(all.size() == incidence.generators() ? sums : onesBut(edges, all, sums));
        Expr inverse = Ops.sign(kept).over(norms);
        ParameterVector next = at.theta().mapNamed((name, w) -> {
            Set<Integer> mine = owned.get(name);
            Expr there = java.util.Objects.requireNonNull(moved.get(name));
            return mine == null ? there : incidence.timesHead(name, there, only(edges, name, mine, inverse));
        });
        return new Step(next, result.state());
    }

    /** x, or what rounding takes for 0 anyway. */
    private static Expr awayFromZero(Expr x) {
        Expr least = Ops.fullLike(x, x.dtype() == DType.F64 ? 0x1p-46 : 0x1p-20);
        return x.plus(least.times(Ops.step(least.minus(Ops.abs(x)))));
    }

    /** Numbers for the classes whose norm is that of a parameter's elements, 1 for others that they enter. */
    private static Expr only(Edges edges, String name, Set<Integer> mine, Expr numbers) {
        if (edges.heads(name) == Edges.Attached.ALL && mine.containsAll(edges.generators(name, 1))) {
            return numbers;
        }
        return onesBut(edges, mine, numbers);
    }

    private static Expr onesBut(Edges edges, Set<Integer> classes, Expr numbers) {
        Expr mask = edges.indicator(classes);
        return numbers.times(mask).plus(Ops.fullLike(mask, 1).minus(mask));
    }
}
