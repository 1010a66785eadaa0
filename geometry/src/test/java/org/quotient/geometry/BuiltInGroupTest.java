package org.quotient.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Network;

/** The counts of the built-in networks, each beside the formula that a reader can check. */
class BuiltInGroupTest {
    @ParameterizedTest
    @CsvSource({
        "'mlp:2-2-2,bias=false', 8, 8, 2",
        "'mlp:784-512-512-10', 669706, 669706, 1024",
        "lenet-5, 61706, 61706, 226",
        "resnet-34, 21265098, 21265098, 4736",
        "resnet-18, 11164362, 11164362, 2880",
        "plain-34, 21093066, 21093066, 7616",
        "cifar-nv, 0,0,0",
        "preresnet-18, 0,0,0",
        "densenet-tiny, 0,0,0",
        "segnet-tiny, 0,0,0",
        "'rnn:1-2-1,steps=3,bias=false', 8,8,2",
        "'rnn:1-2-1,steps=3,bias=false,inputs=first', 8,8,3",
        "'tied-autoencoder:2-2-2', 4,4,0",
        "transformer-tiny, 0,0,0",
        "'resnet-18,bn=true', 0,0,0",
    })
    void counts(String spec, long parameters, long live, int generators) {
        long t = System.nanoTime();
        Network network = BuiltIns.model(spec, 0).network();
        RescalingGroup group = RescalingGroup.of(network);
        System.out.println(spec + " p=" + network.parameterCount() + " live="
                + group.liveness().liveCount() + " idle="
                + group.liveness().idleCount() + " k=" + group.rank() + " pinned=" + group.pinned() + " inc="
                + group.incomplete() + " "
                + (System.nanoTime() - t) / 1e6 + " ms");
        if (parameters > 0) {
            assertThat(network.parameterCount()).isEqualTo(parameters);
            assertThat(group.liveness().liveCount()).isEqualTo(live);
            assertThat(group.rank()).isEqualTo(generators);
        }
    }
}
