package org.quotient.proofs.generators;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Shape;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.NetworkBuilder;
import org.quotient.autodiff.network.random.RandomNetworks;

/**
 * A small network in words: what it reads and its layers.
 *
 * @param input the sizes of one sample: [features] or [channels, height, width]
 * @param layers in order, each fitting the one before
 */
public record Sketch(List<Integer> input, List<Layer> layers) {

    /** Keeps its own copies. */
    public Sketch {
        input = List.copyOf(input);
        layers = List.copyOf(layers);
    }

    /** A network on vectors. */
    public static Sketch of(int features, Layer... layers) {
        return new Sketch(List.of(features), List.of(layers));
    }

    /** Dense layers with ReLU between: {@code mlp(false, 2, 3, 1)} is 2-3-1 without biases. */
    public static Sketch mlp(boolean bias, int... widths) {
        List<Layer> layers = new java.util.ArrayList<>();
        for (int l = 1; l < widths.length; l++) {
            layers.add(new Layer.Dense(widths[l], bias));
            if (l < widths.length - 1) {
                layers.add(new Layer.Activation(0));
            }
        }
        return new Sketch(List.of(widths[0]), layers);
    }

    /** The network: parameters are called {@code w1}, {@code b1}, {@code w2}, ... in the order of the layers. */
    public Network network() {
        NetworkBuilder builder = NetworkBuilder.named(toString());
        Flow x = builder.input("x", input.stream().mapToInt(Integer::intValue).toArray());
        return builder.build(new Building(builder).through(x, layers)).network();
    }

    /** Such as {@code 2 → dense 3 → relu → dense 1}. */
    @Override
    public String toString() {
        return input.stream().map(String::valueOf).collect(Collectors.joining("x")) + " → " + Layer.joined(layers);
    }

    /** A network half built. */
    private static final class Building {
        private final NetworkBuilder builder;
        private int number;
        private @Nullable Expr last;

        Building(NetworkBuilder builder) {
            this.builder = builder;
        }

        Flow through(Flow start, List<Layer> layers) {
            Flow x = start;
            for (Layer layer : layers) {
                x = through(x, layer);
            }
            return x;
        }

        private Flow through(Flow x, Layer layer) {
            return switch (layer) {
                case Layer.Dense(int units, boolean bias) -> {
                    number++;
                    last = weight(units, x.shape().size(1));
                    yield biased(x.denseWith(last), bias);
                }
                case Layer.Conv(int channels, int kernel, int padding, boolean bias) -> {
                    number++;
                    Expr weight = weight(channels, x.shape().size(1), kernel, kernel);
                    Flow y = builder.flow(Ops.conv2d(x.value(), weight, Window.square(kernel, 1, padding), 1));
                    yield biased(y, bias);
                }
                case Layer.Activation(double slope) -> slope == 0 ? x.relu() : x.leakyRelu(slope);
                case Layer.Pool(boolean maximum, int size) -> maximum ? x.maxPool(size) : x.averagePool(size);
                case Layer.GlobalPool(boolean maximum) -> maximum ? x.globalMaxPool() : x.globalAveragePool();
                case Layer.PoolUnits(int units) ->
                    builder.flow(Ops.maxOver(
                            x.value().reshape(Shape.N, x.shape().size(1) / units, units), 2));
                case Layer.Flatten() -> x.flatten();
                case Layer.Residual(List<Layer> branch) -> through(x, branch).add(x);
                case Layer.Beside(List<Layer> branch) -> x.concat(through(x, branch));
                case Layer.Again(boolean transposed) -> {
                    Expr weight = Objects.requireNonNull(last, "a dense layer comes first");
                    yield x.denseWith(transposed ? weight.transpose(1, 0) : weight);
                }
                case Layer.Normalise() ->
                    builder.flow(Expr.of(new Op.Standardise(List.of(0), RandomNetworks.TINY_EPSILON), x.value()));
            };
        }

        private Expr weight(int... sizes) {
            return builder.parameter("w" + number, SmallNumbers.LAW, sizes);
        }

        private Flow biased(Flow x, boolean bias) {
            return bias
                    ? x.plusAlong(
                            builder.parameter(
                                    "b" + number, SmallNumbers.LAW, x.shape().size(1)),
                            1)
                    : x;
        }
    }
}
