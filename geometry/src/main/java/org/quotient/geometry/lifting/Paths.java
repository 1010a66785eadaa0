package org.quotient.geometry.lifting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.Liveness;

/**
 * The paths of a model's unrolled forward graph for one sample, one after the other: the coordinates of the path lifting Φ(θ)
 * that {@link PathLifting} sums over without listing them. For small networks, and to look at the first paths of any.
 *
 * <p>A path begins at an input, a buffer, or the constant 1 (biases), goes through parameters and constants, and ends at an
 * output; every summand and every entrant of a maximum continues paths. At operations that are not positively homogeneous the
 * graph is cut: paths end at what they read where it is felt, and begin at what they yield. Idle parameters are on no path, nor
 * is what is structurally zero. Where activations multiply, a path is a pair of paths, one through each. The order is always
 * the same: by output, then cut, then element, depth first along operands and indices.
 *
 * <pre>{@code
 * Paths.of(model).forEach(System.out::println);
 * }</pre>
 */
public final class Paths implements Iterable<Path> {
    /** The most paths that {@link #phi} lists. */
    public static final int MOST_PATHS = 10_000_000;

    /** The most entries of a {@link #jacobian}. */
    public static final long MOST_ENTRIES = 50_000_000;

    private final Model model;
    private final Liveness liveness;
    private final Unrolled graph;
    private final Map<String, Tensor> theta;

    private Paths(Model model, Liveness liveness) {
        this.model = model;
        this.liveness = liveness;
        this.graph = new Unrolled(liveness);
        this.theta = model.weights().asMap();
    }

    /**
     * The paths of a model.
     *
     * @throws IllegalArgumentException if a parameter is NaN or infinite, or if the network divides by, or takes a root of, what
     *     its parameters reach: its paths are no products of parameters
     */
    public static Paths of(Model model) {
        Liveness liveness = Liveness.of(model.network());
        PathLifting.of(model, liveness);
        PathSum.of(liveness, 1);
        return new Paths(model, liveness);
    }

    /** The model. */
    public Model model() {
        return model;
    }

    @Override
    public Iterator<Path> iterator() {
        return new PathWalk(graph, this::make);
    }

    /** The paths, in order, each made when it is asked for. */
    public Stream<Path> stream() {
        int kind = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), kind), false);
    }

    /** The number of paths, without listing them: exact up to 2^53, possibly infinite beyond the range of doubles. */
    public double count() {
        // Constants count 1 each: |κ|^q is 1 for the smallest q unless κ = 0.
        PathSum sum = PathSum.of(liveness, Double.MIN_VALUE);
        Map<String, Tensor> ones = new HashMap<>(sum.fixed());
        BitSet live = liveness.live();
        for (Expr edge : sum.edges()) {
            int offset = graph.offset(Network.nameOf(edge));
            ones.put(Network.nameOf(edge), Tensor.fill(edge.shape(), DType.F64, i -> live.get(offset + i) ? 1 : 0));
        }
        return Evaluator.evaluate(List.of(sum.total()), ones, 1).get(0).item();
    }

    /**
     * The live parameter elements, in the order of the network's parameters, each row-major: the columns of {@link #jacobian}.
     * Trained slopes are live though they are on no path.
     */
    public List<ParameterElement> live() {
        return graph.elements(liveness.live());
    }

    /**
     * Φ(θ): the value of every path, in order.
     *
     * @throws IllegalArgumentException if there are more than {@value #MOST_PATHS} paths
     */
    public double[] phi() {
        checkCount(MOST_PATHS, "values");
        return stream().mapToDouble(Path::value).toArray();
    }

    /**
     * ∂Φ(θ), by row the paths in order, by column the {@link #live} parameter elements. Mostly zeros: {@link Path#gradient} has
     * the others.
     *
     * @throws IllegalArgumentException if it has more than {@value #MOST_ENTRIES} entries
     */
    public double[][] jacobian() {
        List<ParameterElement> live = live();
        Map<ParameterElement, Integer> columns = new HashMap<>();
        live.forEach(element -> columns.put(element, columns.size()));
        checkCount(MOST_ENTRIES / Math.max(1, live.size()), "rows of " + live.size() + " numbers");
        List<double[]> rows = new ArrayList<>();
        for (Path path : this) {
            double[] row = new double[live.size()];
            path.gradient().forEach((element, partial) -> row[Objects.requireNonNull(columns.get(element))] = partial);
            rows.add(row);
        }
        return rows.toArray(double[][]::new);
    }

    private void checkCount(long most, String what) {
        double count = count();
        if (!(count <= most)) {
            throw new IllegalArgumentException(
                    "The network has " + (count < 1e15 ? "" + (long) count : "" + count)
                            + " paths: too many for an array of " + what + ", with at most " + most
                            + ". PathLifting has their norms and inner products without listing them, and stream() the first ones");
        }
    }

    /**
     * Which paths are active at a sample.
     *
     * @param inputs one tensor per input of the network, with a batch of one sample
     * @throws IllegalArgumentException if there is another number of inputs, or of samples
     */
    public PathActivations at(Tensor... inputs) {
        return PathActivations.of(model, graph, Arrays.asList(inputs));
    }

    private Path make(List<Step> steps, PathWalk.Ending end) {
        List<Object> parts = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        double constant = 1;
        boolean begun = false;
        for (Step step : steps) {
            switch (step) {
                case Step.Begin b -> {
                    parts.add(begin(b));
                    begun = true;
                }
                case Step.Edge e -> {
                    begun |= begun || parts.add(Endpoint.ONE);
                    String name = parameter(e);
                    parts.add(graph.element(name, e.element()));
                    values.add(Objects.requireNonNull(theta.get(name)).get(e.element()));
                }
                case Step.Scale s -> constant *= s.constant();
                case Step.Branch b -> {
                    begun |= b == Step.Branch.OPEN || begun || parts.add(Endpoint.ONE);
                    parts.add(b);
                    begun = b == Step.Branch.CLOSE;
                }
                case Step.Gate g -> {}
                case Step.Visit v -> throw new IllegalStateException("A path still to walk: " + v);
            }
        }
        if (!begun) {
            parts.add(Endpoint.ONE);
        }
        return new Path(
                steps,
                parts,
                values.stream().mapToDouble(v -> v).toArray(),
                constant,
                endpoint(end.tensor().kind(), end.tensor().name(), end.tensor().node(), end.element()),
                end.tensor().node(),
                graph);
    }

    private String parameter(Step.Edge edge) {
        if (graph.vertices(edge.node()) instanceof Vertices.Parameter parameter) {
            return parameter.name();
        }
        throw new IllegalStateException("No parameter: " + edge);
    }

    private Endpoint begin(Step.Begin begin) {
        if (graph.vertices(begin.node()) instanceof Vertices.Source source) {
            return endpoint(source.kind(), source.name(), begin.node(), begin.element());
        }
        throw new IllegalStateException("No source: " + begin);
    }

    private Endpoint endpoint(Endpoint.Kind kind, String name, int node, int element) {
        return new Endpoint(
                kind,
                name,
                element,
                Endpoint.indexOf(element, graph.nodes().get(node).shape()));
    }
}
