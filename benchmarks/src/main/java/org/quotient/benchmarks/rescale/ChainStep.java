package org.quotient.benchmarks.rescale;

import java.util.ArrayList;
import java.util.List;

/**
 * One operation of a chain of layers, for a peer that knows no graphs. Activations are left out: they are the identity on
 * numbers that are not negative.
 *
 * @param op {@code linear}, {@code conv}, {@code max} (pool) or {@code mean} (over the image)
 * @param size of a pool's window
 * @param stride of a pool
 * @param padding of a pool or a convolution
 */
public record ChainStep(String op, int size, int stride, int padding) {
    private static final ChainStep LINEAR = new ChainStep("linear", 0, 0, 0);
    private static final ChainStep CONV3 = new ChainStep("conv", 0, 0, 1);
    private static final ChainStep CONV1 = new ChainStep("conv", 0, 0, 0);
    private static final ChainStep POOL = new ChainStep("max", 3, 2, 1);
    private static final ChainStep MEAN = new ChainStep("mean", 0, 0, 0);

    /** The layers of {@code mlp:...}. */
    static List<ChainStep> dense(int layers) {
        return List.copyOf(java.util.Collections.nCopies(layers, LINEAR));
    }

    /** The layers of {@code cifar-nv}. */
    static List<ChainStep> cifarNv() {
        List<ChainStep> chain = new ArrayList<>();
        for (int block = 0; block < 2; block++) {
            chain.addAll(List.of(CONV3, CONV3, CONV3, POOL));
        }
        chain.addAll(List.of(CONV3, CONV1, CONV1, MEAN));
        return List.copyOf(chain);
    }
}
