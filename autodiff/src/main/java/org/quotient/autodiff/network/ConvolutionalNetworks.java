package org.quotient.autodiff.network;

import org.quotient.autodiff.Window;

/** Built-ins of convolutions without shortcuts that add. */
final class ConvolutionalNetworks {
    private static final Window ONE = Window.square(1, 1, 0);
    private static final Window THREE = Window.square(3, 1, 1);

    private ConvolutionalNetworks() {}

    /** Convolution, batch normalisation if asked for, activation; the number is shared by their names. */
    private record Unit(Settings s, boolean bias, boolean norm, Activation activation) {
        static Unit of(Settings s, String biasWhere) {
            return new Unit(s, biasWhere.equals("true"), s.flag("bn"), s.activation());
        }

        Flow apply(Flow x, int number, int channels, Window window) {
            Flow y = x.conv("conv" + number, channels, window, 1, bias);
            return (norm ? y.batchNorm("bn" + number) : y).activation(activation);
        }
    }

    static InitialisedNetwork lenet5(Settings s) {
        boolean bias = s.flag("bias");
        Unit unit = Unit.of(s, s.choice("bias", "true", "false"));
        NetworkBuilder net = s.builder();
        Flow x = net.input("x", s.image());
        x = unit.apply(x, 1, s.scaled(6), Window.square(5, 1, 2)).maxPool(2);
        x = unit.apply(x, 2, s.scaled(16), Window.square(5, 1, 0)).maxPool(2).flatten();
        x = dense(unit, x, 1, s.scaled(120));
        x = dense(unit, x, 2, s.scaled(84));
        return net.build(x.dense("fc3", s.classes(), bias));
    }

    private static Flow dense(Unit unit, Flow x, int number, int width) {
        Flow y = x.dense("fc" + number, width, unit.bias());
        return (unit.norm() ? y.batchNorm("bnfc" + number) : y).activation(unit.activation());
    }

    /** The average pool takes the whole map, which is 8 x 8 for the standard input. */
    static InitialisedNetwork cifarNv(Settings s) {
        Unit unit = Unit.of(s, s.choice("bias", "true", "false"));
        NetworkBuilder net = s.builder();
        Flow x = net.input("x", s.image());
        int number = 1;
        for (int channels : new int[] {128, 256}) {
            for (int i = 0; i < 3; i++) {
                x = unit.apply(x, number++, s.scaled(channels), THREE);
            }
            x = x.maxPool(Window.square(3, 2, 1));
        }
        x = unit.apply(x, number++, s.scaled(320), THREE);
        x = unit.apply(x, number++, s.scaled(320), ONE);
        x = unit.apply(x, number, s.classes(), ONE);
        return net.build(x.globalAveragePool());
    }

    /** Each layer of a block sees the block's input and all earlier layers (Huang et al. 2017, equation 2). */
    static InitialisedNetwork densenetTiny(Settings s) {
        String bias = s.choice("bias", "dense", "true", "false");
        boolean convolutionBias = bias.equals("true");
        NetworkBuilder net = s.builder();
        Flow x = net.input("x", s.image()).conv("conv1", s.scaled(8), THREE, 1, convolutionBias);
        x = denseBlock(s, x, "block1", convolutionBias);
        x = x.conv("transition", Math.max(1, x.shape().size(1) / 2), ONE, 1, convolutionBias)
                .averagePool(2);
        x = denseBlock(s, x, "block2", convolutionBias).globalAveragePool();
        return net.build(x.dense("fc", s.classes(), !bias.equals("false")));
    }

    private static Flow denseBlock(Settings s, Flow x, String name, boolean bias) {
        Flow all = x;
        for (int i = 1; i <= 3; i++) {
            String layer = name + "." + i;
            Flow h = s.flag("bn") ? all.batchNorm(layer + ".bn") : all;
            h = h.activation(s.activation(), layer + ".relu").conv(layer + ".conv", s.scaled(4), THREE, 1, bias);
            all = all.concat(h).label(layer + ".concat");
        }
        return all;
    }

    /** Scores [N, classes, H, W]; two max pools and two upsamplings need rows and columns that 4 divides. */
    static InitialisedNetwork segnetTiny(Settings s) {
        int[] image = s.image();
        if (image[1] % 4 != 0 || image[2] % 4 != 0) {
            throw new IllegalArgumentException(
                    "segnet-tiny halves the image twice and doubles it again; expected rows and columns that 4"
                            + " divides, given " + image[1] + " and " + image[2]);
        }
        Unit unit = Unit.of(s, s.choice("bias", "true", "false"));
        NetworkBuilder net = s.builder();
        Flow x = net.input("x", image);
        x = unit.apply(x, 1, s.scaled(16), THREE).maxPool(2);
        x = unit.apply(x, 2, s.scaled(32), THREE).maxPool(2);
        x = unit.apply(x.upsample(2), 3, s.scaled(32), THREE);
        x = unit.apply(x.upsample(2), 4, s.scaled(16), THREE);
        return net.build(x.conv("classifier", s.classes(), ONE, 1, unit.bias()));
    }
}
