package org.quotient.optimizers.zoo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Update;

/**
 * PBWN, projection based weight normalisation (Huang, Liu, Lang and Li 2017): a plain step, then w ← w/‖w‖ for every row of the
 * weights that enter hidden units, after every T steps. It is {@link UnitNormDescent} with the rate η/(1 − η g·w).
 *
 * <p>Nothing is done about it in the next layer: the projection keeps the function only where a normalisation follows. Rows are
 * those of tensors, as published, also where units are pooled and share a scale. Biases, gains and the weights that enter the
 * outputs take plain steps; a row of zeros stays as it is.
 *
 * <p>With {@code slice}, which is our addition, training begins at the representative of unit norms, and rows that cannot have
 * unit norm there (pooled units together have norm 1; a second layer that writes into a residual stream has whatever it has) are
 * projected once, which changes the function. The law is then: invariant, since the start does not depend on the
 * representative. Without, the first step is taken from the weights given, and no law holds.
 *
 * @param every T, at least 1
 * @param slice whether to begin at the representative of unit norms
 */
public record ProjectionBasedWeightNormalisation(int every, boolean slice) implements Update {

    /** Checks the period. */
    public ProjectionBasedWeightNormalisation {
        if (every < 1) {
            throw new IllegalArgumentException("Rows are projected every 1 or more steps; given " + every);
        }
    }

    @Override
    public String name() {
        return "pbwn";
    }

    @Override
    public Law law() {
        return slice ? Law.INVARIANT : Law.NONE;
    }

    @Override
    public Optional<Initialisation> initialisation() {
        return slice ? Optional.of(ProjectionBasedWeightNormalisation::projected) : Optional.empty();
    }

    @Override
    public Weights start(Problem problem, Weights weights) {
        return slice ? unitNorms(problem, weights) : weights;
    }

    private static Weights unitNorms(Problem problem, Weights weights) {
        return UnitSection.of(problem, "PBWN from unit norms").strict(weights, "PBWN from unit norms");
    }

    private static Weights projected(Problem problem, Weights weights) {
        Weights unit = unitNorms(problem, weights);
        Edges edges = Edges.of(problem, "PBWN");
        Map<String, Tensor> all = new LinkedHashMap<>(unit.asMap());
        problem.theta().values().forEach((name, w) -> {
            if (constrained(edges, name)) {
                Expr row = projected(edges, name, Expr.constant(unit.get(name)));
                all.put(name, Evaluator.evaluate(List.of(row), Map.of(), 1).getFirst());
            }
        });
        return Weights.of(all);
    }

    private static boolean constrained(Edges edges, String name) {
        return !edges.isVector(name) && edges.heads(name) != Edges.Attached.NONE;
    }

    private static Expr projected(Edges edges, String name, Expr w) {
        return w.times(edges.overRows(name, inverse(Ops.sqrt(edges.rowSums(name, w.times(w))))));
    }

    @Override
    public Step step(Point at, Memory memory) {
        Edges edges = Edges.of(at.problem(), "PBWN");
        ParameterVector moved = at.theta().minus(at.differential().times(at.learningRate()));
        Expr now = every == 1 ? Ops.scalar(1, at.dtype()) : at.perStep(t -> t % every == 0 ? 1 : 0);
        Expr later = Ops.fullLike(now, 1).minus(now);
        return Step.to(moved.mapNamed((name, w) -> {
            if (!constrained(edges, name)) {
                return w;
            }
            Expr unit = projected(edges, name, w);
            return every == 1 ? unit : unit.times(now).plus(w.times(later));
        }));
    }

    /** 1/x, and 1 where x is 0. */
    private static Expr inverse(Expr x) {
        Expr one = Ops.fullLike(x, 1);
        return one.over(x.plus(one.minus(Ops.step(x))));
    }
}
