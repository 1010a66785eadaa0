package org.quotient.geometry.laws;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.functional.bounds.RandomValues;
import org.quotient.geometry.functional.bounds.Support;
import org.quotient.geometry.functional.pattern.Head;
import org.quotient.geometry.functional.pattern.Kink;
import org.quotient.geometry.functional.pattern.MaskedNetwork;

/**
 * Gradients of a network's outputs at random inputs and masks, along random directions of the outputs. As polynomials in inputs and masks
 * these have the gradients of the path products (or of their sums, where no mask tells them apart) as coefficients, so random ones span
 * the same space.
 */
final class NetworkGradients implements VectorFields {
    private final MaskedNetwork masked;
    private final CounterRandom random;
    private final List<Expr> cotangents = new ArrayList<>();
    private final List<Expr> gradient;

    NetworkGradients(MaskedNetwork masked, CounterRandom random) {
        this.masked = masked;
        this.random = random;
        List<Expr> outputs = masked.values();
        for (int i = 0; i < outputs.size(); i++) {
            cotangents.add(
                    Expr.input("cotangent " + i, DType.F64, outputs.get(i).shape()));
        }
        this.gradient = Differentiation.vjp(outputs, cotangents, masked.parameters());
    }

    @Override
    public List<Expr> variables() {
        return masked.parameters();
    }

    /** The variables that differ from draw to draw. */
    private List<Expr> own() {
        List<Expr> out = new ArrayList<>(masked.inputs());
        masked.kinks().stream().filter(Kink::perSample).map(Kink::mask).forEach(out::add);
        out.addAll(cotangents);
        return out;
    }

    private static String name(Expr variable, int draw) {
        return Network.nameOf(variable) + " of " + draw;
    }

    @Override
    public List<Expr> member(int draw) {
        Map<Expr, Expr> replacement = new IdentityHashMap<>();
        for (Expr node : Graph.topological(gradient)) {
            if (node.op() instanceof Op.Variable) {
                replacement.put(node, node);
            }
        }
        for (Expr variable : own()) {
            replacement.put(variable, Expr.input(name(variable, draw), variable.dtype(), variable.shape()));
        }
        return Graph.map(gradient, (node, operands) -> {
            Expr other = replacement.get(node);
            return other == null ? node.withOperands(operands) : other;
        });
    }

    @Override
    public Map<String, Tensor> values(int draw, Numbers.PrimeField field) {
        RandomValues values = new RandomValues(masked, Support.everything(), field, random);
        CounterRandom here = random.split(draw);
        Map<String, Tensor> out = new LinkedHashMap<>();
        List<Tensor> inputs = values.inputs(here, 1);
        for (int i = 0; i < inputs.size(); i++) {
            out.put(name(masked.inputs().get(i), draw), inputs.get(i));
        }
        List<Tensor> masks = values.masks(here, 1, values.sharedMasks());
        for (int k = 0; k < masks.size(); k++) {
            Kink kink = masked.kinks().get(k);
            if (kink.perSample()) {
                out.put(name(kink.mask(), draw), masks.get(k));
            }
        }
        for (int i = 0; i < cotangents.size(); i++) {
            out.put(
                    name(cotangents.get(i), draw),
                    cotangent(masked.heads().get(i), here.split("cotangent " + i), field));
        }
        return out;
    }

    private static Tensor cotangent(Head head, CounterRandom random, Numbers.PrimeField field) {
        double[] out = new double[head.value().shape().bind(1).elements()];
        List<Head.Direction> directions = head.directions();
        for (int i = 0; i < directions.size(); i++) {
            double factor = random.below(i, field.p());
            int plus = directions.get(i).plus();
            int minus = directions.get(i).minus();
            out[plus] = field.settle(out[plus] + factor);
            if (minus >= 0) {
                out[minus] = field.settle(out[minus] - factor);
            }
        }
        return Tensor.of(head.value().shape().bind(1), out);
    }

    @Override
    public Map<String, Tensor> point(Numbers.PrimeField field) {
        RandomValues values = new RandomValues(masked, Support.everything(), field, random);
        Map<String, Tensor> out = new LinkedHashMap<>(values.theta(Map.of()));
        List<Tensor> shared = values.sharedMasks();
        int next = 0;
        for (Kink kink : masked.kinks()) {
            if (!kink.perSample()) {
                out.put(Network.nameOf(kink.mask()), shared.get(next++));
            }
        }
        return out;
    }
}
