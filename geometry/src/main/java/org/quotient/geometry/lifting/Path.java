package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A path p of a model: where it begins and ends, the parameter elements on it in order, and the product of the constants, with
 * Φ_p(θ) = constant · Π θ_i (Gonon et al. 2023, Definition 2.2). Where activations multiply, a path is a tree with one beginning
 * for each branch. Immutable; {@link Paths} makes them.
 */
public final class Path {
    private final List<Step> steps;
    private final List<Object> parts;
    private final List<Endpoint> starts;
    private final List<ParameterElement> edges;
    private final double[] theta;
    private final double constant;
    private final Endpoint end;
    private final int endNode;
    private final Unrolled graph;

    /**
     * A path.
     *
     * @param steps from its beginning to its end
     * @param parts what a reader shall see: endpoints, parameter elements, branch marks
     * @param theta the value of each parameter element among the parts
     * @param constant the product of the constants
     */
    Path(
            List<Step> steps,
            List<Object> parts,
            double[] theta,
            double constant,
            Endpoint end,
            int endNode,
            Unrolled graph) {
        this.steps = List.copyOf(steps);
        this.parts = List.copyOf(parts);
        this.starts = only(Endpoint.class, parts);
        this.edges = only(ParameterElement.class, parts);
        this.theta = theta.clone();
        this.constant = constant;
        this.end = end;
        this.endNode = endNode;
        this.graph = graph;
    }

    private static <T> List<T> only(Class<T> type, List<Object> parts) {
        return parts.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Where the path begins: one endpoint, or one for each branch where activations multiply. */
    public List<Endpoint> starts() {
        return starts;
    }

    /** Where the path ends. */
    public Endpoint end() {
        return end;
    }

    /** The parameter elements on the path, from its beginning to its end, each as often as it occurs. */
    public List<ParameterElement> edges() {
        return edges;
    }

    /** The number of parameter elements on the path, counted as often as they occur; constants do not count. */
    public int length() {
        return theta.length;
    }

    /** The product of the constants on the path, signs included; never 0. */
    public double constant() {
        return constant;
    }

    /** How often a parameter element occurs on the path; 0 if not at all. */
    public int multiplicity(ParameterElement element) {
        return (int) edges.stream().filter(element::equals).count();
    }

    /** Φ_p(θ), the product of the constants and parameter elements on the path; possibly beyond the range of doubles. */
    public double value() {
        double product = constant;
        for (double factor : theta) {
            product *= factor;
        }
        return product;
    }

    /** ∂Φ_p/∂θ_i, right also where θ_i = 0 or the path passes it more than once; 0 if it does not. */
    public double partial(ParameterElement element) {
        double sum = 0;
        for (int i = 0; i < theta.length; i++) {
            if (edges.get(i).equals(element)) {
                sum += without(i);
            }
        }
        return sum;
    }

    /**
     * ∂Φ_p/∂θ_i; see {@link #partial(ParameterElement)}.
     *
     * @param parameter the name
     * @param index one index per axis of the parameter
     * @throws IllegalArgumentException if the model has no such parameter, or the index does not fit its shape
     */
    public double partial(String parameter, int... index) {
        return partial(graph.element(parameter, index));
    }

    /** The parameter elements on the path and ∂Φ_p/∂θ_i: the entries of row p of ∂Φ, each once, in order. */
    public Map<ParameterElement, Double> gradient() {
        Map<ParameterElement, Double> row = new LinkedHashMap<>();
        for (int i = 0; i < theta.length; i++) {
            row.merge(edges.get(i), without(i), Double::sum);
        }
        return row;
    }

    /** The product without factor i. */
    private double without(int i) {
        double product = constant;
        for (int j = 0; j < theta.length; j++) {
            product *= j == i ? 1 : theta[j];
        }
        return product;
    }

    List<Step> steps() {
        return steps;
    }

    int endNode() {
        return endNode;
    }

    Unrolled graph() {
        return graph;
    }

    /**
     * Such as {@code x[0] -> fc1.weight[2,0] -> fc2.weight[1,2] -> output[1]}, with the product of the constants in front if it
     * is not 1, as in {@code -0.5 · x[0] -> output[0]}; the branches of a tree are in parentheses:
     * {@code (x[0] -> a[0]) * (1 -> b[0]) -> output[0]}.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(constant == 1 ? "" : number(constant) + " · ");
        boolean fresh = true;
        List<Object> all = new ArrayList<>(parts);
        all.add(end);
        for (Object part : all) {
            String arrow = fresh || part == Step.Branch.TIMES || part == Step.Branch.CLOSE ? "" : " -> ";
            text.append(arrow).append(part instanceof Step.Branch branch ? sign(branch) : part);
            fresh = part == Step.Branch.OPEN || part == Step.Branch.TIMES;
        }
        return text.toString();
    }

    private static String number(double x) {
        return x == Math.rint(x) && Math.abs(x) < 1e15 ? String.valueOf((long) x) : String.valueOf(x);
    }

    private static String sign(Step.Branch branch) {
        return switch (branch) {
            case OPEN -> "(";
            case TIMES -> ") * (";
            case CLOSE -> ")";
        };
    }
}
