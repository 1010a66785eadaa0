package org.quotient.geometry.functional.jacobian;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Evaluator;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.field.RowSpace;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.rewrite.Rewriter;
import org.quotient.geometry.functional.pattern.Head;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/**
 * Tells which samples have rows outside of a space, without making the rows: the outputs are differentiated along one random vector
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
        List<Expr> outputs = masked.heads().stream().map(Head::value).toList();
        this.derivatives = Rewriter.exact().apply(Differentiation.jvp(outputs, masked.parameters(), tangents));
        for (Expr node : Graph.topological(derivatives)) {
            if (node.op() instanceof Op.Variable v) {
                needed.put(v.name(), v);
            }
        }
    }

    /**
     * Which samples have rows outside of a space.
     *
     * @param space of rows
     * @param random decides about the vector
     * @param values parameters, inputs and masks, residues all
     * @param count samples
     */
    boolean[] outside(RowSpace space, CounterRandom random, JacobianRows.Values values, int count) {
        return outside(space.nullVectors(random, 1), space.field(), values, count);
    }

    /** The same for a vector that is orthogonal to the space. */
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
        boolean[] outside = new boolean[count];
        boolean batched = needed.values().stream().anyMatch(v -> v.shape().isSymbolic());
        if (!batched) {
            // The derivative is the same everywhere: one sample stands for all.
            java.util.Arrays.fill(outside, true);
            return outside;
        }
        List<Tensor> slopes = Evaluator.evaluate(derivatives, given, field);
        for (int i = 0; i < slopes.size(); i++) {
            mark(slopes.get(i).data(), masked.heads().get(i).directions(), outside);
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

    private static void mark(double[] slopes, List<Head.Direction> directions, boolean[] outside) {
        int size = slopes.length / Math.max(1, outside.length);
        for (int n = 0; n < outside.length; n++) {
            for (Head.Direction direction : directions) {
                double minus = direction.minus() < 0 ? 0 : slopes[n * size + direction.minus()];
                outside[n] |= slopes[n * size + direction.plus()] != minus;
            }
        }
    }
}
