package org.quotient.geometry.laws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.RowSpace;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.rewrite.Rewriter;

/**
 * The dimension, at a random point, of the Lie algebra that vector fields generate.
 *
 * <p>Kept are fields that are independent at the point. All pairs of them are bracketed, [X, Y] = ∂Y·X − ∂X·Y, and a bracket
 * that is independent of the fields kept joins them, until none does. At a random point a field that depends on the others there is
 * near it a combination of them with functions as coefficients, Σ f_i X_i, and [Y, Σ f_i X_i] = Σ f_i [Y, X_i] + (Y f_i) X_i needs no
 * brackets but theirs. So what is kept spans the algebra at that point.
 *
 * <p>Modulo a prime and at any point the dimension found is at most the generic one over the rationals; it is less with a chance of
 * about the degree of a minor over the prime.
 */
final class LieClosure {
    private static final String TANGENT = "tangent ";

    /** So many members in a row that add nothing end the search for more. */
    private static final int PATIENCE = 3;

    private final VectorFields fields;
    private final Numbers.PrimeField field;
    private final RowSpace space;
    private final int dimension;
    private final Map<String, Tensor> given;
    private final List<Expr> tangents = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();

    /** A field, its value at the point, and its derivative along a tangent vector. */
    private record Kept(List<Expr> components, List<Tensor> value, List<Expr> derivative) {}

    private LieClosure(VectorFields fields, Numbers.PrimeField field) {
        this.fields = fields;
        this.field = field;
        this.dimension =
                fields.variables().stream().mapToInt(v -> v.shape().elements()).sum();
        this.space = new RowSpace(field, dimension);
        this.given = new LinkedHashMap<>(fields.point(field));
        for (Expr variable : fields.variables()) {
            tangents.add(Expr.input(TANGENT + Network.nameOf(variable), variable.dtype(), variable.shape()));
        }
    }

    /**
     * The dimension.
     *
     * @param fields generate the algebra
     * @param field the prime
     */
    static int dimension(VectorFields fields, Numbers.PrimeField field) {
        LieClosure closure = new LieClosure(fields, field);
        closure.generate();
        closure.close();
        return closure.kept.size();
    }

    private void generate() {
        for (List<Expr> components : fields.fixed()) {
            offer(components, evaluate(components, Map.of()));
        }
        int quiet = 0;
        for (int draw = 0; quiet < PATIENCE && kept.size() < dimension; draw++) {
            given.putAll(fields.values(draw, field));
            List<Expr> components = fields.member(draw);
            quiet = offer(components, evaluate(components, Map.of())) ? 0 : quiet + 1;
        }
    }

    private void close() {
        for (int k = 1; k < kept.size(); k++) {
            for (int i = 0; i < k && kept.size() < dimension; i++) {
                Kept x = kept.get(i);
                Kept y = kept.get(k);
                List<Tensor> forward = evaluate(y.derivative(), tangent(x.value()));
                List<Tensor> backward = evaluate(x.derivative(), tangent(y.value()));
                List<Tensor> value = difference(forward, backward);
                if (independent(value)) {
                    keep(bracket(x.components(), y.components()), value);
                }
            }
        }
    }

    private boolean offer(List<Expr> components, List<Tensor> value) {
        boolean more = independent(value);
        if (more) {
            keep(components, value);
        }
        return more;
    }

    private void keep(List<Expr> components, List<Tensor> value) {
        List<Expr> derivative = Rewriter.exact().apply(Differentiation.jvp(components, fields.variables(), tangents));
        kept.add(new Kept(components, value, derivative));
    }

    private boolean independent(List<Tensor> value) {
        double[] row = new double[dimension];
        int at = 0;
        for (Tensor part : value) {
            System.arraycopy(part.data(), 0, row, at, part.size());
            at += part.size();
        }
        int before = space.rank();
        space.add(row, 1);
        return space.rank() > before;
    }

    private List<Expr> bracket(List<Expr> x, List<Expr> y) {
        List<Expr> forward = Differentiation.jvp(y, fields.variables(), x);
        List<Expr> backward = Differentiation.jvp(x, fields.variables(), y);
        List<Expr> out = new ArrayList<>();
        for (int i = 0; i < forward.size(); i++) {
            out.add(forward.get(i).minus(backward.get(i)));
        }
        return Rewriter.exact().apply(out);
    }

    private List<Tensor> difference(List<Tensor> a, List<Tensor> b) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            double[] values = new double[a.get(i).size()];
            for (int j = 0; j < values.length; j++) {
                values[j] = field.settle(a.get(i).get(j) - b.get(i).get(j));
            }
            out.add(Tensor.of(a.get(i).shape(), values));
        }
        return out;
    }

    private Map<String, Tensor> tangent(List<Tensor> value) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (int i = 0; i < value.size(); i++) {
            out.put(Network.nameOf(tangents.get(i)), value.get(i));
        }
        return out;
    }

    private List<Tensor> evaluate(List<Expr> outputs, Map<String, Tensor> more) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (Expr node : Graph.topological(outputs)) {
            if (node.op() instanceof Op.Variable v) {
                Tensor value = more.getOrDefault(v.name(), given.get(v.name()));
                if (value != null) {
                    values.put(v.name(), value);
                }
            }
        }
        return Evaluator.evaluate(outputs, values, field);
    }
}
