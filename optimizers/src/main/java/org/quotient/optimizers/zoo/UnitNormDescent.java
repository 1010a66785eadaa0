package org.quotient.optimizers.zoo;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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
        Factors factors = factors(at, result.vector(), edges.incidence(), owned.keySet());
        Expr down = at.learningRate().neg();
        ParameterVector next = at.theta().mapNamed((name, w) -> {
            Expr s = result.vector().get(name);
            Set<Integer> mine = owned.get(name);
            if (mine == null) {
                return w.plus(s.times(down));
            }
            Incidence incidence = edges.incidence();
            if (edges.heads(name) == Edges.Attached.ALL && mine.containsAll(edges.generators(name, 1))) {
                return incidence
                        .timesHead(name, w, factors.keep)
                        .plus(incidence.timesHead(name, s, factors.shrink.times(down)));
            }
            return incidence
                    .timesHead(name, w, only(edges, mine, factors.keep))
                    .plus(incidence.timesHead(name, s.times(down), only(edges, mine, factors.shrink)));
        });
        return new Step(next, result.state());
    }

    /** Per class: w ← keep·w − η·shrink·S. */
    private record Factors(Expr keep, Expr shrink) {}

    /**
     * With a = S·w, n = ‖w‖² and q = ‖S‖², w − ηξ = (1 + ηa)w − ηS, whose squared norm is n + η²(q − a²) + (n − 1)(2ηa + η²a²). Written
     * so, rounding in n, which is 1, is not magnified.
     */
    private static Factors factors(Point at, ParameterVector vector, Incidence incidence, Set<String> owners) {
        Map<String, Expr> products = new HashMap<>();
        Map<String, Expr> norms = new HashMap<>();
        Map<String, Expr> lengths = new HashMap<>();
        for (String name : owners) {
            Expr w = at.theta().get(name);
            Expr s = vector.get(name);
            products.put(name, w.times(s));
            norms.put(name, w.times(w));
            lengths.put(name, s.times(s));
        }
        Expr eta = at.learningRate();
        Expr a = incidence.incoming(products, at.dtype());
        Expr n = incidence.incoming(norms, at.dtype());
        Expr q = incidence.incoming(lengths, at.dtype());
        Expr along = a.times(eta);
        Expr across = Ops.max(q.minus(a.times(a)), Ops.fullLike(a, 0)).times(eta.times(eta));
        Expr square = n.plus(across).plus(n.plus(-1).times(along.times(along.plus(2))));
        Expr shrink = Ops.fullLike(a, 1).over(Ops.sqrt(square));
        return new Factors(along.plus(1).times(shrink), shrink);
    }

    private static Expr only(Edges edges, Set<Integer> mine, Expr numbers) {
        Expr mask = edges.indicator(mine);
        return numbers.times(mask).plus(Ops.fullLike(mask, 1).minus(mask));
    }
}
