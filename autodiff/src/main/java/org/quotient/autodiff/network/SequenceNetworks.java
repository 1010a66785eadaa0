package org.quotient.autodiff.network;

import java.util.Optional;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;

/** Built-ins that read sequences. */
final class SequenceNetworks {
    /** So that an array holds the scores of every pair of tokens. */
    private static final int MOST_TOKENS = 1 << 15;

    private SequenceNetworks() {}

    /**
     * h_t = relu(W_x x_t + W_h h_{t−1} + b) with h_0 = 0, so that step 1 has no recurrent term; the output is W_o h_T + c. The
     * input is [N, steps, d], or [N, d] with {@code inputs=first}, where W_x x_t stands in step 1 only.
     */
    static InitialisedNetwork rnn(Settings s) {
        int[] sizes = s.sizes(3, 3);
        int steps = s.integer("steps", 1, 10_000);
        boolean all = s.choice("inputs", "all", "first").equals("all");
        boolean bias = s.flag("bias");
        NetworkBuilder net = s.builder();
        Initialisation init = net.initialisation();
        int d = sizes[0];
        int n = s.scaled(sizes[1]);
        Flow x = all ? net.input("x", steps, d) : net.input("x", d);
        Expr inputWeight = net.parameter("rnn.weight_ih", init.weight(d, n), n, d);
        Expr stateWeight = net.parameter("rnn.weight_hh", init.weight(n, n), n, n);
        Optional<Expr> stateBias = bias ? Optional.of(net.parameter("rnn.bias", init.bias(n), n)) : Optional.empty();
        Step step = new Step(net, s.activation(), n);
        Flow h = x;
        for (int t = 1; t <= steps; t++) {
            Flow sum = h;
            if (t == 1 || all) {
                Flow now = all ? net.flow(Ops.slice(x.value(), 1, t - 1, t).reshape(-1, d)) : x;
                sum = now.denseWith(inputWeight).label("step" + t + ".input");
            }
            if (t > 1) {
                Flow recurrent = h.denseWith(stateWeight).label("step" + t + ".recurrent");
                sum = all ? sum.add(recurrent).label("step" + t + ".add") : recurrent;
            }
            h = step.activate(biased(sum, stateBias, "step" + t + ".biased"), "step" + t + ".relu");
        }
        return net.build(h.dense("fc", sizes[2], bias));
    }

    private static Flow biased(Flow x, Optional<Expr> bias, String name) {
        return bias.map(b -> x.plusAlong(b, 1).label(name)).orElse(x);
    }

    /** The activation of every step; a PReLU's slopes are shared by all of them. */
    private record Step(Activation activation, Optional<Expr> slope) {
        Step(NetworkBuilder net, Activation activation, int width) {
            this(
                    activation,
                    activation.kind() == Activation.Kind.PRELU
                            ? Optional.of(net.parameter("rnn.prelu.weight", new Law.Fixed(0.25), width))
                            : Optional.empty());
        }

        Flow activate(Flow x, String name) {
            return slope.map(a -> x.builder().flow(Ops.prelu(x.value(), a)).label(name))
                    .orElseGet(() -> x.activation(activation, name));
        }
    }

    /**
     * x + O(softmax(Q Kᵀ/√d) V) on LayerNorm(x) (Vaswani et al. 2017, equation 1, pre-norm), then x + W_d(silu(W_g z) ∘ W_u z)
     * with z = LayerNorm(x) (Shazeer 2020, equation 6, without biases), the mean over tokens, and a dense layer. The input is
     * [N, tokens, 16]; the hidden width of the gated unit is twice the token width.
     */
    static InitialisedNetwork transformerTiny(Settings s) {
        boolean bias = s.flag("bias");
        NetworkBuilder net = s.builder();
        int d = s.scaled(16);
        Flow x = net.input("x", s.integer("tokens", 1, MOST_TOKENS), d);
        Flow z = x.layerNorm("norm1");
        Expr q = z.dense("attention.q", d, bias).value();
        Expr k = z.dense("attention.k", d, bias).value();
        Expr v = z.dense("attention.v", d, bias).value();
        Expr scores = Ops.einsum("nsd,ntd->nst", q, k).times(1 / Math.sqrt(d)).named("attention.scores");
        Expr weights = Ops.softmax(scores, 2).named("attention.softmax");
        Flow mixed = net.flow(Ops.einsum("nst,ntd->nsd", weights, v)).label("attention.mix");
        Flow y = x.add(mixed.dense("attention.o", d, bias)).label("attention.add");
        z = y.layerNorm("norm2");
        Flow gate = z.dense("mlp.gate", 2 * d, false).activation(s.activation(), "mlp.silu");
        Flow product = gate.times(z.dense("mlp.up", 2 * d, false)).label("mlp.product");
        y = y.add(product.dense("mlp.down", d, false)).label("mlp.add");
        Flow mean = net.flow(Ops.mean(y.value(), 1)).label("mean");
        return net.build(mean.dense("fc", s.classes(), bias));
    }
}
