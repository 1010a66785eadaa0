package org.quotient.optimizers.zoo;

import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.optimizers.Law;
import org.quotient.optimizers.Memory;
import org.quotient.optimizers.ParameterVector;
import org.quotient.optimizers.Point;
import org.quotient.optimizers.Problem;
import org.quotient.optimizers.State;
import org.quotient.optimizers.Update;

/**
 * Gradient descent in the coordinates of weight normalisation (Salimans and Kingma 2016): each row of a weight is w = g·v/‖v‖, and
 * g ← g − η ∂g, v ← v − η ∂v with ∂g = ∂w·v/‖v‖ and ∂v = (g/‖v‖)(∂w − ∂g·v/‖v‖), which is orthogonal to v, so that ‖v‖ only grows.
 * Rows are those of tensors (filters of a convolution) in every layer; vectors, such as biases, take plain steps.
 *
 * <p>θ holds w as everywhere; v is remembered and g = w·v/‖v‖ follows from both, with its sign. v begins as w, as
 * {@code torch.nn.utils.weight_norm} has it, or as w/‖w‖; the publication draws v and sets g from data.
 *
 * <p>Law: none, since ∂g is a differential, and the coordinates remove nothing of the rescalings. (With {@code unit} the scales of
 * rows before a batch normalisation are not felt: there ∂g = 0, and ∂v = g·∂w. Before other normalisations biases feel them.) A
 * rescaling multiplies v as it does w.
 *
 * @param unit whether v begins as w/‖w‖; else as w
 */
public record WeightNormalisation(boolean unit) implements Update {
    private static final String SLOT = "direction of rows";

    @Override
    public String name() {
        return "weight-norm";
    }

    @Override
    public Law law() {
        return Law.NONE;
    }

    /**
     * v of every row.
     *
     * @throws IllegalArgumentException for a row of zeros, which has no direction
     */
    @Override
    public State init(Problem problem, Weights weights) {
        Edges edges = Edges.of(problem, "Weight normalisation");
        Map<String, Tensor> directions = new LinkedHashMap<>();
        for (Expr p : problem.network().parameters()) {
            String name = Network.nameOf(p);
            if (!edges.isVector(name)) {
                directions.put(name, direction(name, weights.get(p), edges.rowAxis(name)));
            }
        }
        return State.of(SLOT, new State.Slot(directions, 1, false));
    }

    private Tensor direction(String name, Tensor w, int axis) {
        Shape shape = w.shape();
        int stride = 1;
        for (int a = axis + 1; a < shape.rank(); a++) {
            stride *= shape.size(a);
        }
        double[] squares = new double[shape.size(axis)];
        for (int i = 0; i < w.size(); i++) {
            squares[i / stride % squares.length] += w.get(i) * w.get(i);
        }
        double[] v = w.data().clone();
        for (int i = 0; i < v.length; i++) {
            double square = squares[i / stride % squares.length];
            if (square == 0) {
                throw new IllegalArgumentException("Weight normalisation needs rows that are not zero; row "
                        + i / stride % squares.length + " of '" + name
                        + "' is: it has no direction. Draw it anew or use another optimizer");
            }
            v[i] = unit ? v[i] / Math.sqrt(square) : v[i];
        }
        return Tensor.of(shape, w.dtype(), v);
    }

    @Override
    public Step step(Point at, Memory memory) {
        Edges edges = Edges.of(at.problem(), "Weight normalisation");
        ParameterVector directions = memory.get(SLOT);
        Map<String, Expr> theta = new LinkedHashMap<>();
        Map<String, Expr> next = new LinkedHashMap<>();
        Expr eta = at.learningRate();
        at.theta().values().forEach((name, w) -> {
            Expr slope = at.differential().get(name);
            Expr v = directions.values().get(name);
            if (v == null) {
                theta.put(name, w.minus(slope.times(eta)));
                return;
            }
            Expr norm = Ops.sqrt(edges.rowSums(name, v.times(v)));
            Expr gain = edges.rowSums(name, w.times(v)).over(norm);
            Expr gainSlope = edges.rowSums(name, slope.times(v)).over(norm);
            Expr radial = edges.overRows(name, gainSlope.over(norm));
            Expr turned = v.minus(slope.minus(radial.times(v))
                    .times(edges.overRows(name, gain.over(norm).times(eta))));
            Expr length = Ops.sqrt(edges.rowSums(name, turned.times(turned)));
            Expr grown = gain.minus(gainSlope.times(eta)).over(length);
            theta.put(name, turned.times(edges.overRows(name, grown)));
            next.put(name, turned);
        });
        return new Step(new ParameterVector(theta), Map.of(SLOT, new ParameterVector(next)));
    }
}
