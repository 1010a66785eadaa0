package org.quotient.optimizers;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import java.util.function.Supplier;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;

/**
 * Where a step is taken, as expressions: the problem, θ, the differential there, the learning rate, and numbers that depend on
 * the number of steps only.
 */
public final class Point {
    private final Problem problem;
    private final ParameterVector theta;
    private final ParameterVector differential;
    private final Expr learningRate;
    private final Map<Expr, LongToDoubleFunction> perStep;
    private final Map<String, Expr> reports;
    private final Map<Object, Object> shared;

    private Point(
            Problem problem,
            ParameterVector theta,
            ParameterVector differential,
            Expr learningRate,
            Map<Expr, LongToDoubleFunction> perStep,
            Map<String, Expr> reports,
            Map<Object, Object> shared) {
        this.problem = problem;
        this.theta = theta;
        this.differential = differential;
        this.learningRate = learningRate;
        this.perStep = perStep;
        this.reports = reports;
        this.shared = shared;
    }

    /** The point of a problem, with a learning rate that is given at each step. */
    public static Point of(Problem problem) {
        Expr rate = Expr.buffer("learning rate of the update", problem.dtype(), Shape.SCALAR);
        return new Point(
                problem,
                problem.theta(),
                problem.differential(),
                rate,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new HashMap<>());
    }

    /** The problem. */
    public Problem problem() {
        return problem;
    }

    /** θ before the step. */
    public ParameterVector theta() {
        return theta;
    }

    /** ∂loss/∂θ there. */
    public ParameterVector differential() {
        return differential;
    }

    /** η, a scalar. */
    public Expr learningRate() {
        return learningRate;
    }

    /** The type of all numbers. */
    public DType dtype() {
        return problem.dtype();
    }

    /**
     * A scalar that depends on the number of steps taken, computed in double precision outside of the program, such as the bias
     * correction of Adam.
     *
     * @param f from the number of this step, the first being 1
     */
    public Expr perStep(LongToDoubleFunction f) {
        Expr scalar = Expr.buffer("number " + perStep.size() + " of the step", dtype(), Shape.SCALAR);
        perStep.put(scalar, f);
        return scalar;
    }

    /** All that was asked of {@link #perStep}. */
    public Map<Expr, LongToDoubleFunction> perStep() {
        return perStep;
    }

    /** A number of this step to be told after it, a scalar; see {@code Run.reports}. */
    public void report(String name, Expr scalar) {
        reports.put(name, scalar);
    }

    /** All that was reported. */
    public Map<String, Expr> reports() {
        return reports;
    }

    /**
     * Something that several parts of an update need at this point, made once: its constants are then shared in the program.
     *
     * @param key what it is, with all that it depends on besides the point
     * @param type of it
     * @param make makes it
     */
    public <T> T shared(Object key, Class<T> type, Supplier<T> make) {
        return type.cast(shared.computeIfAbsent(key, k -> make.get()));
    }

    /** The same point with θ and differential in other places, for updates that wrap others. */
    public Point with(ParameterVector otherTheta, ParameterVector otherDifferential) {
        return new Point(problem, otherTheta, otherDifferential, learningRate, perStep, reports, new HashMap<>());
    }
}
