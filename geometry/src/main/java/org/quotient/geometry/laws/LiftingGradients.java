package org.quotient.geometry.laws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Differentiation;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;

/** Gradients of random combinations of the elements of polynomials in the parameters. */
final class LiftingGradients implements VectorFields {
    private static final String COTANGENT = "cotangent ";

    private final List<Expr> lifting;
    private final List<Expr> parameters;
    private final CounterRandom random;

    LiftingGradients(List<Expr> lifting, List<Expr> parameters, CounterRandom random) {
        this.lifting = List.copyOf(lifting);
        this.parameters = List.copyOf(parameters);
        this.random = random;
    }

    @Override
    public List<Expr> variables() {
        return parameters;
    }

    @Override
    public List<Expr> member(int draw) {
        List<Expr> cotangents = new ArrayList<>();
        for (int i = 0; i < lifting.size(); i++) {
            Expr phi = lifting.get(i);
            cotangents.add(Expr.input(name(i, draw), phi.dtype(), phi.shape()));
        }
        return Differentiation.vjp(lifting, cotangents, parameters);
    }

    @Override
    public Map<String, Tensor> values(int draw, Numbers.PrimeField field) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (int i = 0; i < lifting.size(); i++) {
            out.put(name(i, draw), residues(lifting.get(i).shape(), random.split(name(i, draw)), field));
        }
        return out;
    }

    private static String name(int i, int draw) {
        return COTANGENT + i + " of " + draw;
    }

    @Override
    public Map<String, Tensor> point(Numbers.PrimeField field) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (Expr p : parameters) {
            String name = Network.nameOf(p);
            out.put(name, residues(p.shape(), random.split("point").split(name), field));
        }
        return out;
    }

    /** Random residues. */
    static Tensor residues(Shape shape, CounterRandom random, Numbers.PrimeField field) {
        double[] values = new double[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.below(i, field.p());
        }
        return Tensor.of(shape, values);
    }
}
