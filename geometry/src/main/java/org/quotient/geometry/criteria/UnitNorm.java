package org.quotient.geometry.criteria;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.ScaleLaw;

/**
 * The representative whose incoming weights have unit norm in every class of units, as the unit norm constraint of
 * Badrinarayanan, Mishra and Cipolla (2015) wants them: one sweep over the classes in forward order, each scaled by the first
 * weights that write into it (biases follow and do not count in the norm). It is no convex criterion but a section of the orbits.
 * Where several layers write into one class, as into a residual stream, only the first of them can be asked to have unit norm;
 * the norms of the others are reported.
 *
 * @param group the group
 * @param z the log-scales, one per generator
 * @param frozen the generators that were not moved, and why
 * @param unsolved where the norm of incoming weights is not 1: no rescaling has them all at 1
 */
@SuppressWarnings("ArrayRecordComponent")
public record UnitNorm(RescalingGroup group, double[] z, List<OrbitCriterion.Frozen> frozen, List<Norm> unsolved) {

    /** Norms that differ from 1 by no more than this are 1. */
    private static final double TOLERANCE = 1e-9;

    /** Copies the lists. */
    public UnitNorm {
        frozen = List.copyOf(frozen);
        unsolved = List.copyOf(unsolved);
    }

    /**
     * The norm of the weights of a parameter that write into a class.
     *
     * @param generator the class
     * @param parameter the parameter's name
     * @param norm after the sweep
     */
    public record Norm(int generator, String parameter, double norm) {}

    /** The rescaling by z. */
    public Rescaling rescaling() {
        return Rescaling.of(group, z);
    }

    /** The largest |log norm| over the weights that write into classes which were moved, infinite for a norm of 0. */
    public double residual() {
        return unsolved.stream()
                .mapToDouble(n -> Math.abs(Math.log(n.norm())))
                .max()
                .orElse(0);
    }

    /** The section through the class of a model. */
    public static UnitNorm of(RescalingGroup group, Model model) {
        if (!group.network().equals(model.network())) {
            throw new IllegalArgumentException("The group is of another network than the model");
        }
        return new Sweep(group, model).run();
    }

    /** The largest |log norm| of weights that write into a class, before anything is moved; infinite for a norm of 0. */
    public static double residual(RescalingGroup group, Model model) {
        return new Sweep(group, model).residual();
    }

    /**
     * The parameters whose norm can be asked to be 1, in the order of the sweep: a class is scaled by the first of them that writes
     * into it.
     *
     * @return names of weights and gains, not of biases, by first use
     */
    public static List<String> writers(RescalingGroup group) {
        BitSet weights = Sweep.weights(group.network());
        return ForwardOrder.parameters(group).stream()
                .filter(weights::get)
                .map(k -> Network.nameOf(group.network().parameters().get(k)))
                .toList();
    }

    private static final class Sweep {
        private final RescalingGroup group;
        private final Model model;
        private final Coordinates coordinates;
        private final double[] y;

        Sweep(RescalingGroup group, Model model) {
            this.group = group;
            this.model = model;
            this.coordinates = Coordinates.of(group);
            this.y = new double[coordinates.count()];
        }

        UnitNorm run() {
            BitSet weights = weights(group.network());
            List<Integer> writers =
                    ForwardOrder.parameters(group).stream().filter(weights::get).toList();
            List<OrbitCriterion.Frozen> frozen = new ArrayList<>();
            for (int g : coordinates.frozen()) {
                frozen.add(new OrbitCriterion.Frozen(g, "a normalisation removes its scale"));
            }
            BitSet seen = new BitSet();
            BitSet moved = new BitSet();
            for (int k : writers) {
                double[] squares = squares(k);
                for (int h = 0; h < y.length; h++) {
                    if (!Double.isNaN(squares[h]) && !seen.get(h)) {
                        seen.set(h);
                        if (squares[h] == 0) {
                            frozen.add(frozen(h, "dead: the weights that write into it are all zero"));
                        } else {
                            y[h] = -Math.log(squares[h]) / 2;
                            moved.set(h);
                        }
                    }
                }
            }
            for (int h = seen.nextClearBit(0); h < y.length; h = seen.nextClearBit(h + 1)) {
                frozen.add(frozen(h, "no weights write into it"));
            }
            return new UnitNorm(group, coordinates.lift(y), frozen, unsolved(writers, moved));
        }

        double residual() {
            BitSet all = new BitSet();
            all.set(0, y.length);
            BitSet weights = weights(group.network());
            List<Integer> writers =
                    ForwardOrder.parameters(group).stream().filter(weights::get).toList();
            return unsolved(writers, all).stream()
                    .mapToDouble(n -> Math.abs(Math.log(n.norm())))
                    .max()
                    .orElse(0);
        }

        private OrbitCriterion.Frozen frozen(int h, String reason) {
            return new OrbitCriterion.Frozen(coordinates.generator(h), reason);
        }

        private List<Norm> unsolved(List<Integer> writers, BitSet moved) {
            List<Norm> out = new ArrayList<>();
            for (int k : writers) {
                double[] squares = squares(k);
                for (int h = moved.nextSetBit(0); h >= 0; h = moved.nextSetBit(h + 1)) {
                    double norm = Math.sqrt(squares[h]);
                    if (Math.abs(norm - 1) > TOLERANCE) {
                        out.add(new Norm(
                                coordinates.generator(h),
                                Network.nameOf(group.network().parameters().get(k)),
                                norm));
                    }
                }
            }
            return out;
        }

        /** Per coordinate Σθ² over the elements of a parameter that it multiplies, at the present y; NaN where none. */
        private double[] squares(int k) {
            ScaleLaw law = group.scaleLaw(k);
            Tensor theta = model.weights().get(group.network().parameters().get(k));
            List<double[]> logs = new ArrayList<>();
            List<int[]> strides = new ArrayList<>();
            List<int[][]> targets = new ArrayList<>();
            for (ScaleLaw.Factor factor : law.factors()) {
                List<ScaleLaw.Row> rows =
                        factor.rows().stream().map(coordinates::reduce).toList();
                logs.add(rows.stream().mapToDouble(r -> r.times(y)).toArray());
                strides.add(factor.strides());
                targets.add(rows.stream().map(Sweep::raised).toArray(int[][]::new));
            }
            double[] squares = new double[y.length];
            Arrays.fill(squares, Double.NaN);
            int[] index = new int[law.sizes().size()];
            int[] at = new int[logs.size()];
            for (int i = 0; i < theta.size(); i++) {
                double log = 0;
                for (int f = 0; f < at.length; f++) {
                    at[f] = 0;
                    for (int a = 0; a < index.length; a++) {
                        at[f] += index[a] * strides.get(f)[a];
                    }
                    log += logs.get(f)[at[f]];
                }
                double x = theta.get(i) * Math.exp(log);
                for (int f = 0; f < at.length; f++) {
                    for (int h : targets.get(f)[at[f]]) {
                        squares[h] = (Double.isNaN(squares[h]) ? 0 : squares[h]) + x * x;
                    }
                }
                for (int a = index.length - 1;
                        a >= 0 && ++index[a] == law.sizes().get(a);
                        a--) {
                    index[a] = 0;
                }
            }
            return squares;
        }

        private static int[] raised(ScaleLaw.Row row) {
            return java.util.stream.IntStream.range(0, row.generators().length)
                    .filter(t -> row.coefficients()[t] > 0)
                    .map(t -> row.generators()[t])
                    .toArray();
        }

        /** Parameters that multiply what flows through the network, such as weights and gains, not biases. */
        private static BitSet weights(Network network) {
            Map<Expr, BitSet> carried = new IdentityHashMap<>();
            BitSet weights = new BitSet();
            for (Expr node : Graph.topological(network.outputs())) {
                BitSet mine = new BitSet();
                int k = network.parameters().indexOf(node);
                if (k >= 0) {
                    mine.set(k);
                }
                boolean product = node.op() instanceof Op.Contraction
                        || node.op() instanceof Op.Binary b && b.kind() == Op.BinaryKind.MUL;
                for (Expr operand : node.operands()) {
                    BitSet theirs = carried.getOrDefault(operand, new BitSet());
                    if (product) {
                        weights.or(theirs);
                    } else if (node.op() instanceof Op.Move) {
                        mine.or(theirs);
                    }
                }
                carried.put(node, mine);
            }
            return weights;
        }
    }

    /** Such as {@code unit norm: 3 generators, largest |z| 1.2}. */
    @Override
    public String toString() {
        return "unit norm: " + z.length + " generators, largest |z| "
                + Arrays.stream(z).map(Math::abs).max().orElse(0)
                + (unsolved.isEmpty() ? "" : ", " + unsolved.size() + " norms not 1");
    }
}
