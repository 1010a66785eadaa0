package org.quotient.benchmarks.rescale;

import java.util.List;

/**
 * A network to be conditioned.
 *
 * @param id a short name
 * @param spec of a built-in network
 * @param chain its layers for peers; empty if only we take part
 * @param input the shape of one sample, for peers
 * @param target most seconds of processor time of the exact method
 */
record RescaleRow(String id, String spec, List<ChainStep> chain, List<Integer> input, double target) {
    /** At least so many times faster than the published sweeps. */
    static final double RATIO = 10;

    RescaleRow {
        chain = List.copyOf(chain);
        input = List.copyOf(input);
    }

    /** The rows of the table. */
    static List<RescaleRow> all() {
        return List.of(
                new RescaleRow("mlp", "mlp:784-512-512-10", ChainStep.dense(3), List.of(784), 0.1),
                new RescaleRow("cifar-nv", "cifar-nv", ChainStep.cifarNv(), List.of(3, 32, 32), 0.3),
                new RescaleRow("resnet-34", "resnet-34", List.of(), List.of(), 3));
    }
}
