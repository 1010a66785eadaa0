package org.quotient.geometry.laws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Numbers;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;

/**
 * The fields of θ̈ + τ·θ̇ = −∇L on (t, θ, v): the drift (1, v, −τ·v) and (0, 0, ∇φ) for each gradient that the loss may combine
 * (Marcotte, Gribonval and Peyré 2024), with τ = 1.
 */
final class MomentumFields implements VectorFields {
    private final VectorFields gradients;
    private final CounterRandom random;
    private final Expr time;
    private final List<Expr> velocities = new ArrayList<>();

    MomentumFields(VectorFields gradients, CounterRandom random) {
        this.gradients = gradients;
        this.random = random;
        Expr first = gradients.variables().get(0);
        this.time = Expr.parameter("time", first.dtype(), Shape.of());
        for (Expr variable : gradients.variables()) {
            velocities.add(
                    Expr.parameter("velocity of " + Network.nameOf(variable), variable.dtype(), variable.shape()));
        }
    }

    @Override
    public List<Expr> variables() {
        List<Expr> out = new ArrayList<>(List.of(time));
        out.addAll(gradients.variables());
        out.addAll(velocities);
        return out;
    }

    @Override
    public List<List<Expr>> fixed() {
        List<Expr> drift = new ArrayList<>(List.of(Ops.fullLike(time, 1)));
        drift.addAll(velocities);
        velocities.forEach(v -> drift.add(v.neg()));
        return List.of(drift);
    }

    @Override
    public List<Expr> member(int draw) {
        List<Expr> out = new ArrayList<>(List.of(Ops.fullLike(time, 0)));
        gradients.variables().forEach(v -> out.add(Ops.fullLike(v, 0)));
        out.addAll(gradients.member(draw));
        return out;
    }

    @Override
    public Map<String, Tensor> values(int draw, Numbers.PrimeField field) {
        return gradients.values(draw, field);
    }

    @Override
    public Map<String, Tensor> point(Numbers.PrimeField field) {
        Map<String, Tensor> out = new LinkedHashMap<>(gradients.point(field));
        for (Expr v : velocities) {
            String name = Network.nameOf(v);
            out.put(name, LiftingGradients.residues(v.shape(), random.split(name), field));
        }
        out.put(Network.nameOf(time), LiftingGradients.residues(time.shape(), random.split("time"), field));
        return out;
    }
}
