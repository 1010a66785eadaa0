package org.quotient.geometry.lifting;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;

/**
 * The values e = |θ|^q that a path sum takes at θ, and its evaluation there: by a compiled program where all is well in range,
 * with an exponent per tensor otherwise.
 */
final class EdgeValues {
    /** Within these exponents of two, products of two numbers are in range with room to spare. */
    private static final int SAFE_EXPONENT = 450;

    private final PathSum sum;
    private final Model model;
    private final BitSet live;
    private final double q;
    private final Map<String, Tensor> plain;

    /** Whether every value is a number that double precision holds, and their products too. */
    private final boolean inRange;

    private EdgeValues(PathSum sum, Model model, BitSet live, double q) {
        this.sum = sum;
        this.model = model;
        this.live = live;
        this.q = q;
        this.plain = new HashMap<>(sum.fixed());
        boolean fine = true;
        int offset = 0;
        for (Expr parameter : model.network().parameters()) {
            Tensor theta = model.weights().get(parameter);
            double[] values = new double[theta.size()];
            boolean all = live.nextClearBit(offset) >= offset + values.length;
            if (all && q == 2) {
                for (int i = 0; i < values.length; i++) {
                    double x = theta.get(i);
                    values[i] = x * x;
                }
            } else {
                for (int i = 0; i < values.length; i++) {
                    double x = all || live.get(offset + i) ? theta.get(i) : 0;
                    values[i] = Math.pow(Math.abs(x), q);
                }
            }
            for (int i = 0; i < values.length; i++) {
                // Zero by underflow, or beyond the range.
                fine &= values[i] >= Double.MIN_NORMAL && values[i] < Double.POSITIVE_INFINITY
                        || values[i] == 0 && (theta.get(i) == 0 || !live.get(offset + i));
            }
            plain.put(Network.nameOf(parameter), Tensor.of(parameter.shape(), values));
            offset += values.length;
        }
        this.inRange = fine && productsInRange();
    }

    static EdgeValues of(PathSum sum, Model model, BitSet live, double q) {
        return new EdgeValues(sum, model, live, q);
    }

    /** The values in double precision. */
    Map<String, Tensor> plain() {
        return plain;
    }

    /** Whether {@link #plain} can be computed with. */
    boolean inRange() {
        return inRange;
    }

    /** Whether no product of one number or sum of each tensor can leave the range. */
    private boolean productsInRange() {
        double up = 0;
        double down = 0;
        for (Tensor t : plain.values()) {
            double total = 0;
            double most = 0;
            for (int i = 0; i < t.size(); i++) {
                total += t.get(i);
                most = Math.max(most, t.get(i));
            }
            up += Math.max(0, Math.log(total) / Math.log(2));
            down += total > 0 ? Math.max(0, -Math.log(most) / Math.log(2)) : 0;
        }
        return up <= SAFE_EXPONENT && down <= SAFE_EXPONENT;
    }

    /** The values with exponents kept apart. */
    Map<String, ScaledTensor> wide() {
        Map<String, ScaledTensor> out = new HashMap<>();
        sum.fixed().forEach((name, value) -> out.put(name, ScaledTensor.normalised(value, 0)));
        int offset = 0;
        for (Expr parameter : model.network().parameters()) {
            Tensor theta = model.weights().get(parameter);
            int start = offset;
            Tensor masked = Tensor.fill(parameter.shape(), DType.F64, i -> live.get(start + i) ? theta.get(i) : 0);
            out.put(Network.nameOf(parameter), ScaledTensor.power(masked, q));
            offset += theta.size();
        }
        return out;
    }

    /** Expressions over the sum's variables that add and multiply numbers that are not negative. */
    List<ScaledTensor> evaluate(List<Expr> outputs) {
        if (inRange) {
            List<Tensor> results = evaluate(Program.of(outputs), plain);
            if (results.stream().allMatch(EdgeValues::inRange)) {
                return results.stream().map(t -> new ScaledTensor(t, 0)).toList();
            }
        }
        return WideRange.evaluate(outputs, wide());
    }

    static List<Tensor> evaluate(Program program, Map<String, Tensor> values) {
        try (Session session = program.session()) {
            session.batch(1);
            program.variables().keySet().forEach(name -> session.set(name, Objects.requireNonNull(values.get(name))));
            session.run();
            return session.outputs();
        }
    }

    private static boolean inRange(Tensor t) {
        for (int i = 0; i < t.size(); i++) {
            double x = t.get(i);
            if (x != 0 && !(Math.abs(Math.getExponent(x)) <= SAFE_EXPONENT)) {
                return false;
            }
        }
        return true;
    }
}
