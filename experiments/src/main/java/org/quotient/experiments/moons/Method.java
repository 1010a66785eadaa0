package org.quotient.experiments.moons;

import java.util.Arrays;
import java.util.List;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.criteria.Minimiser;
import org.quotient.geometry.criteria.Minimum;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.PathLifting;

/** What is done to the weights once, before training. */
public enum Method {
    /** Nothing. */
    BASELINE("baseline"),
    /** Path conditioning as published: at most ten sweeps (Lebeurrier, Vayer and Gribonval 2026, reference implementation). */
    PATHCOND_SWEEPS("PathCond (10 sweeps)"),
    /** Path conditioning to its minimum. */
    PATHCOND_EXACT("PathCond (exact)"),
    /** Equi-normalisation with biases, to its minimum: the balanced representative (Stock et al. 2019). */
    ENORM("ENorm");

    private final String label;

    Method(String label) {
        this.label = label;
    }

    /** Its name in tables. */
    public String label() {
        return label;
    }

    /**
     * The weights to start from, and what moving there did.
     *
     * @param method which
     * @param model the rescaled model
     * @param traceBefore tr K, the trace of the path kernel ∂Φ∂Φᵀ, at the drawn weights
     * @param traceAfter tr K at the rescaled weights
     * @param divergenceBefore the path conditioning criterion at the drawn weights
     * @param divergenceAfter the same at the rescaled weights
     * @param largestLogScale the largest |log λ| of a unit
     * @param sweeps how many sweeps were made, 0 for the other methods
     * @param capped how many scales were held at the bound of the minimiser
     * @param functionChange the largest change of an output on given points, over the largest output: rounding
     */
    public record Start(
            Method method,
            Model model,
            double traceBefore,
            double traceAfter,
            double divergenceBefore,
            double divergenceAfter,
            double largestLogScale,
            int sweeps,
            int capped,
            double functionChange) {}

    /**
     * Applies it to a model.
     *
     * @param group of the model's network
     * @param model at its drawn weights
     * @param points where outputs are compared
     */
    public Start start(RescalingGroup group, Model model, Tensor points) {
        OrbitCriterion pathCond = OrbitCriterion.pathCond(group, PathLifting.of(model, group.liveness()));
        double[] none = new double[group.rank()];
        double[] z = none;
        int sweeps = 0;
        int capped = 0;
        if (this != BASELINE) {
            Minimum minimum = switch (this) {
                case PATHCOND_SWEEPS -> Minimiser.sweeps(10).minimise(pathCond);
                case PATHCOND_EXACT, BASELINE -> Minimiser.exact().minimise(pathCond);
                case ENORM -> Minimiser.exact().minimise(OrbitCriterion.balanced(group, model));
            };
            z = minimum.z();
            sweeps = minimum.sweeps();
            capped = minimum.capped();
        }
        Model moved = this == BASELINE ? model : model.at(group.act(model.weights(), z));
        return new Start(
                this,
                moved,
                pathCond.trace(none),
                pathCond.trace(z),
                pathCond.value(none),
                pathCond.value(z),
                Arrays.stream(z).map(Math::abs).max().orElse(0),
                sweeps,
                capped,
                change(model, moved, points));
    }

    private static double change(Model before, Model after, Tensor points) {
        Tensor a = before.evaluate(List.of(points)).getFirst();
        Tensor b = after.evaluate(List.of(points)).getFirst();
        double most = 0;
        for (int i = 0; i < a.size(); i++) {
            most = Math.max(most, Math.abs(a.get(i) - b.get(i)));
        }
        return most / a.maxAbs();
    }
}
