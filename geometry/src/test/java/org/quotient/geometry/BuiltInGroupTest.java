package org.quotient.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.network.BuiltIns;

/** The counts of the built-in networks, each beside the formula that a reader can check. */
class BuiltInGroupTest {
    @ParameterizedTest
    @CsvSource({
        // parameters: sum of outputs x (inputs + 1); generators: the hidden units
        "'mlp:2-2-2,bias=false', 8, 8, 2",
        "'mlp:784-512-512-10', 669706, 669706, 1024",
        // 6 + 16 channels, 120 + 84 units
        "lenet-5, 61706, 61706, 226",
        // 3*128 + 3*256 + 2*320: the last channels are tied to the outputs
        "cifar-nv, 2617610, 2617610, 1792",
        // 64*(1 + 6) + 128*8 + 256*12 + 512*6
        "plain-34, 21093066, 21093066, 7616",
        // stages 64 + 128 + 256 + 512, and 2, 2, 2, 2 (3, 4, 6, 3) blocks' inner channels
        "resnet-18, 11164362, 11164362, 2880",
        "resnet-34, 21265098, 21265098, 4736",
        "preresnet-18, 11164362, 11164362, 2880",
        // the same, and 4800 channels before a normalisation
        "'resnet-18,bn=true', 11173962, 11173962, 7680",
        // 8 + 3*4 + 10 + 3*4
        "densenet-tiny, 3454, 3454, 42",
        // 16 + 32 + 32 + 16
        "segnet-tiny, 19147, 19147, 96",
        // n hidden units; one more with the input at the first step only
        "'rnn:1-2-1,steps=3', 8, 8, 2",
        "'rnn:1-2-1,steps=3,inputs=first', 8, 8, 3",
        "'tied-autoencoder:2-2-2', 4, 4, 0",
        "'tied-autoencoder:20-8-20', 160, 160, 0",
        // 16 norm channels twice, 16 query-key, 16 value-output, 32 gate; 16 key biases are idle
        "transformer-tiny, 2858, 2842, 96",
        "'mlp:3-4-2,activation=tanh', 26, 26, 0",
        // the slopes are live and invariant
        "'mlp:3-4-2,activation=prelu', 30, 30, 4",
        "'mlp:3-4-2,activation=identity', 26, 26, 4",
    })
    void counts(String spec, long parameters, long live, int generators) {
        DimensionCount count = DimensionCount.of(BuiltIns.network(spec).network());
        assertThat(count.parameters()).isEqualTo(parameters);
        assertThat(count.live()).isEqualTo(live);
        assertThat(count.generators()).isEqualTo(generators);
        assertThat(count.dimension()).isEqualTo(live - generators);
        assertThat(count.certificate().proved()).as(count.toString()).isTrue();
    }
}
