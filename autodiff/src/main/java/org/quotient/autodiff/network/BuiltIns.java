package org.quotient.autodiff.network;

import java.util.List;
import java.util.function.Function;

/**
 * The networks that come with the house, by name: {@code name}, {@code name:sizes}, each with {@code ,key=value} settings
 * such as {@code mlp:784-512-512-10,bias=false,init=he}. The settings of all:
 *
 * <ul>
 *   <li>{@code width=F} multiplies every hidden width and channel count by F, rounded half up, at least 1. Inputs and
 *       classes keep theirs (in {@code transformer-tiny} the token width is a hidden width and scales).
 *   <li>{@code init=torch|he|glorot|lecun}: see {@link Initialisation}.
 *   <li>{@code dtype=f64|f32}.
 * </ul>
 *
 * <p>Of some: {@code bias=true|false}, for convolutional networks also {@code bias=dense}: only the last, dense layer has
 * one; {@code bn=true} puts batch normalisation behind every hidden convolution or dense layer (in pre-activation networks
 * before every activation), with running statistics; see {@link TrainingMode}; {@code activation=} as {@link Activation#of}
 * reads it; {@code input=CxHxW}; {@code classes=K}.
 */
public final class BuiltIns {
    private BuiltIns() {}

    /** A description and what builds it. */
    record Entry(BuiltIn builtIn, Function<Settings, InitialisedNetwork> build) {}

    private static List<Entry> entries() {
        return List.of(
                new Entry(
                        BuiltIn.of(
                                "mlp:a-b-...-c",
                                "dense layers a to b to ... to c with activations between",
                                "mlp:784-512-512-10",
                                "bias=true",
                                "bn=false",
                                "activation=relu"),
                        DenseNetworks::mlp),
                new Entry(
                        BuiltIn.of(
                                "lenet-5",
                                "two convolutions with max pooling and three dense layers (LeCun et al. 1998, with ReLU)",
                                "lenet-5,activation=leaky:0.1",
                                "bias=true",
                                "bn=false",
                                "activation=relu",
                                "input=1x28x28",
                                "classes=10"),
                        ConvolutionalNetworks::lenet5),
                new Entry(
                        BuiltIn.of(
                                "cifar-nv",
                                "nine convolutions, two max pools, average pool; fully convolutional",
                                "cifar-nv,bias=false",
                                "bias=true",
                                "bn=false",
                                "activation=relu",
                                "input=3x32x32",
                                "classes=10"),
                        ConvolutionalNetworks::cifarNv),
                new Entry(
                        residual("plain-34", "the 34-layer network without shortcuts (He et al. 2016), CIFAR form"),
                        ResidualNetworks::plain34),
                new Entry(
                        residual("resnet-18", "residual network with 8 basic blocks (He et al. 2016), CIFAR form"),
                        s -> ResidualNetworks.resnet(s, 2, 2, 2, 2)),
                new Entry(
                        residual("resnet-34", "residual network with 16 basic blocks (He et al. 2016), CIFAR form"),
                        s -> ResidualNetworks.resnet(s, 3, 4, 6, 3)),
                new Entry(
                        residual(
                                "preresnet-18",
                                "residual network with 8 pre-activation blocks (He et al. 2016b), CIFAR form"),
                        s -> ResidualNetworks.preresnet(s, 2, 2, 2, 2)),
                new Entry(
                        BuiltIn.of(
                                "densenet-tiny",
                                "two dense blocks of three layers, growth 4, 1x1 transition that halves the channels"
                                        + " (Huang et al. 2017)",
                                "densenet-tiny,classes=2",
                                "bias=dense",
                                "bn=false",
                                "activation=relu",
                                "input=3x16x16",
                                "classes=10"),
                        ConvolutionalNetworks::densenetTiny),
                new Entry(
                        BuiltIn.of(
                                "segnet-tiny",
                                "encoder of two levels (16, 32 channels), decoder of two (32, 16), scores per pixel"
                                        + " (after Badrinarayanan et al. 2017)",
                                "segnet-tiny,input=3x32x48",
                                "bias=true",
                                "bn=false",
                                "activation=relu",
                                "input=3x16x16",
                                "classes=11"),
                        ConvolutionalNetworks::segnetTiny),
                new Entry(
                        BuiltIn.of(
                                "rnn:d-n-k",
                                "recurrent network unrolled over steps, h' = relu(W_x x + W_h h), h_0 = 0, output at the"
                                        + " last step",
                                "rnn:2-8-3,steps=5",
                                "steps=3",
                                "inputs=all",
                                "bias=false",
                                "activation=relu"),
                        SequenceNetworks::rnn),
                new Entry(
                        BuiltIn.of(
                                "tied-autoencoder:a-b-a",
                                "encoder W and decoder W transposed, one shared weight",
                                "tied-autoencoder:8-3-8",
                                "bias=false",
                                "activation=relu"),
                        DenseNetworks::tiedAutoencoder),
                new Entry(
                        BuiltIn.of(
                                "transformer-tiny",
                                "one pre-norm block on tokens of width 16: single-head attention and SwiGLU (hidden 32),"
                                        + " mean over tokens, dense",
                                "transformer-tiny,tokens=4",
                                "tokens=8",
                                "bias=true",
                                "activation=silu",
                                "classes=10"),
                        SequenceNetworks::transformerTiny));
    }

    private static BuiltIn residual(String name, String description) {
        return BuiltIn.of(
                name,
                description,
                name + ",bn=true",
                "bias=dense",
                "bn=false",
                "activation=relu",
                "input=3x32x32",
                "classes=10");
    }

    /** All built-ins, in the order in which documentation lists them. */
    public static List<BuiltIn> catalogue() {
        return entries().stream().map(Entry::builtIn).toList();
    }

    /** Whether a spec begins with the name of a built-in; its sizes and settings may still be wrong. */
    public static boolean exists(String spec) {
        return catalogue().stream().anyMatch(b -> b.name().equals(Settings.nameOf(spec)));
    }

    /**
     * Builds a network.
     *
     * @param spec such as {@code resnet-34,bn=true}
     * @return the graph with the laws of its initial weights; nothing is drawn
     * @throws IllegalArgumentException if a name, a size, a setting or its value is wrong: what was given, what is expected
     */
    public static InitialisedNetwork network(String spec) {
        String name = Settings.nameOf(spec);
        List<Entry> entries = entries();
        Entry entry = entries.stream()
                .filter(e -> e.builtIn().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(NearestNames.unknown(
                        "a built-in network",
                        name,
                        entries.stream().map(e -> e.builtIn().name()).toList())));
        try {
            return entry.build().apply(Settings.parse(spec, entry.builtIn()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + spec + "': " + e.getMessage(), e);
        }
    }

    /**
     * Builds a network with random weights, each drawn when it is first asked for.
     *
     * @param spec see {@link #network}
     * @param seed any number
     */
    public static Model model(String spec, long seed) {
        return network(spec).model(seed);
    }
}
