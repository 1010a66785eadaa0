package org.quotient.geometry.functional.floating;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.Frame;
import org.quotient.geometry.Incidence;
import org.quotient.geometry.Liveness;
import org.quotient.geometry.RescalingGroup;
import org.quotient.geometry.functional.jacobian.JacobianRows;
import org.quotient.geometry.functional.jacobian.RankStream;
import org.quotient.geometry.functional.jacobian.Subject;
import org.quotient.geometry.functional.pattern.Patterns;
import org.quotient.geometry.functional.pattern.Points;

/**
 * The rank of the Jacobian on given points in floating point, for networks too large for exact elimination or not piecewise polynomial.
 *
 * <p>Columns are multiplied by θ before singular values are taken: J·diag(θ) is the same on the whole orbit of θ under rescaling
 * (bit for bit under powers of two), while the singular values of J itself follow the representative, and small ones drown. Where
 * θ_i = 0 the column is multiplied by a covariant unit of θ_i (see {@link Frame}) if there is one, else by 1. Factors that are not
 * 0 do not change the rank.
 */
public final class FloatingDimension {
    private FloatingDimension() {}

    /**
     * The rank for a piecewise polynomial network, one sample at a time in double precision.
     *
     * @param subject the network at θ
     * @param sets of points; those on a kink are left out
     * @throws IllegalArgumentException if memory would not suffice, naming the size
     * @throws IllegalStateException if the singular values give a rank above the bound
     */
    public static FloatingRank of(Subject subject, List<Points> sets) {
        int columns = subject.rows().columns();
        NumericalRank.requireMemory(subject.model().network().name(), columns);
        double[] units = units(subject.model(), subject.live());
        NumericalRank rank = new NumericalRank(columns);
        int perSample = subject.rows().rowsPerSample();
        int step = Math.max(1, RankStream.CHUNK / Math.max(1, columns * perSample));
        for (Points points : sets) {
            Patterns patterns = subject.decider().decide(points);
            for (int from = 0; from < patterns.count(); from += step) {
                Patterns part = patterns.range(from, Math.min(patterns.count(), from + step));
                JacobianRows.Values values = new JacobianRows.Values(
                        subject.decider().parameters(), part.points().doubles(), part.masks());
                double[] rows = subject.rows().of(values, part.count(), Optional.empty());
                scale(rows, units);
                rank.add(rows, part.count() * perSample);
            }
        }
        return FloatingRank.of(rank.singularValues(), units.length, rank.rows(), subject.groupBound(), DType.F64);
    }

    /**
     * The rank for any network as it stands, the batch evaluated as a whole (so that batch statistics count), one backward pass for
     * each element of the outputs, in the network's own arithmetic.
     *
     * @param model the network and θ
     * @param inputs one tensor for each input
     * @param bound what no rank exceeds; the number of live parameters if nothing better is known
     * @param dtype the arithmetic that the tolerance is for; that of the network
     * @throws IllegalArgumentException if memory would not suffice, naming the size
     * @throws IllegalStateException if the singular values give a rank above the bound
     */
    public static FloatingRank whole(Model model, List<Tensor> inputs, int bound, DType dtype) {
        Network network = model.network();
        BitSet live = Liveness.of(network).live();
        NumericalRank.requireMemory(network.name(), live.cardinality());
        double[] units = units(model, live);
        NumericalRank rank = new NumericalRank(units.length);
        List<Expr> cotangents = new ArrayList<>();
        for (Expr output : network.outputs()) {
            cotangents.add(Expr.input("cotangent " + cotangents.size(), output.dtype(), output.shape()));
        }
        List<Expr> gradients = Differentiation.vjp(network.outputs(), cotangents, network.parameters());
        Map<String, Tensor> given = model.weights().with(network.inputs(), inputs);
        int batch = inputs.get(0).shape().size(0);
        for (int k = 0; k < cotangents.size(); k++) {
            Expr output = network.outputs().get(k);
            for (int other = 0; other < cotangents.size(); other++) {
                Expr o = network.outputs().get(other);
                given.put("cotangent " + other, Tensor.fill(o.shape().bind(batch), o.dtype(), i -> 0));
            }
            int elements = output.shape().bind(batch).elements();
            for (int e = 0; e < elements; e++) {
                int one = e;
                given.put(
                        "cotangent " + k,
                        Tensor.fill(output.shape().bind(batch), output.dtype(), i -> i == one ? 1 : 0));
                double[] row = row(Evaluator.evaluate(gradients, needed(gradients, given), batch), live, units.length);
                scale(row, units);
                rank.add(row, 1);
            }
        }
        return FloatingRank.of(rank.singularValues(), units.length, rank.rows(), bound, dtype);
    }

    private static Map<String, Tensor> needed(List<Expr> outputs, Map<String, Tensor> given) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (Expr node : Graph.topological(outputs)) {
            if (node.op() instanceof Op.Variable v) {
                Tensor value = given.get(v.name());
                if (value != null) {
                    out.put(v.name(), value);
                }
            }
        }
        return out;
    }

    private static double[] row(List<Tensor> gradients, BitSet live, int columns) {
        double[] row = new double[columns];
        int element = 0;
        int column = 0;
        for (Tensor gradient : gradients) {
            for (double value : gradient.data()) {
                if (live.get(element++)) {
                    row[column++] = value;
                }
            }
        }
        return row;
    }

    private static void scale(double[] rows, double[] units) {
        for (int i = 0; i < rows.length; i++) {
            rows[i] *= units[i % units.length];
        }
    }

    /** θ where it is not 0, else a covariant unit. */
    private static double[] units(Model model, BitSet live) {
        double[] units = new double[live.cardinality()];
        int element = 0;
        int column = 0;
        boolean zeros = false;
        for (Expr parameter : model.network().parameters()) {
            for (double value : model.weights().get(parameter).data()) {
                if (live.get(element++)) {
                    zeros |= value == 0;
                    units[column++] = value;
                }
            }
        }
        if (!zeros) {
            return units;
        }
        double[] frame = frame(model, live);
        for (int i = 0; i < units.length; i++) {
            units[i] = units[i] != 0 ? units[i] : frame[i] != 0 ? frame[i] : 1;
        }
        return units;
    }

    private static double[] frame(Model model, BitSet live) {
        double[] out = new double[live.cardinality()];
        RescalingGroup group = RescalingGroup.of(model.network());
        Incidence incidence = Incidence.of(group);
        try {
            incidence.requireEdges("A unit for weights that are 0");
        } catch (IllegalArgumentException e) {
            return out;
        }
        Map<String, Expr> theta = new LinkedHashMap<>();
        for (Expr p : model.network().parameters()) {
            theta.put(Network.nameOf(p), Expr.constant(model.weights().get(p).cast(DType.F64)));
        }
        Map<String, Expr> units = Frame.of(group, incidence, model.weights()).units(theta);
        int element = 0;
        int column = 0;
        for (Expr p : model.network().parameters()) {
            Expr unit = java.util.Objects.requireNonNull(units.get(Network.nameOf(p)));
            for (double value : Evaluator.evaluate(unit, Map.of()).data()) {
                if (live.get(element++)) {
                    out[column++] = value;
                }
            }
        }
        return out;
    }
}
