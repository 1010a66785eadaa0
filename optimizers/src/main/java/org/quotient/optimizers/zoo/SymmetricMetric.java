package org.quotient.optimizers.zoo;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.optimizers.Composition;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Metric;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Retraction;
import org.quotient.optimizers.Subgroup;
import org.quotient.optimizers.Update;
import org.quotient.optimizers.Updates;

/**
 * SM, the scaled metric of Badrinarayanan, Mishra and Cipolla 2015: ds² = Σ_i ‖dw_i‖²/‖w_i‖² + Σ_j ‖dθ_:j‖²/‖θ_:j‖², w_i the rows of
 * the hidden weights and θ_:j the columns of the last ones, so
 * w_i ← w_i − η‖w_i‖²g_i and θ_:j ← θ_:j − η‖θ_:j‖²g_:j.
 *
 * <p>Here a row is what one parameter has for a class of units (a filter, the filters of a pool group) together with the class's
 * biases, which the publication leaves out and which take the factor of all that enters their class; gains and shifts of a
 * normalisation are such vectors, with the factor γ² + β². What leaves a class for the ground (outputs, and units that a
 * normalisation pins) has the column's factor, what runs from ground to ground the factor 1.
 *
 * <p>It commutes with every rescaling of a network with one hidden layer. In deeper ones Σ_u w_uv²·λ_v²/λ_u² is a multiple of
 * Σ_u w_uv² only for equal λ_u: scales of the last hidden units, one scale per layer if there are no biases, and scales before a
 * normalisation remain. {@link #deep} is the equivariant form.
 */
public enum SymmetricMetric implements Metric {
    /** As published. */
    SM(Law.under(Subgroup.LAST_HIDDEN, Subgroup.NORMALISED, Subgroup.LAYER_UNIFORM_WITHOUT_BIASES)),

    /** Rows everywhere, also of the last weights; biases of outputs plainly. */
    ROWS(Law.under(Subgroup.NORMALISED, Subgroup.LAYER_UNIFORM_WITHOUT_BIASES));

    private final Law law;

    SymmetricMetric(Law law) {
        this.law = law;
    }

    /**
     * SM as published, with momentum kept in tangent vectors if one is given.
     *
     * <p>Example: f = u·relu(w·x), ½f², at w = (3, 4), u = 2, x = (1, 0) with η = 0.001 goes to (2.7, 4 | 1.928) and from
     * (30, 40 | 0.2) to (27, 40 | 0.1928): the same function.
     *
     * @param direction from gradients to steps, the identity for none
     */
    public static Update published(Direction direction) {
        return Composition.of("sm", SM, direction, Retraction.euclidean());
    }

    /** Rows everywhere, see {@link #ROWS}. */
    public static Update rows(Direction direction) {
        return Composition.of("sm", ROWS, direction, Retraction.euclidean());
    }

    /**
     * The equivariant form for any depth: P = (s_v/s_u)² with the forward scales s of {@link org.quotient.geometry.Frame}, which is
     * the row's factor where s_u = 1. Law: invariant. It is the metric of {@code frame-sgd}; momentum is kept in the frame.
     */
    public static Update deep(Direction direction) {
        return Updates.frame("sm", direction, 0);
    }

    @Override
    public ParameterVector gradient(ParameterVector differential, Point at, Memory memory) {
        Edges edges = Edges.of(at.problem(), "SM");
        ParameterVector squares = at.theta().map(w -> w.times(w));
        Map<String, Expr> vectors = new LinkedHashMap<>();
        Map<String, Expr> last = new LinkedHashMap<>();
        squares.values().forEach((name, square) -> {
            Edges.Attached heads = edges.heads(name);
            if (edges.isVector(name)) {
                vectors.put(name, square);
            }
            if (heads == Edges.Attached.NONE) {
                last.put(name, square);
            } else if (heads == Edges.Attached.SOME) {
                last.put(name, square.times(complement(edges.headMask(name))));
            }
        });
        Expr biases = edges.incidence().incoming(vectors, at.dtype());
        Expr all = edges.incidence().incoming(squares.values(), at.dtype());
        Expr columns = edges.incidence().outgoing(last, at.dtype());
        return differential.mapNamed((name, g) -> {
            Edges.Attached heads = edges.heads(name);
            Expr ground = heads == Edges.Attached.ALL ? g : g.times(last(edges, name, squares.get(name), columns));
            if (heads == Edges.Attached.NONE) {
                return ground;
            }
            Expr rows = edges.isVector(name)
                    ? all
                    : edges.incidence()
                            .incoming(Map.of(name, squares.get(name)), at.dtype())
                            .plus(biases);
            Expr hidden = g.times(edges.incidence().atHead(name, rows, 0).orElseThrow());
            return heads == Edges.Attached.ALL ? hidden : hidden.plus(ground.times(complement(edges.headMask(name))));
        });
    }

    /** The factor of what enters the ground. */
    private Expr last(Edges edges, String name, Expr square, Expr columns) {
        return switch (this) {
            case SM -> edges.incidence().atTail(name, columns, 1).orElseGet(() -> Ops.fullLike(square, 1));
            case ROWS ->
                edges.isVector(name) ? Ops.fullLike(square, 1) : edges.overRows(name, edges.rowSums(name, square));
        };
    }

    private static Expr complement(Expr mask) {
        return Ops.fullLike(mask, 1).minus(mask);
    }

    @Override
    public Law law() {
        return law;
    }
}
