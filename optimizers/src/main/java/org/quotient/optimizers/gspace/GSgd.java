package org.quotient.optimizers.gspace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.basis.GSpace;
import org.quotient.geometry.basis.Skeleton;
import org.quotient.optimizers.Composition;
import org.quotient.optimizers.Direction;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Update;

/**
 * G-SGD (Meng et al., ICLR 2019) and its predecessor EC-SGD (Meng et al. 2018): v′ = v − η·direction(∂L/∂v) on the values of basis
 * paths, then weight allocation. Any direction works in these coordinates; momentum and Adam are kept in them.
 *
 * <p>Departures from the paper and its released code: any directed graph of units instead of layers of equal width, whole
 * residual networks, biases as edges from a constant source; normalisation treated exactly (filters as directions, gain and
 * shift as incoming edges) where the code ignores it; a guard where the released code may turn signs; an invariant choice
 * of the skeleton beside the published one; units for the values of paths beside the published ones ({@link PathValues}); the
 * skeleton's weights are kept instead of being set to 1, which is an option ({@code ones}) since it changes the function that
 * training starts from.
 *
 * @param name a short name
 * @param values the coordinates
 * @param direction in them, such as momentum
 * @param ones whether the skeleton's weights are set to 1 at the start, as published. Then the start depends on the
 *     representative, and so does the training
 * @param rechoose after how many steps the skeleton is chosen anew at the present weights; 0 for never. First moments are carried
 *     to the new coordinates exactly, as covectors; second moments begin again, since squares of sums cannot be carried
 */
public record GSgd(String name, PathValues values, Direction direction, boolean ones, long rechoose) implements Update {
    /** Checks the period. */
    public GSgd {
        if (rechoose < 0) {
            throw new IllegalArgumentException(
                    "A skeleton is chosen anew every 1 or more steps, or never (0); given " + rechoose);
        }
    }

    private Composition composition() {
        return Composition.of(name, values, direction, values);
    }

    @Override
    public Law law() {
        return ones ? Law.NONE : composition().law();
    }

    @Override
    public Optional<Initialisation> initialisation() {
        return ones ? Optional.of(this::ones) : Optional.empty();
    }

    private Weights ones(Problem problem, Weights weights) {
        Skeleton skeleton = values.rule().choose(problem.group(), weights);
        Map<String, Tensor> all = new LinkedHashMap<>(weights.asMap());
        int offset = 0;
        for (Expr p : problem.network().parameters()) {
            String parameter = Network.nameOf(p);
            double[] data = weights.get(p).data().clone();
            set(data, offset, skeleton.in());
            set(data, offset, skeleton.out());
            all.put(parameter, Tensor.of(p.shape(), p.dtype(), data));
            offset += data.length;
        }
        return Weights.of(all);
    }

    private static void set(double[] data, int offset, int[] elements) {
        for (int e : elements) {
            if (e >= offset && e < offset + data.length) {
                data[e - offset] = 1;
            }
        }
    }

    @Override
    public State init(Problem problem, Weights weights) {
        return composition().init(problem, weights);
    }

    @Override
    public Step step(Point at, Memory memory) {
        return composition().step(at, memory);
    }

    @Override
    public Optional<Between> between() {
        return rechoose == 0 ? Optional.empty() : Optional.of(new Between(rechoose, this::rechosen));
    }

    private Moved rechosen(Problem problem, Weights weights, State state) {
        Map<String, Tensor> known = state.get("metric." + PathValues.SKELETON).values();
        Skeleton before = PathValues.skeleton(known);
        Skeleton after = values.rule().choose(problem.group(), weights);
        if (after.equals(before)) {
            return new Moved(weights, state);
        }
        State.Slot chosen = values.slot(problem, weights, after);
        GSpace from = PathValues.space(problem, known);
        GSpace to = PathValues.space(problem, chosen.values());
        State moved = State.EMPTY;
        for (Map.Entry<String, State.Slot> entry : state.slots().entrySet()) {
            State.Slot slot = entry.getValue();
            if (entry.getKey().equals("metric." + PathValues.SKELETON)) {
                slot = chosen;
            } else if (slot.degree() == 1) {
                slot = slot.with(carried(problem, weights, slot.values(), from, to));
            } else if (slot.degree() == 2) {
                Map<String, Tensor> zeros = new LinkedHashMap<>();
                to.shapes()
                        .forEach((key, shape) ->
                                zeros.put(key, Tensor.of(shape, problem.dtype(), new double[shape.elements()])));
                slot = slot.with(zeros);
            }
            moved = moved.with(entry.getKey(), slot);
        }
        return new Moved(weights, moved);
    }

    /** d ↦ the gradient in the new coordinates of what d is in the old ones: pulled back to weights and on from there. */
    private static Map<String, Tensor> carried(
            Problem problem, Weights weights, Map<String, Tensor> covector, GSpace from, GSpace to) {
        Map<String, Expr> theta = new LinkedHashMap<>();
        for (Expr p : problem.network().parameters()) {
            theta.put(Network.nameOf(p), Expr.constant(weights.get(p)));
        }
        Map<String, Expr> d = new LinkedHashMap<>();
        covector.forEach((key, tensor) -> d.put(key, Expr.constant(tensor)));
        Map<String, Expr> result = to.gradient(theta, from.pullback(theta, d));
        java.util.List<Tensor> numbers = Evaluator.evaluate(java.util.List.copyOf(result.values()), Map.of(), 1);
        Map<String, Tensor> out = new LinkedHashMap<>();
        int next = 0;
        for (String key : result.keySet()) {
            out.put(key, numbers.get(next++));
        }
        return out;
    }
}
