package org.quotient.optimizers.paths;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.lifting.PathSum;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Metric;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;

/**
 * The diagonal metric Σ κ_e dw_e² with κ_e = (Σ_{paths p∋e} Π_{e′∈p, e′≠e} |w_e′|^p)^(2/p) (Neyshabur, Salakhutdinov and Srebro
 * 2015, equation 4): gradients are g/κ. Under a rescaling by χ energies are divided by χ², so all rescalings are isometries.
 *
 * <p>Where κ_e = 0, because the element is dead or every path through it contains a zero, the gradient is 0 for the loss too unless an
 * activation cuts the paths; the step is 0. Parameters that lie on no path and that no rescaling moves, such as the slopes of a PReLU,
 * keep κ = 1. With f32, κ is f32 too: its range, 10^±38, holds products of squares of some dozens of layers. With a
 * large p powers leave that range, and that of f64, sooner: then the update is refused at its start.
 *
 * @param p the exponent, finite and positive; 2 in practice
 * @param exact whether parameters that a path uses more than once get half the second derivative of S in w,
 *     S_e + 2·w²·S_ee with S the sum of Π w² over paths, instead of the first-order term S_e (Neyshabur, Wu, Salakhutdinov and
 *     Srebro 2016, κ⁽¹⁾ + κ⁽²⁾); only for p = 2. S_ee is taken element by element, for at most {@value #MOST_ELEMENTS} of them
 */
public record PathMetric(double p, boolean exact) implements Metric {
    /** Elements of reused parameters for which second derivatives are taken. */
    public static final int MOST_ELEMENTS = 256;

    /** Checks the exponent. */
    public PathMetric {
        if (!(p > 0 && p < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("The exponent p of a path norm is finite and positive; given " + p);
        }
        if (exact && p != 2) {
            throw new IllegalArgumentException(
                    "The second derivative of the path norm (kappa=exact) is for p = 2; given p = " + p);
        }
    }

    /**
     * Checks that the sums of powers are numbers: with a large p those of small weights vanish, and with them steps.
     *
     * @throws IllegalArgumentException if they are not, with the present weights
     */
    @Override
    public State init(Problem problem, Weights weights) {
        if (p > 2) {
            List<Tensor> powers = slopes(problem, weights, p);
            List<Tensor> plain = slopes(problem, weights, 1);
            double least = problem.dtype() == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
            for (int k = 0; k < powers.size(); k++) {
                for (int i = 0; i < powers.get(k).size(); i++) {
                    double sum = powers.get(k).get(i);
                    if (plain.get(k).get(i) > 0 && !(sum >= least && sum < Double.POSITIVE_INFINITY)) {
                        throw new IllegalArgumentException("The path metric with p = " + p + " leaves the range of "
                                + problem.dtype()
                                + " at these weights: the sum of Π|w|^p over the paths through an element of '"
                                + Network.nameOf(problem.network().parameters().get(k)) + "' is " + sum
                                + ". Take a smaller p"
                                + (problem.dtype() == DType.F32 ? ", or a network in double precision" : ""));
                    }
                }
            }
        }
        return State.EMPTY;
    }

    private static List<Tensor> slopes(Problem problem, Weights weights, double p) {
        Map<String, Expr> theta = new LinkedHashMap<>();
        problem.network().parameters().forEach(w -> theta.put(Network.nameOf(w), Expr.constant(weights.get(w))));
        SquaredNetwork squared = SquaredNetwork.of(problem, new ParameterVector(theta), p, (node, sum) -> sum);
        return Evaluator.evaluate(squared.at(squared.slopes(), Map.of()), Map.of(), 1);
    }

    @Override
    public ParameterVector gradient(ParameterVector differential, Point at, Memory memory) {
        Map<String, Energies> energies = energies(at);
        return differential.mapNamed((name, g) -> energies(energies, name).divide(g));
    }

    private static Energies energies(Map<String, Energies> all, String name) {
        return java.util.Objects.requireNonNull(all.get(name));
    }

    /** κ of every element, as it is divided by. */
    public ParameterVector kappa(Point at) {
        Map<String, Energies> energies = energies(at);
        return at.theta().mapNamed((name, w) -> energies(energies, name).value());
    }

    private Map<String, Energies> energies(Point at) {
        SquaredNetwork squared = SquaredNetwork.of(at.problem(), at.theta(), p, (node, sum) -> sum);
        return squared.energies(exact ? secondOrder(squared.sum()) : squared.slopes(), Map.of(), Map.of());
    }

    /** S_e + 2·e·S_ee where a path may use the element more than once, S_e elsewhere. */
    private static List<Expr> secondOrder(PathSum sum) {
        List<Expr> edges = sum.edges().stream()
                .filter(e -> sum.reused().contains(Network.nameOf(e)))
                .toList();
        int elements = edges.stream().mapToInt(e -> e.shape().elements()).sum();
        if (elements > MOST_ELEMENTS) {
            throw new IllegalArgumentException("Paths use " + elements + " elements of "
                    + edges.stream().map(Network::nameOf).toList()
                    + " more than once; kappa=exact takes a second derivative for each and is limited to "
                    + MOST_ELEMENTS
                    + " (kappa=first has no limit)");
        }
        List<Expr> slopes = Differentiation.gradient(sum.total(), sum.edges());
        List<Expr> out = new ArrayList<>();
        for (int k = 0; k < slopes.size(); k++) {
            Expr edge = sum.edges().get(k);
            out.add(
                    edges.contains(edge)
                            ? slopes.get(k)
                                    .plus(edge.times(curvature(slopes.get(k), edge))
                                            .times(2))
                            : slopes.get(k));
        }
        return out;
    }

    /** ∂²S/∂e_i² for each element i. */
    private static Expr curvature(Expr slope, Expr edge) {
        int size = edge.shape().elements();
        Expr flat = Ops.reshape(slope, Shape.of(size));
        List<Expr> diagonal = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int place = i;
            Expr unit = Expr.constant(Tensor.fill(edge.shape(), edge.dtype(), j -> j == place ? 1 : 0));
            Expr moved = Differentiation.jvp(List.of(flat), List.of(edge), List.of(unit))
                    .getFirst();
            diagonal.add(Ops.slice(moved, 0, i, i + 1));
        }
        return Ops.reshape(Ops.concat(0, diagonal), edge.shape());
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
