package org.quotient.geometry.functional.jacobian;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.geometry.functional.pattern.ExactArithmetic;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.geometry.functional.pattern.Patterns;

/**
 * Proves over the rationals that no row of a small Jacobian lies outside the space of some of them: the null space of those rows is
 * found exactly, and all rows are multiplied by it. Together with a rank modulo a prime from below this makes the rank certain.
 */
public final class ExactRows {
    /** Elimination with whole numbers that grow is for small networks. */
    static final int MOST_COLUMNS = 80;

    static final int MOST_ROWS = 4_000;

    private final Subject subject;
    private final Patterns patterns;
    private final List<Expr> order;
    private final Map<String, Tensor> parameters;

    /**
     * Prepares the proof.
     *
     * @param subject the network at θ
     * @param patterns the points whose rows are meant
     */
    public ExactRows(Subject subject, Patterns patterns) {
        this.subject = subject;
        this.patterns = patterns;
        this.order = Graph.topological(subject.rows().gradients());
        this.parameters = subject.decider().parameters();
    }

    /** Whether the proof is affordable. */
    public static boolean affordable(Subject subject, Patterns patterns) {
        return subject.rows().columns() <= MOST_COLUMNS
                && (long) patterns.count() * subject.rows().rowsPerSample() <= MOST_ROWS;
    }

    /**
     * Whether the rank over Q is the number of pivot rows.
     *
     * @param pivots numbers of rows that are independent (modulo a prime, and so over Q)
     */
    public boolean rankIs(long[] pivots) {
        int perSample = subject.rows().rowsPerSample();
        List<BigInteger[]> chosen = new ArrayList<>();
        for (long pivot : pivots) {
            chosen.add(row((int) (pivot / perSample), (int) (pivot % perSample)));
        }
        List<BigInteger[]> kernel =
                WholeElimination.nullSpace(chosen, subject.rows().columns());
        for (int n = 0; n < patterns.count(); n++) {
            for (int d = 0; d < perSample; d++) {
                BigInteger[] row = row(n, d);
                if (kernel.stream().anyMatch(v -> WholeElimination.dot(row, v).signum() != 0)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** One row, times the least common denominator. */
    private BigInteger[] row(int point, int direction) {
        Map<String, Tensor> shared = subject.rows().cotangents(direction);
        List<BigFraction[]> inputs = patterns.points().exact(point);
        IdentityHashMap<Expr, ExactValues> values = new IdentityHashMap<>();
        for (Expr node : order) {
            if (node.op() instanceof Op.Variable v) {
                values.put(node, leaf(v, inputs, point, shared));
            } else {
                List<ExactValues> operands = node.operands().stream()
                        .map(o -> java.util.Objects.requireNonNull(values.get(o)))
                        .toList();
                values.put(node, ExactArithmetic.apply(node, operands));
            }
        }
        List<BigFraction> all = new ArrayList<>();
        for (Expr gradient : subject.rows().gradients()) {
            all.addAll(Arrays.asList(
                    java.util.Objects.requireNonNull(values.get(gradient)).numbers()));
        }
        return WholeElimination.whole(subject.rows().liveOnly(all));
    }

    private ExactValues leaf(Op.Variable v, List<BigFraction[]> inputs, int point, Map<String, Tensor> shared) {
        Shape shape = v.shape().bind(1);
        Tensor given = parameters.containsKey(v.name()) ? parameters.get(v.name()) : shared.get(v.name());
        if (given != null) {
            return ExactValues.constant(shape, given);
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (subject.masked().inputs().get(i).op().equals(v)) {
                return ExactValues.constant(shape, inputs.get(i));
            }
        }
        for (int k = 0; k < patterns.masks().size(); k++) {
            if (subject.masked().kinks().get(k).mask().op().equals(v)) {
                double[] all = patterns.masks().get(k).data();
                int size = shape.elements();
                int from = subject.masked().kinks().get(k).perSample() ? point * size : 0;
                return ExactValues.constant(shape, Tensor.of(shape, Arrays.copyOfRange(all, from, from + size)));
            }
        }
        throw new IllegalStateException("No value for '" + v.name() + "'");
    }
}
