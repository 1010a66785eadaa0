package org.quotient.optimizers.zoo;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Frame;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.criteria.Minimiser;
import org.quotient.geometry.criteria.OrbitCriterion;
import org.quotient.geometry.lifting.PathLifting;
import org.quotient.optimizers.Problem;

/** A choice among the rescalings of given weights. */
public interface Representative {

    /**
     * The rescaling that leads there.
     *
     * @param problem whose network and group are meant
     * @param weights of that network
     */
    Rescaling of(Problem problem, Weights weights);

    /**
     * Path conditioning (Lebeurrier, Vayer and Gribonval 2026), the minimiser of {@link OrbitCriterion#pathCond}.
     *
     * @param sweeps how many sweeps at most, as published (10); 0 for the exact minimiser
     */
    static Representative pathCond(int sweeps) {
        return (problem, weights) -> minimiser(sweeps)
                .minimise(
                        OrbitCriterion.pathCond(problem.group(), PathLifting.of(new Model(problem.network(), weights))))
                .rescaling();
    }

    /**
     * Equi-normalisation (Stock, Graham, Gribonval and Jégou 2019), the minimiser of {@link OrbitCriterion#enorm}.
     *
     * @param p the exponent of the norm, positive
     * @param sweeps how many sweeps at most; 0 for the exact minimiser
     */
    static Representative enorm(double p, int sweeps) {
        return enorm(p, 1, sweeps);
    }

    /**
     * Equi-normalisation with asymmetric weights: where ‖w_out‖_p = c·‖w_in‖_p for every unit.
     *
     * @param c positive; other than 1 only for networks whose weights form layers
     * @param sweeps how many sweeps at most; 0 for the exact minimiser
     */
    static Representative enorm(double p, double c, int sweeps) {
        return (problem, weights) -> minimiser(sweeps)
                .minimise(OrbitCriterion.enorm(
                        problem.group(), new Model(problem.network(), weights), p, asymmetry(problem, p, c)))
                .rescaling();
    }

    /**
     * DDP-normalisation (Neyshabur, Tomioka, Salakhutdinov and Srebro 2016) with α = 0: every unit is divided by its γ_v,
     * γ_v² = Σ w_uv²·γ_u², so that γ_v = 1; inputs count 1. It is the section s = 1 of the covariant {@link Frame}. With α &gt; 0 the
     * norms depend on data and are no function of the weights; that is not offered. Units without a scale stay as they are.
     */
    static Representative ddpNormal() {
        return (problem, weights) -> {
            Frame frame = Frame.of(problem.group(), problem.incidence(), weights);
            Map<String, Expr> theta = new LinkedHashMap<>();
            for (Expr p : problem.network().parameters()) {
                theta.put(Network.nameOf(p), Expr.constant(weights.get(p).cast(DType.F64)));
            }
            Tensor squares = Evaluator.evaluate(List.of(frame.squaredScales(theta)), Map.of(), 1)
                    .getFirst();
            double[] z = new double[squares.size()];
            for (int k = 0; k < z.length; k++) {
                z[k] = squares.get(k) > 0 ? -Math.log(squares.get(k)) / 2 : 0;
            }
            return Rescaling.of(problem.group(), z);
        };
    }

    private static Minimiser minimiser(int sweeps) {
        return sweeps == 0 ? Minimiser.exact() : Minimiser.sweeps(sweeps);
    }

    /** The factor of layer l is c^(−pl). */
    private static Map<String, Double> asymmetry(Problem problem, double p, double c) {
        if (c == 1) {
            return Map.of();
        }
        Edges edges = Edges.of(problem, "Equi-normalisation with asymmetric weights");
        Map<Integer, Integer> heights = new HashMap<>();
        Map<String, Integer> layers = new LinkedHashMap<>();
        for (String name : problem.theta().names()) {
            ArrayDeque<String> open = new ArrayDeque<>();
            if (layers.putIfAbsent(name, 0) == null) {
                open.add(name);
            }
            while (!open.isEmpty()) {
                String at = open.remove();
                int layer = java.util.Objects.requireNonNull(layers.get(at));
                level(edges.generators(at, 1), layer, heights, at);
                level(edges.generators(at, -1), layer - 1, heights, at);
                for (String other : problem.theta().names()) {
                    Integer found = known(edges, other, heights);
                    if (found != null && layers.putIfAbsent(other, found) == null) {
                        open.add(other);
                    }
                }
            }
        }
        Map<String, Double> out = new LinkedHashMap<>();
        layers.forEach((name, layer) -> out.put(name, Math.pow(c, -p * layer)));
        return out;
    }

    /** What enters a class of units is of its height, what leaves it one above. */
    private static void level(Set<Integer> generators, int height, Map<Integer, Integer> heights, String name) {
        for (int g : generators) {
            Integer before = heights.putIfAbsent(g, height);
            if (before != null && before != height) {
                throw new IllegalArgumentException("Asymmetric weights of equi-normalisation need weights in layers; '"
                        + name + "' enters or leaves units at " + height + " and " + before
                        + " layers. Take asymmetry=1, or start=none");
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Integer known(
            Edges edges, String name, Map<Integer, Integer> heights) {
        for (int g : edges.generators(name, 1)) {
            if (heights.containsKey(g)) {
                return heights.get(g);
            }
        }
        for (int g : edges.generators(name, -1)) {
            Integer below = heights.get(g);
            if (below != null) {
                return below + 1;
            }
        }
        return null;
    }
}
