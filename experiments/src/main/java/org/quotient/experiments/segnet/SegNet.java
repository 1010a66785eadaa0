package org.quotient.experiments.segnet;

import java.util.ArrayList;
import java.util.List;
import org.quotient.autodiff.DType;
import org.quotient.autodiff.Expr;
import org.quotient.autodiff.Ops;
import org.quotient.autodiff.Window;
import org.quotient.autodiff.network.Flow;
import org.quotient.autodiff.network.Initialisation;
import org.quotient.autodiff.network.InitialisedNetwork;
import org.quotient.autodiff.network.NetworkBuilder;

/**
 * A small SegNet (Badrinarayanan, Kendall and Cipolla 2017): an encoder of convolutions and max pools, a decoder that puts each value
 * back where the maximum of its window had been, and scores for each pixel.
 *
 * <p>Where the maximum was is found before the ReLU, which does not change it and leaves no ties between zeros.
 *
 * @param pools factors of the max pools, from the picture inwards
 * @param channels behind the convolution of each level, as many
 * @param normalised whether there is batch normalisation behind every convolution but the last
 */
public record SegNet(List<Integer> pools, List<Integer> channels, boolean normalised) {
    private static final Window THREE = Window.square(3, 1, 1);
    private static final Window ONE = Window.square(1, 1, 0);

    /** Copies the lists and checks their lengths. */
    public SegNet {
        pools = List.copyOf(pools);
        channels = List.copyOf(channels);
        if (pools.isEmpty() || pools.size() != channels.size()) {
            throw new IllegalArgumentException("Each level has a max pool and a number of channels; given "
                    + pools.size() + " pools and " + channels.size() + " numbers");
        }
    }

    /** As pages say it. */
    public String text() {
        return "SegNet with pools " + pools + " and channels " + channels;
    }

    /**
     * The network, in single precision, with weights after He et al. 2015.
     *
     * @param height of pictures, in rows, a multiple of the product of the pools
     * @param width likewise, in columns
     * @param classes of pixels
     */
    public InitialisedNetwork network(int inputs, int height, int width, int classes) {
        int factor = pools.stream().reduce(1, (a, b) -> a * b);
        if (height % factor != 0 || width % factor != 0) {
            throw new IllegalArgumentException("Pools " + pools + " need rows and columns that " + factor
                    + " divides; given " + height + " and " + width);
        }
        NetworkBuilder net = NetworkBuilder.named("segnet", DType.F32, Initialisation.HE);
        Flow x = net.input("x", inputs, height, width);
        List<Flow> winners = new ArrayList<>();
        int number = 1;
        for (int level = 0; level < pools.size(); level++) {
            Flow before = unit(x, number++, channels.get(level));
            winners.add(winners(before, pools.get(level)));
            x = before.relu().maxPool(pools.get(level));
        }
        x = unit(x, number++, channels.getLast()).relu();
        for (int level = pools.size() - 1; level >= 0; level--) {
            x = x.upsample(pools.get(level)).times(winners.get(level));
            x = unit(x, number++, channels.get(Math.max(0, level - 1))).relu();
        }
        return net.build(x.conv("classifier", classes, ONE));
    }

    private Flow unit(Flow x, int number, int width) {
        Flow y = x.conv("conv" + number, width, THREE);
        return normalised ? y.batchNorm("bn" + number) : y;
    }

    /** 1 where a value is the largest of its window, else 0. */
    static Flow winners(Flow x, int pool) {
        Expr most = Ops.upsampleNearest(Ops.maxPool2d(x.value(), Window.square(pool, pool, 0)), pool, pool);
        Expr below = Ops.step(most.minus(x.value()));
        return x.builder().flow(Ops.fullLike(below, 1).minus(below));
    }
}
