package org.quotient.optimizers.paths;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Frame;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Metric;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;

/**
 * The Gauss-Newton metric M = Σ_n J_nᵀ H_n J_n on the batch, J_n the Jacobian of the outputs for sample n and H_n the second derivative of
 * the loss in them: JᵀJ/N for half the squared error, the Fisher matrix for cross-entropy (Amari 1998; Schraudolph 2002). Its kernel
 * holds all directions of the rescaling group, so a gradient has to be chosen: with E = diag(ε) of a covariant frame it is
 * ξ = E(EME + λ)⁻¹E g, that is (M + λE⁻²)ξ = g, and for λ = 0 the solution of Mξ = g that is shortest in the frame's metric,
 * ξ = E(EME)⁺E g. Both are covariant; the plain pseudo-inverse M⁺g, or damping by λ, is not.
 *
 * <p>For small networks: the matrix of (samples × outputs) by parameters is decomposed in each step, at most 1024 on its smaller
 * side and 2^22 elements in all. Singular values of at most {@code tolerance} times the largest count as 0; they belong to EME, which no
 * rescaling changes, so the decision does not depend on the representative but by rounding. The samples of a batch must not
 * influence each other.
 *
 * @param damping λ, at least 0; in units of the loss
 * @param tolerance of the rank decision on singular values, relative, at least 0
 * @param covariant whether to take the frame; else E = 1, which no rescaling respects and which is here for comparison
 */
public record NaturalMetric(double damping, double tolerance, boolean covariant) implements Metric {
    private static final String BACKWARD = "units with a backward scale";
    private static final String KEY = "generators";
    /** The most outputs of a sample. */
    private static final int MOST_OUTPUTS = 256;

    /** Checks the settings. */
    public NaturalMetric {
        if (!(damping >= 0 && damping < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("A damping is finite and at least 0; given " + damping);
        }
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new IllegalArgumentException(
                    "A relative tolerance is at least 0 and less than 1; given " + tolerance);
        }
    }

    @Override
    public State init(Problem problem, Weights weights) {
        if (!covariant) {
            return State.EMPTY;
        }
        Frame frame = Frame.of(problem.group(), problem.incidence(), weights);
        return State.of(BACKWARD, new State.Slot(Map.of(KEY, frame.backwardUnits()), 0, true));
    }

    private ParameterVector units(Point at, Memory memory) {
        if (!covariant) {
            return at.theta().map(w -> Ops.fullLike(w, 1));
        }
        Tensor backward =
                java.util.Objects.requireNonNull(memory.fixed(BACKWARD).get(KEY));
        Frame frame = Frame.of(at.problem().group(), at.problem().incidence(), backward);
        return new ParameterVector(frame.units(at.theta().values()));
    }

    @Override
    public ParameterVector gradient(ParameterVector differential, Point at, Memory memory) {
        ParameterVector units = units(at, memory);
        Expr flat = joined(differential.times(units));
        Expr jacobian = jacobian(at.problem());
        Expr scaled = jacobian.times(Ops.broadcastTo(joined(units), jacobian.shape()));
        Expr solved =
                Expr.of(new Op.Custom(new GaussNewtonSolve(damping, tolerance)), scaled, hessian(at.problem()), flat);
        Map<String, Expr> out = new LinkedHashMap<>();
        int offset = 0;
        for (Map.Entry<String, Expr> entry : units.values().entrySet()) {
            Shape shape = entry.getValue().shape();
            Expr part = Ops.slice(solved, 0, offset, offset + shape.elements());
            out.put(entry.getKey(), Ops.reshape(part, shape).times(entry.getValue()));
            offset += shape.elements();
        }
        return new ParameterVector(out);
    }

    /** All elements one after the other, [D]. */
    private static Expr joined(ParameterVector vector) {
        return Ops.concat(
                0,
                vector.values().values().stream()
                        .map(x -> Ops.reshape(x, Shape.of(x.shape().elements())))
                        .toList());
    }

    private static int outputs(Problem problem) {
        int k = problem.prediction().shape().without(List.of(0)).elements();
        if (k > MOST_OUTPUTS) {
            throw new IllegalArgumentException(
                    "The natural gradient takes a backward pass for each output of a sample, at most " + MOST_OUTPUTS
                            + "; '" + problem.network().name() + "' has " + k);
        }
        return k;
    }

    /** ∂ outputs/∂θ for each sample, [N, K, D]. */
    private static Expr jacobian(Problem problem) {
        SampleGradients gradients = SampleGradients.of(problem.trained(), "The natural gradient");
        List<Expr> rows = new ArrayList<>();
        for (int i = 0; i < outputs(problem); i++) {
            SampleGradients.Result result =
                    gradients.of(List.of(problem.prediction()), List.of(unit(problem.prediction(), i)));
            List<Expr> parts = new ArrayList<>();
            for (Expr p : problem.network().parameters()) {
                int size = p.shape().elements();
                parts.add(result.gradient(Network.nameOf(p))
                        .map(g -> Ops.reshape(g, SampleGradients.batched(1, size)))
                        .orElseGet(() ->
                                Ops.broadcastTo(Ops.scalar(0, problem.dtype()), SampleGradients.batched(1, size))));
            }
            rows.add(Ops.concat(2, parts));
        }
        return Ops.concat(1, rows);
    }

    /** ∂²loss/∂outputs² for each sample, [N, K, K]. */
    private static Expr hessian(Problem problem) {
        Expr prediction = problem.prediction();
        Expr slope = Differentiation.gradient(problem.loss(), prediction);
        int k = outputs(problem);
        List<Expr> columns = new ArrayList<>();
        for (int i = 0; i < k; i++) {
            Expr column = Differentiation.jvp(List.of(slope), List.of(prediction), List.of(unit(prediction, i)))
                    .getFirst();
            columns.add(Ops.reshape(column, SampleGradients.batched(1, k)));
        }
        return Ops.concat(1, columns);
    }

    /** 1 at one output of every sample. */
    private static Expr unit(Expr prediction, int i) {
        Shape one = prediction.shape().without(List.of(0));
        Expr here = Expr.constant(Tensor.fill(one, prediction.dtype(), j -> j == i ? 1 : 0));
        return Ops.broadcastTo(here, prediction.shape());
    }

    @Override
    public Law law() {
        return covariant ? Law.INVARIANT : Law.NONE;
    }
}
