package org.quotient.autodiff.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.quotient.autodiff.CustomOp;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Layers;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;

/**
 * A value inside a network being built, with the layers that can follow it. Every method returns a new flow. Images are
 * [N, C, H, W], vectors [N, C], token sequences [N, T, C]; the channel axis is 1 for images and vectors, the last for tokens.
 *
 * @param builder where parameters are declared
 * @param value the expression
 */
public record Flow(NetworkBuilder builder, Expr value) {
    /** What PyTorch adds to a variance before the square root. */
    private static final double EPSILON = 1e-5;

    /** Refuses values that an array cannot hold for a single sample. */
    public Flow {
        NetworkBuilder.checkSizes(value.describe(), value.shape().bind(1).sizes());
    }

    private Flow with(Expr next) {
        return new Flow(builder, next);
    }

    /** The same value under a name that reports and errors use. */
    public Flow label(String name) {
        return with(value.named(name));
    }

    private Flow auto(String kind, Expr next) {
        return with(next.named(builder.nextLabel(kind)));
    }

    /** The static shape. */
    public Shape shape() {
        return value.shape();
    }

    // ---- Layers with parameters

    /** A dense layer with bias; see {@link #dense(String, int, boolean)}. */
    public Flow dense(String name, int units) {
        return dense(name, units, true);
    }

    /**
     * A dense layer over the last axis: x Wᵀ + b with {@code name.weight} [units, in] and {@code name.bias} [units].
     *
     * @param name of the layer
     * @param units its width, at least 1
     * @param bias whether there is a bias
     */
    public Flow dense(String name, int units, boolean bias) {
        int in = shape().size(-1);
        Expr weight =
                builder.parameter(name + ".weight", builder.initialisation().weight(in, units), units, in);
        Flow product = denseWith(weight);
        return bias
                ? product.label(name + ".linear").bias(name, in, product.shape().rank() - 1)
                : product.label(name);
    }

    /** x Wᵀ over the last axis with a given weight [out, in]. */
    public Flow denseWith(Expr weight) {
        String lead = "abcdefgh".substring(0, shape().rank() - 1);
        return with(Ops.einsum(lead + "i,oi->" + lead + "o", value, weight));
    }

    /** Adds {@code name.bias} along an axis, with the law of a layer of that fan-in, and names the sum. */
    private Flow bias(String name, long fanIn, int axis) {
        Expr bias = builder.parameter(name + ".bias", builder.initialisation().bias(fanIn), shape().size(axis));
        return plusAlong(bias, axis).label(name);
    }

    /** Adds a given vector along an axis. */
    public Flow plusAlong(Expr vector, int axis) {
        return with(value.plus(Layers.alongAxis(vector, value, axis)));
    }

    /** A convolution with bias and one group; see {@link #conv(String, int, Window, int, boolean)}. */
    public Flow conv(String name, int channels, Window window) {
        return conv(name, channels, window, 1, true);
    }

    /**
     * A convolution with {@code name.weight} [channels, in/groups, kh, kw] and {@code name.bias} [channels].
     *
     * @param name of the layer
     * @param channels of its output, a multiple of groups
     * @param window kernel, stride, padding, dilation
     * @param groups that divide the input channels
     * @param bias whether there is a bias
     */
    public Flow conv(String name, int channels, Window window, int groups, boolean bias) {
        requireImage(name);
        int in = shape().size(1);
        if (groups < 1 || in % groups != 0 || channels % groups != 0) {
            throw new IllegalArgumentException("Convolution '" + name + "' needs groups that divide its " + in
                    + " input and " + channels + " output channels; given " + groups);
        }
        long area = (long) window.kernelHeight() * window.kernelWidth();
        long fanIn = in / groups * area;
        Law law = builder.initialisation().weight(fanIn, channels / groups * area);
        Expr kernel = builder.parameter(
                name + ".weight", law, channels, in / groups, window.kernelHeight(), window.kernelWidth());
        Flow product = with(Ops.conv2d(value, kernel, window, groups));
        return bias ? product.label(name + ".linear").bias(name, fanIn, 1) : product.label(name);
    }

    /**
     * Batch normalisation per channel (axis 1) with running statistics, as at inference: γ {@code name.weight} and β
     * {@code name.bias}, buffers {@code name.running_mean} (0) and {@code name.running_var} (1), ε = 1e-5.
     * {@link TrainingMode} gives the network with the statistics of the batch instead.
     */
    public Flow batchNorm(String name) {
        int channels = shape().size(1);
        Expr gamma = builder.parameter(name + ".weight", new Law.Fixed(1), channels);
        Expr beta = builder.parameter(name + ".bias", new Law.Fixed(0), channels);
        Expr mean = builder.buffer(name + ".running_mean", new Law.Fixed(0), channels);
        Expr variance = builder.buffer(name + ".running_var", new Law.Fixed(1), channels);
        return with(Layers.batchNorm(value, gamma, beta, mean, variance, EPSILON))
                .label(name);
    }

    /** Layer normalisation over the last axis with γ {@code name.weight} and β {@code name.bias}, ε = 1e-5. */
    public Flow layerNorm(String name) {
        int width = shape().size(-1);
        Expr gamma = builder.parameter(name + ".weight", new Law.Fixed(1), width);
        Expr beta = builder.parameter(name + ".bias", new Law.Fixed(0), width);
        return with(Layers.layerNorm(value, gamma, beta, EPSILON)).label(name);
    }

    /** PReLU with one slope {@code name.weight} for each channel, starting at 0.25 (He et al. 2015). */
    public Flow prelu(String name) {
        int axis = shape().rank() == 3 ? 2 : 1;
        Expr slope = builder.parameter(name + ".weight", new Law.Fixed(0.25), shape().size(axis));
        return with(Ops.prelu(value, Layers.alongAxis(slope, value, axis))).label(name);
    }

    // ---- Activations

    /** max(x, 0). */
    public Flow relu() {
        return auto("relu", value.relu());
    }

    /** x, or slope·x where x is not positive. */
    public Flow leakyRelu(double slope) {
        return auto("leakyRelu", Ops.leakyRelu(value, slope));
    }

    /** Hyperbolic tangent. */
    public Flow tanh() {
        return auto("tanh", Ops.tanh(value));
    }

    /**
     * An operation from outside, of this value alone.
     *
     * @param definition the operation
     */
    public Flow custom(CustomOp definition) {
        return new Flow(builder, Expr.of(new Op.Custom(definition), value));
    }

    /** The activation of a setting, under an automatic name (relu1, ...). */
    public Flow activation(Activation activation) {
        return activation(activation, builder.nextLabel(activation.kind().name().toLowerCase(Locale.ROOT)));
    }

    /** The activation of a setting, under a name. */
    public Flow activation(Activation activation, String name) {
        return switch (activation.kind()) {
            case RELU -> with(value.relu()).label(name);
            case LEAKY -> with(Ops.leakyRelu(value, activation.slope())).label(name);
            case PRELU -> prelu(name);
            case IDENTITY -> this;
            case TANH -> with(Ops.tanh(value)).label(name);
            case SILU -> with(Ops.silu(value)).label(name);
            case GELU -> with(Ops.gelu(value)).label(name);
        };
    }

    // ---- Pooling and movement

    /** Maximum over k x k windows with stride k. */
    public Flow maxPool(int k) {
        return maxPool(Window.square(k, k, 0));
    }

    /** Maximum over windows; padding never wins. */
    public Flow maxPool(Window window) {
        return auto("maxPool", Ops.maxPool2d(value, window));
    }

    /** Mean over k x k windows with stride k. */
    public Flow averagePool(int k) {
        return averagePool(Window.square(k, k, 0));
    }

    /** Mean over windows, padding counted as zeros. */
    public Flow averagePool(Window window) {
        return auto("averagePool", Ops.averagePool2d(value, window, true));
    }

    /** Mean over rows and columns: [N, C, H, W] → [N, C]. */
    public Flow globalAveragePool() {
        requireImage("globalAveragePool");
        return auto("globalAveragePool", Ops.mean(value, 2, 3));
    }

    /** Maximum over rows and columns: [N, C, H, W] → [N, C]. */
    public Flow globalMaxPool() {
        requireImage("globalMaxPool");
        return auto("globalMaxPool", Ops.maxOver(value, 2, 3));
    }

    /** Nearest-neighbour upsampling of rows and columns by a whole factor. */
    public Flow upsample(int factor) {
        return auto("upsample", Ops.upsampleNearest(value, factor, factor));
    }

    /** [N, ...] → [N, features]. */
    public Flow flatten() {
        return auto("flatten", Ops.flatten(value));
    }

    // ---- Several flows

    /** x + y, broadcast. */
    public Flow add(Flow other) {
        return auto("add", value.plus(other.value));
    }

    /** x·y, broadcast: a gate. */
    public Flow times(Flow other) {
        return auto("times", value.times(other.value));
    }

    /** This and others one after the other along the channel axis 1. */
    public Flow concat(Flow... others) {
        List<Expr> parts = new ArrayList<>(List.of(value));
        Arrays.stream(others).map(Flow::value).forEach(parts::add);
        return auto("concat", Ops.concat(1, parts));
    }

    private void requireImage(String what) {
        if (shape().rank() != 4) {
            throw new IllegalArgumentException(
                    what + " expects an image batch [N, C, H, W]; given " + value.describe());
        }
    }
}
