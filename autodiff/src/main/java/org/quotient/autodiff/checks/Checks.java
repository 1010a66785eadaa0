package org.quotient.autodiff.checks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;

/**
 * Checks of derivatives at a point, along random directions that are a function of a seed. All of them need the function to be
 * smooth within {@link Tolerances#firstStep()} of the point.
 */
public final class Checks {
    private Checks() {}

    /**
     * Everything, to an order: at each level the adjoint identity, central differences and the Taylor remainder; then the same
     * for the Jacobian-vector product and the vector-Jacobian product as functions of the point and the vector, as JAX's
     * {@code check_grads} recurses; and from order 2 on the second-order Taylor model.
     *
     * @param subject the function at a point
     * @param order the order of derivatives, at least 1
     * @param seed names the directions
     * @throws IllegalArgumentException if the order is below 1
     */
    public static Report derivatives(Subject subject, int order, long seed) {
        if (order < 1) {
            throw new IllegalArgumentException("Derivatives are checked to an order of 1 or more; given " + order);
        }
        List<Finding> findings = new ArrayList<>();
        collect(subject, order, CounterRandom.seeded(seed), findings);
        return new Report(findings);
    }

    private static void collect(Subject subject, int order, CounterRandom random, List<Finding> findings) {
        findings.add(adjoint(subject, random.split("adjoint")));
        findings.add(difference(subject, random.split("difference")));
        findings.add(TaylorCheck.run(subject, 1, random.split("first")));
        if (order > 1) {
            findings.add(TaylorCheck.run(subject, 2, random.split("second")));
            collect(forward(subject, order, random.split("forward")), order - 1, random.split("jvp"), findings);
            collect(reverse(subject, order, random.split("reverse")), order - 1, random.split("vjp"), findings);
        }
    }

    /** The adjoint identity ⟨u, Jv⟩ = ⟨Jᵀu, v⟩ for random u and v. */
    public static Finding adjoint(Subject subject, long seed) {
        return adjoint(subject, CounterRandom.seeded(seed));
    }

    /** Central finite differences against forward mode along a random direction. */
    public static Finding finiteDifferences(Subject subject, long seed) {
        return difference(subject, CounterRandom.seeded(seed));
    }

    /**
     * The log-log slope of the remainder of the Taylor model along a random direction.
     *
     * @param subject the function at a point
     * @param order 1 for f + hJv, 2 with the second derivative too
     * @param seed names the direction
     */
    public static Finding.Slope taylor(Subject subject, int order, long seed) {
        return TaylorCheck.run(subject, order, CounterRandom.seeded(seed));
    }

    private static Finding adjoint(Subject subject, CounterRandom random) {
        Vectors tangents = Vectors.like(subject.at(), "tangent", subject, random.split("v"));
        Vectors cotangents = Vectors.like(subject.outputs(), "cotangent", subject, random.split("u"));
        List<Expr> jv = Differentiation.jvp(subject.outputs(), subject.at(), tangents.variables());
        List<Expr> ju = Differentiation.vjp(subject.outputs(), cotangents.variables(), subject.at());
        Map<String, Tensor> values = new HashMap<>(subject.values());
        values.putAll(tangents.byName());
        values.putAll(cotangents.byName());
        Products left = Products.of(cotangents.values(), Evaluator.evaluate(jv, values, subject.batch()));
        Products right = Products.of(Evaluator.evaluate(ju, values, subject.batch()), tangents.values());
        double allowed = Tolerances.of(subject.dtype()).adjoint() * (left.absolute() + right.absolute());
        return new Finding.Adjoint(subject.name(), left.sum(), right.sum(), allowed);
    }

    private record Products(double sum, double absolute) {
        static Products of(List<Tensor> a, List<Tensor> b) {
            double sum = 0;
            double absolute = 0;
            for (int i = 0; i < a.size(); i++) {
                for (int k = 0; k < a.get(i).size(); k++) {
                    double product = a.get(i).get(k) * b.get(i).get(k);
                    sum += product;
                    absolute += Math.abs(product);
                }
            }
            return new Products(sum, absolute);
        }
    }

    private static Finding difference(Subject subject, CounterRandom random) {
        Tolerances tolerances = Tolerances.of(subject.dtype());
        Line line = Line.random(subject, random);
        double h = tolerances.step();
        double[] plus = line.value(h);
        double[] minus = line.value(-h);
        double[] tangent = line.derivative(1);
        double error = 0;
        double scale = 0;
        for (int i = 0; i < plus.length; i++) {
            // Math.max keeps NaN, which then fails.
            error = Math.max(error, Math.abs((plus[i] - minus[i]) / (2 * h) - tangent[i]));
            scale = Math.max(scale, Math.max(Math.abs(plus[i]), Math.abs(tangent[i])));
        }
        return new Finding.Difference(subject.name(), h, error, tolerances.difference() * (1 + scale));
    }

    /** (x, v) ↦ Jv as a function in its own right. */
    private static Subject forward(Subject subject, int level, CounterRandom random) {
        Vectors tangents = Vectors.like(subject.at(), "tangent" + level, subject, random);
        List<Expr> outputs = Differentiation.jvp(subject.outputs(), subject.at(), tangents.variables());
        List<Expr> at = new ArrayList<>(subject.at());
        at.addAll(tangents.variables());
        return subject.with(" > jvp", outputs, at, tangents.byName());
    }

    /** (x, u) ↦ Jᵀu as a function in its own right. */
    private static Subject reverse(Subject subject, int level, CounterRandom random) {
        Vectors cotangents = Vectors.like(subject.outputs(), "cotangent" + level, subject, random);
        List<Expr> outputs = Differentiation.vjp(subject.outputs(), cotangents.variables(), subject.at());
        List<Expr> at = new ArrayList<>(subject.at());
        at.addAll(cotangents.variables());
        return subject.with(" > vjp", outputs, at, cotangents.byName());
    }
}
