package org.quotient.interop.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Network;
import org.quotient.geometry.RescalingGroup;

@DisplayName("A file has the rescaling group of the network that it holds")
class GroupOfFilesTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        // Hidden units 5 + 4.
        "mlp, 9",
        "mlp-double, 9",
        // Channels 3 + 4, behind max pooling, padding and average pooling.
        "cnn, 7",
        "cnn-fixed, 7",
        "cnn-double, 7",
        // Tied residual channels 4, inner 4 and 6, and 6 behind the projection.
        "residual, 20"
    })
    @DisplayName("with as many generators as hidden units and channels, ties counted once")
    void generators(String name, int rank) {
        Network network =
                OnnxReader.read(Reference.fixture(name + ".onnx")).model().network();
        assertThat(RescalingGroup.of(network).rank()).isEqualTo(rank);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "mlp:5-4-3",
                "mlp:5-4-3,bn=true",
                "lenet-5",
                "cifar-nv,width=0.05",
                "resnet-18,width=0.05",
                "resnet-18,width=0.05,bn=true",
                "preresnet-18,width=0.05",
                "densenet-tiny",
                "segnet-tiny",
                "rnn:3-4-2,steps=3",
                "tied-autoencoder:6-3-6",
                "transformer-tiny,tokens=4"
            })
    @DisplayName("and an export keeps it")
    void exported(String spec) {
        Network network = BuiltIns.network(spec).network();
        Network again =
                Graphs.read(OnnxExport.toProto(BuiltIns.model(spec, 1))).model().network();
        assertThat(RescalingGroup.of(again).rank())
                .isEqualTo(RescalingGroup.of(network).rank());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"attention", "residual-norm"})
    @DisplayName("whichever opset it is written in")
    void opsets(String name) {
        Network recent =
                OnnxReader.read(Reference.fixture(name + ".onnx")).model().network();
        Network old =
                OnnxReader.read(Reference.fixture(name + "-old.onnx")).model().network();
        assertThat(RescalingGroup.of(old).rank())
                .isEqualTo(RescalingGroup.of(recent).rank())
                .isPositive();
    }
}
