package org.quotient.autodiff.network;

import org.quotient.autodiff.Window;

/**
 * The residual networks in their CIFAR form and the plain network beside them: a stem conv3-64 with stride 1, four stages of
 * 64, 128, 256, 512 channels, stride 2 at the start of stages 2 to 4, global average pooling and a dense layer. Names are
 * those of torchvision's models.
 */
final class ResidualNetworks {
    private static final int[] CHANNELS = {64, 128, 256, 512};

    private final Settings s;
    private final boolean bias;
    private final boolean denseBias;
    private final boolean norm;
    private final Activation activation;

    private ResidualNetworks(Settings s) {
        this.s = s;
        String where = s.choice("bias", "dense", "true", "false");
        this.bias = where.equals("true");
        this.denseBias = !where.equals("false");
        this.norm = s.flag("bn");
        this.activation = s.activation();
    }

    /** Stages of 6, 8, 12, 6 convolutions (He et al. 2016, table 1, without shortcuts). */
    static InitialisedNetwork plain34(Settings s) {
        ResidualNetworks r = new ResidualNetworks(s);
        NetworkBuilder net = s.builder();
        Flow x = r.stem(net).activation(r.activation, "relu");
        int[] depths = {6, 8, 12, 6};
        for (int stage = 0; stage < 4; stage++) {
            for (int i = 0; i < depths[stage]; i++) {
                String layer = "layer" + (stage + 1) + "." + i;
                x = r.conv(x, layer + ".conv", stage, stride(stage, i), layer + ".bn");
                x = x.activation(r.activation, layer + ".relu");
            }
        }
        return r.head(net, x);
    }

    /** Basic blocks y = relu(shortcut(x) + conv2(relu(conv1(x)))) (He et al. 2016, figure 2). */
    static InitialisedNetwork resnet(Settings s, int... depths) {
        ResidualNetworks r = new ResidualNetworks(s);
        NetworkBuilder net = s.builder();
        Flow x = r.stem(net).activation(r.activation, "relu");
        for (int stage = 0; stage < 4; stage++) {
            for (int i = 0; i < depths[stage]; i++) {
                String block = "layer" + (stage + 1) + "." + i;
                int stride = stride(stage, i);
                Flow h = r.conv(x, block + ".conv1", stage, stride, block + ".bn1");
                h = h.activation(r.activation, block + ".relu1");
                h = r.conv(h, block + ".conv2", stage, 1, block + ".bn2");
                Flow shortcut = x;
                if (stride == 2) {
                    shortcut = r.projection(x, block, stage);
                    shortcut = r.norm ? shortcut.batchNorm(block + ".downsample.1") : shortcut;
                }
                x = h.add(shortcut).label(block + ".add").activation(r.activation, block + ".relu2");
            }
        }
        return r.head(net, x);
    }

    /**
     * Pre-activation blocks y = shortcut + conv2(relu(conv1(relu(x)))) (He et al. 2016b, figure 1b); where the shape changes,
     * the shortcut projects relu(x), else it is x. A ReLU stands before pooling.
     */
    static InitialisedNetwork preresnet(Settings s, int... depths) {
        ResidualNetworks r = new ResidualNetworks(s);
        NetworkBuilder net = s.builder();
        Flow x = net.input("x", s.image()).conv("conv1", s.scaled(CHANNELS[0]), window(1), 1, r.bias);
        for (int stage = 0; stage < 4; stage++) {
            for (int i = 0; i < depths[stage]; i++) {
                String block = "layer" + (stage + 1) + "." + i;
                int stride = stride(stage, i);
                Flow active = r.preactivation(x, block + ".bn1", block + ".relu1");
                Flow h = active.conv(block + ".conv1", s.scaled(CHANNELS[stage]), window(stride), 1, r.bias);
                h = r.preactivation(h, block + ".bn2", block + ".relu2");
                h = h.conv(block + ".conv2", s.scaled(CHANNELS[stage]), window(1), 1, r.bias);
                Flow shortcut = stride == 2 ? r.projection(active, block, stage) : x;
                x = h.add(shortcut).label(block + ".add");
            }
        }
        return r.head(net, r.preactivation(x, "bn", "relu"));
    }

    private static int stride(int stage, int block) {
        return stage > 0 && block == 0 ? 2 : 1;
    }

    private static Window window(int stride) {
        return Window.square(3, stride, 1);
    }

    private Flow stem(NetworkBuilder net) {
        return conv(net.input("x", s.image()), "conv1", 0, 1, "bn1");
    }

    private Flow conv(Flow x, String name, int stage, int stride, String normName) {
        Flow y = x.conv(name, s.scaled(CHANNELS[stage]), window(stride), 1, bias);
        return norm ? y.batchNorm(normName) : y;
    }

    private Flow projection(Flow x, String block, int stage) {
        return x.conv(block + ".downsample.0", s.scaled(CHANNELS[stage]), Window.square(1, 2, 0), 1, bias);
    }

    private Flow preactivation(Flow x, String normName, String name) {
        return (norm ? x.batchNorm(normName) : x).activation(activation, name);
    }

    private InitialisedNetwork head(NetworkBuilder net, Flow x) {
        return net.build(x.globalAveragePool().dense("fc", s.classes(), denseBias));
    }
}
