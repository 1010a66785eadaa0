package org.quotient.geometry.manifold;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.Rescaling;
import org.quotient.geometry.RescalingGroup;

/** A network with a point, and what the laws of a quotient are tried on: random vectors, rescalings and other points. */
record Points(RescalingGroup group, Weights theta, CounterRandom random) {

    static Points of(Model model, long seed) {
        return new Points(RescalingGroup.of(model.network()), model.weights(), CounterRandom.seeded(seed));
    }

    RescalingMatrix matrix() {
        return RescalingMatrix.of(group);
    }

    /** Standard normal numbers over the parameters. */
    Map<String, Tensor> vector(String name) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        for (Expr p : group.network().parameters()) {
            CounterRandom stream = random.split(name).split(Network.nameOf(p));
            out.put(Network.nameOf(p), Tensor.fill(p.shape(), p.dtype(), stream::normal));
        }
        return out;
    }

    /** A point with the same signs and zeros. */
    Weights nearby(String name) {
        return with(combine(theta.asMap(), vector(name), (x, v) -> x * Math.exp(v)));
    }

    /** The point with about every fifth parameter set to 0. */
    Points withZeros() {
        Map<String, Tensor> dice = vector("zeros");
        return new Points(group, with(combine(theta.asMap(), dice, (x, v) -> v > 0.84 ? 0 : x)), random);
    }

    /** These parameters with the buffers of θ. */
    Weights with(Map<String, Tensor> parameters) {
        Map<String, Tensor> all = new LinkedHashMap<>(theta.asMap());
        all.putAll(parameters);
        return Weights.of(all);
    }

    /** Log-scales of powers of two, λ = 2^-2 ... 2^2. */
    int[] exponents() {
        int[] k = new int[group.rank()];
        Arrays.setAll(k, i -> random.split("exponents").below(i, 5) - 2);
        return k;
    }

    Rescaling rescaling(String name) {
        double[] z = new double[group.rank()];
        Arrays.setAll(z, i -> random.split(name).normal(i));
        return Rescaling.of(group, z);
    }

    double[] scales(String name) {
        return rescaling(name).z();
    }

    /** Over the names of the second map. */
    static Map<String, Tensor> combine(Map<String, Tensor> a, Map<String, Tensor> b, DoubleBinaryOperator f) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        b.forEach((name, y) -> {
            Tensor x = java.util.Objects.requireNonNull(a.get(name));
            out.put(name, Tensor.fill(x.shape(), x.dtype(), i -> f.applyAsDouble(x.get(i), y.get(i))));
        });
        return out;
    }

    static Map<String, Tensor> minus(Map<String, Tensor> a, Map<String, Tensor> b) {
        return combine(a, b, (x, y) -> x - y);
    }

    static double largest(Map<String, Tensor> a) {
        return a.values().stream().mapToDouble(Tensor::maxAbs).max().orElse(0);
    }

    /** Units that know nothing of the signs and sizes of θ but its place on the orbit: exp(Bt) for the t nearest to log|θ|. */
    InvariantMetric section() {
        return weights -> {
            RescalingMatrix matrix = matrix();
            Map<String, Tensor> logs = new LinkedHashMap<>();
            Map<String, Tensor> ones = new LinkedHashMap<>();
            for (Expr p : group.network().parameters()) {
                Tensor x = weights.get(p);
                logs.put(
                        Network.nameOf(p),
                        Tensor.fill(x.shape(), x.dtype(), i -> x.get(i) == 0 ? 0 : Math.log(Math.abs(x.get(i)))));
                ones.put(Network.nameOf(p), Tensor.fill(x.shape(), x.dtype(), i -> x.get(i) == 0 ? 0 : 1));
            }
            double[] t = new GramSolver(matrix.gram(ones)).solve(matrix.bilinear(logs, ones));
            Map<String, Tensor> units = new LinkedHashMap<>();
            matrix.times(t)
                    .forEach((name, bt) ->
                            units.put(name, Tensor.fill(bt.shape(), bt.dtype(), i -> Math.exp(bt.get(i)))));
            return units;
        };
    }

    /** Units ε = 2^(i mod 3)·|θ_i|: another covariant metric, exact under powers of two. */
    static InvariantMetric weighted(InvariantMetric log) {
        return weights -> {
            Map<String, Tensor> out = new LinkedHashMap<>();
            log.units(weights)
                    .forEach((name, e) ->
                            out.put(name, Tensor.fill(e.shape(), e.dtype(), i -> Math.scalb(e.get(i), i % 3))));
            return out;
        };
    }

    /** B, one row for every trainable element, from the rows that the group tells one by one. */
    DMatrixRMaj dense() {
        int n = Math.toIntExact(group.network().parameterCount());
        DMatrixRMaj b = new DMatrixRMaj(n, group.rank());
        for (int e = 0; e < n; e++) {
            int row = e;
            group.row(e).forEach((k, c) -> b.set(row, k, c));
        }
        return b;
    }

    /** BᵀWB, densely. */
    DMatrixRMaj denseGram(Map<String, Tensor> weights) {
        DMatrixRMaj b = dense();
        DMatrixRMaj wb = b.copy();
        int e = 0;
        for (Expr p : group.network().parameters()) {
            for (double w : java.util.Objects.requireNonNull(weights.get(Network.nameOf(p)))
                    .data()) {
                for (int k = 0; k < group.rank(); k++) {
                    wb.set(e, k, w * b.get(e, k));
                }
                e++;
            }
        }
        DMatrixRMaj out = new DMatrixRMaj(group.rank(), group.rank());
        CommonOps_DDRM.multTransA(b, wb, out);
        return out;
    }
}
