package org.quotient.proofs.catalogue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.fraction.BigFraction;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Freeze;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.jacobian.WholeElimination;
import org.quotient.geometry.functional.pattern.ExactValues;
import org.quotient.proofs.Claim;
import org.quotient.proofs.Finding;
import org.quotient.proofs.Theorem;
import org.quotient.proofs.Verdict;
import org.quotient.proofs.generators.Data;
import org.quotient.proofs.generators.Family;
import org.quotient.proofs.generators.Layer;
import org.quotient.proofs.generators.NetworkInstance;
import org.quotient.proofs.generators.Networks;
import org.quotient.proofs.generators.Sketch;

/**
 * A critical point of the loss in the weights that is none in the path values has a unit with a dead fan. To have critical points at
 * all, targets are chosen so that the given weights are one: f − y is orthogonal to the columns of the Jacobian on many samples.
 */
final class SpuriousPointsTheorem {
    private static final int LARGEST_INPUT = 9;

    private SpuriousPointsTheorem() {}

    static Theorem<NetworkInstance> theorem() {
        return new Theorem<>(
                "spurious-critical-points",
                new Claim<>(
                        "in a multilayer perceptron, a critical point of a loss in the weights that is none in the values of"
                                + " the basis paths occurs only where all weights into, or all weights out of, some unit are"
                                + " zero: elsewhere rank ∂Φ = live − generators",
                        SpuriousPointsTheorem::check),
                "\\nabla_\\theta L = 0,\\ \\nabla_v L \\ne 0 \\implies \\exists u:\\ \\theta_{\\mathrm{in}(u)} = 0"
                        + " \\text{ or } \\theta_{\\mathrm{out}(u)} = 0",
                "derived; the claim of many spurious critical points is Meng et al., arXiv 1802.03713",
                JacobianRankTheorem.hypotheses(),
                NetworkInstances.of(
                        Networks.of(Family.MLP).upTo(2).withSamples(1).withZeros(),
                        120,
                        NetworkInstance.of(
                                        Sketch.of(
                                                1,
                                                new Layer.Dense(1, false),
                                                new Layer.Activation(0.5),
                                                new Layer.Dense(1, false)),
                                        0,
                                        0)
                                .with(new Data(List.of(Tensor.of(Shape.of(1, 1), 2)), Tensor.of(Shape.of(1, 1), 3)))),
                Verdict.PROVED,
                new Claim<>(
                        "a critical point of the loss in the weights is one in the path values, also where weights are zero",
                        SpuriousPointsTheorem::atDeadUnits));
    }

    private static Finding check(NetworkInstance i) {
        if (!deadUnits(i).isEmpty()) {
            return new Finding.NotApplicable("some weight into and some weight out of every unit is not 0");
        }
        int rank = JacobianRankTheorem.rank(i);
        int most = Math.toIntExact(i.live() - i.group().rank());
        if (rank != most) {
            return new Finding.Refuted("rank ∂Φ = " + rank + " < " + most + ", but no unit has a zero fan");
        }
        Optional<BasisPaths> basis = BasisPaths.of(i);
        if (basis.isEmpty()) {
            return new Finding.Refuted("there is no skeleton of nonzero weights, but no unit has a zero fan");
        }
        Tensor x = samples(i, most + 1);
        BigInteger[] residuals = residuals(i, x);
        PathSlopes slopes = new PathSlopes(i, PathSlopes.samples(x), residuals);
        BigFraction[] gradient = slopes.inBasis(basis.get());
        return Arrays.stream(gradient).allMatch(ExactNumbers::isZero)
                ? new Finding.Proved(
                        "rank ∂Φ = " + rank + " = live − generators; with residuals for which ∂L/∂θ = 0 on "
                                + x.shape().size(0) + " samples all " + gradient.length + " ∂L/∂v vanish, "
                                + (slopes.vary() ? "though not those of all paths" : "as do those of all paths"))
                : new Finding.Refuted("on inputs " + NetworkInstance.text(x) + " with f − y = "
                        + Arrays.toString(residuals) + " ∂L/∂θ = 0, but ∂L/∂v = " + ExactNumbers.text(gradient));
    }

    /** Whole numbers, as many samples as rows are wanted. */
    private static Tensor samples(NetworkInstance i, int number) {
        Shape shape = i.network().inputs().getFirst().shape().bind(number);
        CounterRandom random = CounterRandom.seeded(0).split("samples");
        double[] data = new double[shape.elements()];
        Arrays.setAll(data, k -> random.below(k, 2 * LARGEST_INPUT + 1) - LARGEST_INPUT);
        return Tensor.of(shape, data);
    }

    /** f − y, not 0, such that Σ (f − y) ∂f/∂θ = 0: a combination of all that are. */
    private static BigInteger[] residuals(NetworkInstance i, Tensor x) {
        Network frozen = Freeze.at(i.network(), i.weights(), List.of(x));
        Expr y = frozen.outputs().getFirst();
        int rows = y.shape().elements();
        Map<String, Expr> blocks = new LinkedHashMap<>();
        frozen.parameters().forEach(p -> blocks.put(Network.nameOf(p), Differentiation.jacobian(y, p)));
        List<BigInteger[]> columns = new ArrayList<>();
        ExactNumbers.evaluate(blocks, ExactNumbers.of(i.weights().with(frozen.inputs(), List.of(x))))
                .values()
                .forEach(block -> columns.addAll(columns(block, rows)));
        BigInteger[] sum = new BigInteger[rows];
        Arrays.fill(sum, BigInteger.ZERO);
        for (BigInteger[] vector : WholeElimination.nullSpace(columns, rows)) {
            Arrays.setAll(sum, r -> sum[r].add(vector[r]));
        }
        return sum;
    }

    /** The columns of a matrix of dyadic numbers, each times a power of two that makes it whole. */
    private static List<BigInteger[]> columns(ExactValues block, int rows) {
        int width = block.numbers().length / rows;
        List<BigInteger[]> out = new ArrayList<>();
        for (int c = 0; c < width; c++) {
            BigFraction[] column = new BigFraction[rows];
            BigInteger common = BigInteger.ONE;
            for (int r = 0; r < rows; r++) {
                column[r] = block.numbers()[r * width + c];
                common = common.max(column[r].getDenominator());
            }
            BigInteger scale = common;
            out.add(Arrays.stream(column)
                    .map(f -> f.multiply(scale).getNumerator())
                    .toArray(BigInteger[]::new));
        }
        return out;
    }

    /** The weights into and out of a unit, by element numbers. */
    private record Fans(List<Integer> in, List<Integer> out) {}

    /** Units with only zeros on one side. */
    private static List<Fans> deadUnits(NetworkInstance i) {
        List<Fans> dead = new ArrayList<>();
        for (int k = 0; k < i.group().rank(); k++) {
            Fans fans = new Fans(new ArrayList<>(), new ArrayList<>());
            boolean[] nonzero = new boolean[2];
            int element = 0;
            for (Expr p : i.network().parameters()) {
                for (double w : i.weights().get(p).data()) {
                    long side = i.group().row(element).getOrDefault(k, 0L);
                    if (side != 0) {
                        (side > 0 ? fans.in() : fans.out()).add(element);
                        nonzero[side > 0 ? 0 : 1] |= w != 0;
                    }
                    element++;
                }
            }
            if (!nonzero[0] || !nonzero[1]) {
                dead.add(fans);
            }
        }
        return dead;
    }

    /**
     * The neighbour. If all that enters a unit is zero, what leaves it may be changed without a change of any path value, and then
     * one weight on each side moves the path values of the unit along a line.
     */
    private static Finding atDeadUnits(NetworkInstance i) {
        if (!ExactNumbers.vanish(ExactNumbers.gradient(i))) {
            return new Finding.NotApplicable("θ is a critical point");
        }
        Tensor y = i.model().evaluate(i.data().inputs()).getFirst();
        BigInteger[] residuals = new BigInteger[y.size()];
        for (int k = 0; k < residuals.length; k++) {
            BigFraction residual = ExactValues.of(y.get(k) - i.data().target().get(k));
            if (!residual.getDenominator().equals(BigInteger.ONE)) {
                return new Finding.NotApplicable("outputs are whole numbers");
            }
            residuals[k] = residual.getNumerator();
        }
        PathSlopes slopes =
                new PathSlopes(i, PathSlopes.samples(i.data().inputs().getFirst()), residuals);
        BigFraction here = slopes.along(i.weights().asMap());
        for (Fans unit : deadUnits(i)) {
            for (int in : unit.in()) {
                for (int out : unit.out()) {
                    BigFraction slope = slopes.along(with(i, unit, in, out)).subtract(here);
                    if (!ExactNumbers.isZero(slope)) {
                        return new Finding.Refuted("all ∂L/∂θ are 0 for input " + Equivariance.inputs(i)
                                + " and target " + NetworkInstance.text(i.data().target())
                                + ", but where path values move as by " + i.element(in) + " and " + i.element(out)
                                + " together, dL/dt = " + ExactNumbers.text(slope));
                    }
                }
            }
        }
        return new Finding.Supported("both gradients vanish");
    }

    /** The weights with 1 at two elements and else 0 at a unit. */
    private static Map<String, Tensor> with(NetworkInstance i, Fans unit, int in, int out) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        int element = 0;
        for (Expr p : i.network().parameters()) {
            double[] data = i.weights().get(p).data().clone();
            for (int k = 0; k < data.length; k++, element++) {
                if (unit.in().contains(element) || unit.out().contains(element)) {
                    data[k] = element == in || element == out ? 1 : 0;
                }
            }
            values.put(Network.nameOf(p), Tensor.of(p.shape(), data));
        }
        return values;
    }
}
