package org.quotient.autodiff.network;

import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;

/** Built-ins of dense layers. */
final class DenseNetworks {
    private DenseNetworks() {}

    /** Layers fc1, fc2, ...; after each but the last bn1, ... if asked for, and relu1, ... */
    static InitialisedNetwork mlp(Settings s) {
        int[] sizes = s.sizes(2, 10_000);
        boolean bias = s.flag("bias");
        boolean norm = s.flag("bn");
        Activation activation = s.activation();
        NetworkBuilder net = s.builder();
        Flow x = net.input("x", sizes[0]);
        int last = sizes.length - 1;
        for (int i = 1; i < last; i++) {
            x = x.dense("fc" + i, s.scaled(sizes[i]), bias);
            x = norm ? x.batchNorm("bn" + i) : x;
            x = x.activation(activation);
        }
        return net.build(x.dense("fc" + last, sizes[last], bias));
    }

    /** h = relu(W x), y = Wᵀ h; biases encoder.bias and decoder.bias if asked for. */
    static InitialisedNetwork tiedAutoencoder(Settings s) {
        int[] sizes = s.sizes(3, 3);
        if (sizes[0] != sizes[2]) {
            throw new IllegalArgumentException("tied-autoencoder:a-b-a expects the first and last size to agree; given "
                    + sizes[0] + " and " + sizes[2]);
        }
        boolean bias = s.flag("bias");
        NetworkBuilder net = s.builder();
        int a = sizes[0];
        int b = s.scaled(sizes[1]);
        Flow x = net.input("x", a);
        Expr weight = net.parameter("encoder.weight", net.initialisation().weight(a, b), b, a);
        Flow h = x.denseWith(weight).label("encoder");
        if (bias) {
            h = h.plusAlong(net.parameter("encoder.bias", net.initialisation().bias(a), b), 1)
                    .label("encoder.biased");
        }
        h = h.activation(s.activation());
        Flow y = net.flow(Ops.einsum("no,oi->ni", h.value(), weight)).label("decoder");
        if (bias) {
            y = y.plusAlong(net.parameter("decoder.bias", net.initialisation().bias(b), a), 1)
                    .label("decoder.biased");
        }
        return net.build(y);
    }
}
