package org.quotient.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Network;

/** The small networks whose ranks section 7 of the G-SGD specification lists, and a few more, operation by operation. */
public final class TestNetworks {
    private final String name;
    private final List<Expr> inputs = new ArrayList<>();
    private final List<Expr> parameters = new ArrayList<>();

    private TestNetworks(String name) {
        this.name = name;
    }

    private Expr input(int... sizes) {
        Expr x = Expr.input("x" + inputs.size(), DType.F64, batch(sizes));
        inputs.add(x);
        return x;
    }

    private static Shape batch(int... sizes) {
        return Shape.of(
                IntStream.concat(IntStream.of(Shape.N), IntStream.of(sizes)).toArray());
    }

    private Expr parameter(int... sizes) {
        Expr w = Expr.parameter("w" + parameters.size(), DType.F64, Shape.of(sizes));
        parameters.add(w);
        return w;
    }

    private Expr dense(Expr x, int out) {
        return x.matmul(parameter(x.shape().size(-1), out));
    }

    private Expr affine(Expr x, int out) {
        return dense(x, out).plus(parameter(out));
    }

    private Expr conv(Expr x, int out, Window window) {
        Expr kernel = parameter(out, x.shape().size(1), window.kernelHeight(), window.kernelWidth());
        return Ops.conv2d(x, kernel, window, 1);
    }

    private Network build(Expr... outputs) {
        return new Network(name, inputs, parameters, List.of(), List.of(outputs));
    }

    // ---- Items 1 to 3: layered

    /** ReLU layers without biases. */
    public static Network mlp(int... widths) {
        TestNetworks net = new TestNetworks("mlp");
        Expr x = net.input(widths[0]);
        for (int i = 1; i < widths.length; i++) {
            x = net.dense(i == 1 ? x : x.relu(), widths[i]);
        }
        return net.build(x);
    }

    /** ReLU layers with biases, on the last layer too. */
    public static Network mlpWithBiases(int... widths) {
        TestNetworks net = new TestNetworks("mlp with biases");
        Expr x = net.input(widths[0]);
        for (int i = 1; i < widths.length; i++) {
            x = net.affine(i == 1 ? x : x.relu(), widths[i]);
        }
        return net.build(x);
    }

    // ---- Items 4 and 5: convolutional

    /** 1×4×4 → conv3 valid (2) → maxpool2 → fc3. */
    public static Network convPoolDense() {
        TestNetworks net = new TestNetworks("conv pool dense");
        Expr h = net.conv(net.input(1, 4, 4), 2, Window.square(3, 1, 0)).relu();
        return net.build(net.dense(Ops.flatten(Ops.maxPool2d(h, Window.square(2, 2, 0))), 3));
    }

    /** 1×3×3 → conv2 valid (2), with or without bias → flatten → fc2. */
    public static Network convFlattenDense(boolean bias) {
        TestNetworks net = new TestNetworks("conv flatten dense");
        Expr h = net.conv(net.input(1, 3, 3), 2, Window.square(2, 1, 0));
        h = bias ? h.plus(Layers.alongAxis(net.parameter(2), h, 1)) : h;
        return net.build(net.dense(Ops.flatten(h.relu()), 2));
    }

    /** 1×4×4 → conv2 (2) → conv2 (2) → maxpool2 → fc2. */
    public static Network convConvPoolDense() {
        TestNetworks net = new TestNetworks("conv conv pool dense");
        Expr h = net.conv(net.input(1, 4, 4), 2, Window.square(2, 1, 0)).relu();
        h = net.conv(h, 2, Window.square(2, 1, 0)).relu();
        return net.build(net.dense(Ops.flatten(Ops.maxPool2d(h, Window.square(2, 2, 0))), 2));
    }

    /** 2×3×3 → conv3p1 (2) → conv3p1 (3) → global average pool → fc2. */
    public static Network paddedConvsGlobalPool() {
        TestNetworks net = new TestNetworks("padded convs, global pool");
        Expr h = net.conv(net.input(2, 3, 3), 2, Window.square(3, 1, 1)).relu();
        h = net.conv(h, 3, Window.square(3, 1, 1)).relu();
        return net.build(net.dense(h.mean(2, 3), 2));
    }

    /** 1×1×1 → conv3p1 (2) → fc2: eight of nine taps are dead. */
    public static Network deadTaps() {
        TestNetworks net = new TestNetworks("dead taps");
        Expr h = net.conv(net.input(1, 1, 1), 2, Window.square(3, 1, 1)).relu();
        return net.build(net.dense(Ops.flatten(h), 2));
    }

    /** 1×2×2 → four times conv3p1 (1) → global average pool → fc1. */
    public static Network fourConvsOnTwoByTwo() {
        TestNetworks net = new TestNetworks("four convs on 2x2");
        Expr h = net.input(1, 2, 2);
        for (int i = 0; i < 4; i++) {
            h = net.conv(h, 1, Window.square(3, 1, 1)).relu();
        }
        return net.build(net.dense(h.mean(2, 3), 1));
    }

    /** One pixel → 1 x 3 convolution with padding 2 → flatten → dense: every position has a tap of its own. */
    public static Network pixelConvFlattenDense() {
        TestNetworks net = new TestNetworks("pixel conv flatten dense");
        Expr h = net.conv(net.input(1, 1, 1), 1, new Window(1, 3, 1, 1, 0, 2, 0, 2, 1, 1));
        return net.build(net.dense(Ops.flatten(h.relu()), 1));
    }

    /** One pixel → 3 x 3 convolution with padding 2 → flatten → dense. */
    public static Network pixelConvFlattenDense2d() {
        TestNetworks net = new TestNetworks("pixel conv flatten dense, 2-d");
        Expr h = net.conv(net.input(1, 1, 1), 1, Window.square(3, 1, 2));
        return net.build(net.dense(Ops.flatten(h.relu()), 1));
    }

    // ---- Items 6 and 7: residual

    private Expr residual(Expr x, int hidden) {
        return dense(dense(x, hidden).relu(), x.shape().size(1));
    }

    /** Stem 1 → 2, block 2 → 2 → 2 with or without identity, fc1. */
    public static Network residualBlock(boolean skip) {
        TestNetworks net = new TestNetworks("residual block");
        Expr x = net.dense(net.input(1), 2).relu();
        Expr f = net.residual(x, 2);
        return net.build(net.dense((skip ? x.plus(f) : f).relu(), 1));
    }

    /** Stem 1 → 2, blocks with 2 and 3 hidden units, fc2. */
    public static Network twoResidualBlocks() {
        TestNetworks net = new TestNetworks("two residual blocks");
        Expr x = net.dense(net.input(1), 2).relu();
        x = x.plus(net.residual(x, 2)).relu();
        x = x.plus(net.residual(x, 3)).relu();
        return net.build(net.dense(x, 2));
    }

    /** Stem 1 → 2, block 2 → 2 → 3 with a projection shortcut, fc2. */
    public static Network projectionBlock() {
        TestNetworks net = new TestNetworks("projection block");
        Expr x = net.dense(net.input(1), 2).relu();
        Expr f = net.dense(net.dense(x, 2).relu(), 3);
        return net.build(net.dense(f.plus(net.dense(x, 3)).relu(), 2));
    }

    /** relu(x + W relu(V x)) of the input itself, fc2. */
    public static Network identityFromInput() {
        TestNetworks net = new TestNetworks("identity from the input");
        Expr x = net.input(2);
        return net.build(net.dense(x.plus(net.residual(x, 2)).relu(), 2));
    }

    /** A stem whose units are added to the linear output. */
    public static Network identityIntoOutput() {
        TestNetworks net = new TestNetworks("identity into the output");
        Expr x = net.dense(net.input(2), 2).relu();
        return net.build(x.plus(net.residual(x, 2)));
    }

    /** Identities a → y → z and a → z. */
    public static Network cyclicTies() {
        TestNetworks net = new TestNetworks("cyclic ties");
        Expr a = net.dense(net.input(1), 2).relu();
        Expr y = a.plus(net.residual(a, 2)).relu();
        Expr z = y.plus(a).plus(net.residual(y, 2)).relu();
        return net.build(net.dense(z, 2));
    }

    /** Units 1 → 2 → 2, both layers concatenated before fc2. */
    public static Network denseConcat() {
        TestNetworks net = new TestNetworks("dense concatenation");
        Expr a = net.dense(net.input(1), 2).relu();
        Expr b = net.dense(a, 2).relu();
        return net.build(net.dense(Ops.concat(1, List.of(a, b)), 2));
    }

    /** 1×3×3 → conv3p1 (2), block conv3p1 (2), conv1 (2) with identity, global average pool, fc2. */
    public static Network residualCnn() {
        TestNetworks net = new TestNetworks("residual cnn");
        Expr x = net.conv(net.input(1, 3, 3), 2, Window.square(3, 1, 1)).relu();
        Expr h = net.conv(x, 2, Window.square(3, 1, 1)).relu();
        Expr y = x.plus(net.conv(h, 2, Window.square(1, 1, 0))).relu();
        return net.build(net.dense(y.mean(2, 3), 2));
    }

    // ---- Item 8: reused weights

    /** Three steps, 2 units, one input and one output, with an input at every step or at the first only. */
    public static Network rnn(boolean inputs) {
        TestNetworks net = new TestNetworks("rnn");
        Expr win = net.parameter(1, 2);
        Expr wrec = net.parameter(2, 2);
        Expr h = net.input(1).matmul(win).relu();
        for (int t = 1; t < 3; t++) {
            Expr next = h.matmul(wrec);
            h = (inputs ? next.plus(net.input(1).matmul(win)) : next).relu();
        }
        return net.build(net.dense(h, 1));
    }

    /** Wᵀ relu(W x) with 2 inputs and 2 units. */
    public static Network tiedAutoencoder() {
        TestNetworks net = new TestNetworks("tied autoencoder");
        Expr w = net.parameter(2, 2);
        return net.build(net.input(2).matmul(w).relu().matmul(w.transpose()));
    }

    // ---- Normalisation, slopes, products, cuts

    /** Dense d → h, batch normalisation, ReLU, dense h → k; no biases but β. */
    public static Network batchNormMlp(int d, int h, int k) {
        TestNetworks net = new TestNetworks("batch normalisation");
        Expr x = net.dense(net.input(d), h);
        return net.build(net.dense(
                Layers.batchNorm(x, net.parameter(h), net.parameter(h), 1e-5).relu(), k));
    }

    /** Dense d → h, layer normalisation, ReLU, dense h → k; no biases but β. */
    public static Network layerNormMlp(int d, int h, int k) {
        TestNetworks net = new TestNetworks("layer normalisation");
        Expr x = net.dense(net.input(d), h);
        return net.build(net.dense(
                Layers.layerNorm(x, net.parameter(h), net.parameter(h), 1e-5).relu(), k));
    }

    /** Dense d → h, PReLU with a slope for each unit, dense h → k. */
    public static Network preluMlp(int d, int h, int k) {
        TestNetworks net = new TestNetworks("prelu");
        Expr x = net.dense(net.input(d), h);
        return net.build(net.dense(Ops.prelu(x, net.parameter(h)), k));
    }

    /** (U x)·(V x) of h units, then dense h → k. */
    public static Network gatedMlp(int d, int h, int k) {
        TestNetworks net = new TestNetworks("gated");
        Expr x = net.input(d);
        return net.build(net.dense(net.dense(x, h).times(net.dense(x, h)), k));
    }

    /** One attention head over t tokens of c channels with key width a and value width b, and an output map. */
    public static Network attention(int t, int c, int a, int b) {
        TestNetworks net = new TestNetworks("attention");
        Expr x = net.input(t, c);
        Expr q = net.dense(x, a);
        Expr k = net.dense(x, a);
        Expr v = net.dense(x, b);
        Expr weights = Ops.softmax(Ops.einsum("nia,nja->nij", q, k), -1);
        return net.build(net.dense(Ops.einsum("nij,njb->nib", weights, v), c));
    }

    /** Dense d → h, an activation of one number, dense h → k. */
    public static Network activated(Op.UnaryKind activation, int d, int h, int k) {
        TestNetworks net = new TestNetworks("activated");
        Expr x = net.dense(net.input(d), h);
        return net.build(net.dense(Expr.of(new Op.Unary(activation), x), k));
    }

    /** (U x)/(1 + (V x)^p) of h units, or (U x)/(V x)^p without the 1, then dense h → 1. */
    public static Network quotient(int h, double power, boolean plusOne) {
        TestNetworks net = new TestNetworks("quotient");
        Expr x = net.input(2);
        Expr u = net.dense(x, h);
        Expr v = Ops.pow(net.dense(x, h), Ops.fullLike(u, power));
        return net.build(net.dense(u.over(plusOne ? v.plus(1) : v), 1));
    }
}
