package org.quotient.optimizers.gspace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.basis.BasisPathNorm;
import org.quotient.geometry.basis.GSpace;
import org.quotient.geometry.basis.Skeleton;
import org.quotient.geometry.basis.SkeletonSpace;
import org.quotient.geometry.basis.SkeletonUnits;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Layout;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Metric;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.Retraction;
import org.quotient.optimizers.State;

/**
 * The values v of basis paths as coordinates of the quotient (Meng et al. 2019): gradients become ∂L/∂v by the inverse chain rule,
 * and a step in v becomes new weights by weight allocation. The metric is Σ_b dv_b² over the basis paths of the skeleton: it is
 * invariant under rescaling, depends on the skeleton and on the units of v, and is not invariant under permutations of units.
 *
 * @param rule how the skeleton is chosen at the start
 * @param framed whether values are counted in units of the weights' covariant frame at the start, or when the skeleton was last
 *     chosen ({@link SkeletonSpace#unitsAt}), instead of as published. With v as published a step goes as 1/K², K the product of a
 *     few drawn weights; counted so, it begins as a step in the frame. Both are invariant. Coordinates by elimination have no
 *     such units and are taken as published
 * @param gauge which representative a step ends at: the published one keeps outgoing skeleton elements
 * @param guard the least fraction of a skeleton path's value that one step may leave (our addition: the released code has none, and
 *     a step beyond 0 would turn the function's sign); empty for exact arithmetic
 * @param decay λ ≥ 0 of ½λΣv² over the positive basis paths, v in their units, as the released code's weight decay
 * @param capacity μ ≥ 0 of μ·Ω of the values as published, the smooth basis-path norm (Zheng et al. 2019; Ω is ours, see {@link BasisPathNorm#regulariser})
 */
public record PathValues(
        SkeletonRule rule, boolean framed, GSpace.Gauge gauge, OptionalDouble guard, double decay, double capacity)
        implements Metric, Retraction {
    /** The slot of the state that holds the skeleton. */
    static final String SKELETON = "skeleton";

    /** Checks the coefficients. */
    public PathValues {
        if (!(decay >= 0 && capacity >= 0 && decay < Double.POSITIVE_INFINITY && capacity < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Decay and capacity are finite and at least 0; given " + decay + " and " + capacity);
        }
    }

    @Override
    public State init(Problem problem, Weights weights) {
        return State.of(SKELETON, slot(problem, weights, rule.choose(problem.group(), weights)));
    }

    /** What is to be known of a skeleton chosen at given weights. */
    State.Slot slot(Problem problem, Weights weights, Skeleton skeleton) {
        Map<String, Tensor> known = new LinkedHashMap<>();
        known.put("in", tensor(skeleton.in()));
        known.put("out", tensor(skeleton.out()));
        if (framed && GSpace.of(problem.group(), skeleton) instanceof SkeletonSpace trees) {
            SkeletonUnits units = trees.unitsAt(problem.incidence(), weights);
            known.put("units in", Tensor.of(Shape.of(units.generators()), units.in()));
            known.put("units out", Tensor.of(Shape.of(units.generators()), units.out()));
        }
        return new State.Slot(known, 0, true);
    }

    static Skeleton skeleton(Map<String, Tensor> stored) {
        return Skeleton.of(numbers(stored, "in"), numbers(stored, "out"));
    }

    private static Tensor tensor(int[] numbers) {
        double[] data = new double[numbers.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = numbers[i];
        }
        return Tensor.of(Shape.of(data.length), data);
    }

    private static int[] numbers(Map<String, Tensor> stored, String name) {
        Tensor tensor = Objects.requireNonNull(stored.get(name));
        int[] numbers = new int[tensor.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (int) tensor.get(i);
        }
        return numbers;
    }

    /** The coordinates that a slot describes. */
    static GSpace space(Problem problem, Map<String, Tensor> stored) {
        GSpace space = GSpace.of(problem.group(), skeleton(stored));
        Tensor in = stored.get("units in");
        return space instanceof SkeletonSpace trees && in != null
                ? trees.in(new SkeletonUnits(
                        in.data(),
                        Objects.requireNonNull(stored.get("units out")).data()))
                : space;
    }

    private static GSpace space(Point at, Memory memory) {
        Map<String, Tensor> stored = memory.fixed(SKELETON);
        return at.shared(stored, GSpace.class, () -> space(at.problem(), stored));
    }

    @Override
    public Layout layout(Problem problem, State state) {
        GSpace space = GSpace.of(problem.group(), skeleton(state.get(SKELETON).values()));
        return new Layout(space.shapes(), problem.dtype(), 0);
    }

    @Override
    public ParameterVector gradient(ParameterVector differential, Point at, Memory memory) {
        GSpace space = space(at, memory);
        Map<String, Expr> theta = at.theta().values();
        ParameterVector gradient = new ParameterVector(space.gradient(theta, differential.values()));
        if (decay == 0 && capacity == 0) {
            return gradient;
        }
        if (decay > 0) {
            Map<String, Expr> positive = new LinkedHashMap<>();
            space.pathValues(theta)
                    .forEach((name, v) ->
                            positive.put(name, name.equals(GSpace.SKELETON) ? v.times(0) : v.times(decay)));
            gradient = gradient.plus(new ParameterVector(positive));
        }
        if (capacity > 0) {
            if (!(space instanceof SkeletonSpace trees)) {
                throw new IllegalArgumentException("The basis-path norm needs basis paths by a skeleton; this network's"
                        + " coordinates were found by elimination, since it reuses weights along paths");
            }
            SkeletonSpace plain = trees.plain();
            Map<String, Expr> derivative = new BasisPathNorm(plain).gradient(plain.pathValues(theta));
            gradient = gradient.plus(new ParameterVector(trees.inUnits(derivative)).times(capacity));
        }
        return gradient;
    }

    @Override
    public ParameterVector retract(ParameterVector step, Point at, Memory memory) {
        GSpace.Allocation allocation = space(at, memory).allocate(at.theta().values(), step.values(), gauge, guard);
        at.report("guarded", allocation.guarded());
        return new ParameterVector(allocation.weights());
    }

    @Override
    public int power() {
        return 0;
    }

    @Override
    public Law law() {
        return Law.INVARIANT;
    }
}
