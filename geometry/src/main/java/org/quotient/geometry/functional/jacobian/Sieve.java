package org.quotient.geometry.functional.jacobian;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.rewrite.Rewriter;
import org.quotient.geometry.functional.pattern.Head;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/**
 * Tells which rows are outside of a space, without making them: the outputs are differentiated along one random vector
 * that is orthogonal to the space, which costs about two forward passes for all rows of a sample together. A row outside has a
 * derivative of 0 there with probability 1/p, and is then missed: a rank found with a sieve is still a lower bound.
 */
final class Sieve {
    private final MaskedNetwork masked;
    private final int[] elements;
    private final List<Expr> tangents = new ArrayList<>();
    private final List<Expr> derivatives;
    private final Map<String, Op.Variable> needed = new LinkedHashMap<>();

    /**
     * Derives the graph.
     *
     * @param masked the network
     * @param elements of the parameters, to which the columns belong
     */
    Sieve(MaskedNetwork masked, int[] elements) {
        this.masked = masked;
        this.elements = elements;
        for (Expr parameter : masked.parameters()) {
            tangents.add(Expr.parameter("tangent of " + Network.nameOf(parameter), DType.F64, parameter.shape()));
        }
        List<Expr> outputs = masked.values();
        this.derivatives = Rewriter.exact().apply(Differentiation.jvp(outputs, masked.parameters(), tangents));
        for (Expr node : Graph.topological(derivatives)) {
            if (node.op() instanceof Op.Variable v) {
                needed.put(v.name(), v);
            }
        }
    }

    /** How many numbers a sieve of some samples needs at most. */
    long numbers(int count) {
        return Footprint.numbers(derivatives, count);
    }

    /**
     * Which rows are outside of a space.
     *
     * @param vector orthogonal to the space, one entry for each column
     * @param field of its entries
     * @param values parameters, inputs and masks, residues all
     * @param count samples
     * @return for each row of each sample, sample by sample
     */
    boolean[] outside(double[] vector, Numbers.PrimeField field, JacobianRows.Values values, int count) {
        Map<String, Tensor> given = new LinkedHashMap<>();
        given.putAll(values.parameters());
        for (int i = 0; i < masked.inputs().size(); i++) {
            given.put(Network.nameOf(masked.inputs().get(i)), values.inputs().get(i));
        }
        for (int k = 0; k < masked.kinks().size(); k++) {
            given.put(
                    Network.nameOf(masked.kinks().get(k).mask()), values.masks().get(k));
        }
        put(given, vector);
        given.keySet().retainAll(needed.keySet());
        int perSample = masked.rowsPerSample();
        boolean[] outside = new boolean[count * perSample];
        boolean batched = needed.values().stream().anyMatch(v -> v.shape().isSymbolic());
        if (!batched) {
            // The derivative is the same everywhere: one sample stands for all.
            java.util.Arrays.fill(outside, true);
            return outside;
        }
        List<Tensor> slopes = Evaluator.evaluate(derivatives, given, field);
        int first = 0;
        for (int i = 0; i < slopes.size(); i++) {
            List<Head.Direction> directions = masked.heads().get(i).directions();
            double[] slope = slopes.get(i).data();
            int size = slope.length / Math.max(1, count);
            for (int n = 0; n < count; n++) {
                for (int d = 0; d < directions.size(); d++) {
                    Head.Direction direction = directions.get(d);
                    double minus = direction.minus() < 0 ? 0 : slope[n * size + direction.minus()];
                    outside[n * perSample + first + d] = slope[n * size + direction.plus()] != minus;
                }
            }
            first += directions.size();
        }
        return outside;
    }

    /** The vector, in the shapes of the parameters. */
    private void put(Map<String, Tensor> given, double[] vector) {
        int offset = 0;
        int at = 0;
        for (Expr tangent : tangents) {
            int size = tangent.shape().elements();
            double[] part = new double[size];
            while (at < elements.length && elements[at] < offset + size) {
                part[elements[at] - offset] = vector[at];
                at++;
            }
            offset += size;
            given.put(Network.nameOf(tangent), Tensor.of(tangent.shape(), part));
        }
    }
}
