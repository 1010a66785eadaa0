package org.quotient.optimizers.zoo;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Generators;
import org.quotient.geometry.Incidence;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.criteria.UnitNorm;
import org.quotient.optimizers.Problem;

/**
 * The representative with unit norms of {@link UnitNorm}, computed so that all rescalings by powers of two of one point lead to the
 * same bits, and with the scales before a normalisation set to unit norm too. The function is kept; across a normalisation
 * exactly for ε = 0 only, else to the order of ε.
 */
final class UnitSection {
    private final Problem problem;
    private final List<String> writers;
    private final int[] writer;

    private UnitSection(Problem problem, List<String> writers, int[] writer) {
        this.problem = problem;
        this.writers = writers;
        this.writer = writer;
    }

    /**
     * The section of a problem.
     *
     * @param what the method that needs it, for messages
     * @throws IllegalArgumentException if a parameter does not scale like an edge
     */
    static UnitSection of(Problem problem, String what) {
        Edges edges = Edges.of(problem, what);
        int[] writer = new int[edges.incidence().generators()];
        Arrays.fill(writer, -1);
        List<String> writers = UnitNorm.writers(problem.group());
        for (int k = 0; k < writers.size(); k++) {
            for (int g : edges.generators(writers.get(k), 1)) {
                writer[g] = writer[g] < 0 ? k : writer[g];
            }
        }
        return new UnitSection(problem, writers, writer);
    }

    /** The classes of units whose norm is that of a parameter's elements that enter them. */
    Set<Integer> owned(String parameter) {
        int k = writers.indexOf(parameter);
        Set<Integer> all = new LinkedHashSet<>();
        for (int g = 0; g < writer.length; g++) {
            if (k >= 0 && writer[g] == k) {
                all.add(g);
            }
        }
        return all;
    }

    /**
     * The representative, where every class has one.
     *
     * @param what the method that needs it, for the message
     * @throws IllegalArgumentException that names a class without a norm: no weights enter it, or only zeros
     */
    Weights strict(Weights weights, String what) {
        double[] scales = scales(weights);
        for (int g = 0; g < scales.length; g++) {
            if (writer[g] < 0 || scales[g] == 0) {
                throw new IllegalArgumentException(what
                        + " needs a positive norm of the weights that enter each class of units; "
                        + Generators.of(problem.group()).get(g)
                        + (writer[g] < 0
                                ? " is entered by no weights"
                                : " is entered by zeros only in '" + writers.get(writer[g]) + "'")
                        + ". Draw those weights anew, remove the unit, or use an optimizer without this constraint,"
                        + " such as frame-sgd");
            }
        }
        return rescaled(weights, scales);
    }

    /**
     * The representative. Classes that only zeros enter get unit norm of the weights that leave them, which count in no other
     * norm; or, where those are zeros too, of their biases. What is all zeros keeps its scale.
     */
    Weights lenient(Weights weights) {
        double[] scales = scales(weights);
        for (int k = writers.size() - 1; k >= 0; k--) {
            for (int g : owned(writers.get(k))) {
                if (scales[g] == 0) {
                    double left = norm(weights, scales, g, false);
                    double entered = left > 0 ? 0 : norm(weights, scales, g, true);
                    scales[g] = left > 0 ? left : entered > 0 ? 1 / entered : 1;
                }
            }
        }
        for (int g = 0; g < scales.length; g++) {
            scales[g] = scales[g] == 0 ? 1 : scales[g];
        }
        return rescaled(weights, scales);
    }

    /** Of what enters or leaves a class, at the scales of the classes on the other side. */
    private double norm(Weights weights, double[] scales, int g, boolean entering) {
        Incidence incidence = problem.incidence();
        double squares = 0;
        for (Expr p : problem.network().parameters()) {
            String name = Network.nameOf(p);
            Tensor w = weights.get(p);
            for (int i = 0; i < w.size(); i++) {
                int head = incidence.head(name, i);
                int tail = incidence.tail(name, i);
                if ((entering ? head : tail) == g && head != tail) {
                    int other = entering ? tail : head;
                    double scale = other < 0 || scales[other] == 0 ? 1 : entering ? 1 / scales[other] : scales[other];
                    double x = w.get(i) * scale;
                    squares += x * x;
                }
            }
        }
        return Math.sqrt(squares);
    }

    /** The scale λ of each class, 0 where there is none. */
    private double[] scales(Weights weights) {
        Incidence incidence = problem.incidence();
        double[] scales = new double[writer.length];
        boolean[] seen = new boolean[writer.length];
        for (int k = 0; k < writers.size(); k++) {
            if (owned(writers.get(k)).isEmpty()) {
                continue;
            }
            String name = writers.get(k);
            Tensor w = weights.get(name);
            double[] squares = new double[scales.length];
            for (int i = 0; i < w.size(); i++) {
                int head = incidence.head(name, i);
                int tail = incidence.tail(name, i);
                // What leaves a class without a norm has none itself.
                if (head >= 0 && writer[head] == k && !(tail >= 0 && seen[tail] && scales[tail] == 0)) {
                    double x = tail >= 0 && scales[tail] > 0 ? w.get(i) * (1 / scales[tail]) : w.get(i);
                    squares[head] += x * x;
                }
            }
            for (int g = 0; g < scales.length; g++) {
                if (writer[g] == k) {
                    seen[g] = true;
                    scales[g] = squares[g] > 0 ? 1 / Math.sqrt(squares[g]) : 0;
                }
            }
        }
        return scales;
    }

    /** A product with powers of two is exact, unlike the exponential of a sum of logarithms. */
    private Weights rescaled(Weights weights, double[] scales) {
        Incidence incidence = problem.incidence();
        double[] logs = Arrays.stream(scales).map(Math::log).toArray();
        Map<String, Tensor> out = new LinkedHashMap<>(
                Rescaling.of(problem.group(), logs).weights(weights).asMap());
        for (Expr p : problem.network().parameters()) {
            String name = Network.nameOf(p);
            Tensor w = weights.get(p);
            double[] moved = new double[w.size()];
            for (int i = 0; i < moved.length; i++) {
                int head = incidence.head(name, i);
                int tail = incidence.tail(name, i);
                moved[i] = w.get(i) * (head < 0 ? 1 : scales[head]) * (tail < 0 ? 1 : 1 / scales[tail]);
            }
            out.put(name, Tensor.of(w.shape(), w.dtype(), moved));
        }
        return Weights.of(out);
    }
}
