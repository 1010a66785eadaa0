package org.quotient.geometry.lifting;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.program.Program;
import org.quotient.autodiff.program.Session;

/**
 * Products of the path magnitude matrix G = ∂Φᵀ∂Φ with vectors, compiled once and run often. Entries of a vector that belong to
 * parameters that are zero because they are not live must be zero; those of the result are.
 */
final class MagnitudeProduct implements AutoCloseable {
    private final PathProducts products;
    private final Session session;
    private final int size;

    /**
     * G at a point.
     *
     * @param products over the network's paths
     * @param theta per parameter its value, zero where it is not live
     */
    MagnitudeProduct(PathProducts products, Map<String, Tensor> theta) {
        this.products = products;
        Program program = products.times();
        session = program.session();
        session.batch(1);
        products.sum().fixed().forEach((name, value) -> set(program, name, value));
        theta.forEach((name, value) -> {
            set(program, PathProducts.left(name), value);
            set(program, PathProducts.right(name), value);
        });
        size = products.sum().edges().stream()
                .mapToInt(e -> e.shape().elements())
                .sum();
    }

    private void set(Program program, String name, Tensor value) {
        if (program.variables().containsKey(name)) {
            session.set(name, value);
        }
    }

    /** The number of parameter elements. */
    int size() {
        return size;
    }

    /** G·v, per parameter name a tensor of its shape. */
    Map<String, Tensor> times(Map<String, Tensor> v) {
        for (Expr edge : products.sum().edges()) {
            String name = Network.nameOf(edge);
            set(session.program(), PathProducts.direction(name), Objects.requireNonNull(v.get(name)));
        }
        session.run();
        return products.named(session.outputs());
    }

    /** G·v for all parameters one after the other, row-major. */
    double[] times(double[] v) {
        int offset = 0;
        for (Expr edge : products.sum().edges()) {
            String name = PathProducts.direction(Network.nameOf(edge));
            if (session.program().variables().containsKey(name)) {
                session.copyIn(name, v, offset);
            }
            offset += edge.shape().elements();
        }
        session.run();
        double[] out = new double[size];
        int at = 0;
        List<Expr> edges = products.sum().edges();
        for (int k = 0; k < edges.size(); k++) {
            int length = edges.get(k).shape().elements();
            System.arraycopy(session.output(k).data(), 0, out, at, length);
            at += length;
        }
        return out;
    }

    @Override
    public void close() {
        session.close();
    }
}
