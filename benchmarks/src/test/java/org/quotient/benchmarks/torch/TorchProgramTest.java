package org.quotient.benchmarks.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.quotient.autodiff.CounterRandom;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.BuiltIn;
import org.quotient.autodiff.network.BuiltIns;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.TrainingMode;

/** What is written for libtorch. That it computes the same is tested where libtorch is: in the profile "peers". */
class TorchProgramTest {
    private static TorchProgram descent(String spec, int batch) {
        Model model = BuiltIns.model(spec, 0);
        Model training = new Model(TrainingMode.of(model.network()), model.weights());
        Tensor x = Tensor.fill(
                model.network().inputs().get(0).shape().bind(batch),
                model.network().outputs().get(0).dtype(),
                CounterRandom.seeded(1)::normal);
        Tensor y = Tensor.fill(
                model.network().outputs().get(0).shape().bind(batch), x.dtype(), CounterRandom.seeded(2)::normal);
        return TorchProgram.descent(training, TorchProgram.LossKind.HALF_SQUARED_ERROR, x, y, 0.1);
    }

    @Test
    @DisplayName("a dense layer with its bias is one call, as a user of PyTorch would write it")
    void dense() {
        assertThat(descent("mlp:3-4-2", 5).loss())
                .containsExactly(
                        "v0 = torch.linear(x, p[0], p[1])",
                        "v1 = torch.relu(v0)",
                        "v2 = torch.linear(v1, p[2], p[3])",
                        "return torch.div(torch.sum(torch.square(torch.sub(v2, y))), 10.0)");
    }

    @Test
    @DisplayName(
            "convolutions take their bias, normalisations their scale and shift; residual networks need nothing else")
    void images() {
        assertThat(descent("cifar-nv,width=0.1", 2).loss())
                .filteredOn(line -> line.contains("conv2d"))
                .hasSize(9)
                .allMatch(line -> line.matches(".*conv2d\\(\\w+, p\\[\\d+\\], p\\[\\d+\\], \\[1, 1\\].*"));
        assertThat(descent("resnet-18,bn=true,width=0.1", 2).loss())
                .filteredOn(line -> line.contains("batch_norm"))
                .hasSize(20);
        assertThat(descent("resnet-18,bn=true,width=0.1", 2).loss()).noneMatch(line -> line.contains("torch.expand"));
    }

    @Test
    @DisplayName("every built-in can be written")
    void builtIns() {
        for (BuiltIn builtIn : BuiltIns.catalogue()) {
            assertThat(descent(builtIn.example(), 2).loss()).isNotEmpty();
        }
    }

    @Test
    @DisplayName("running statistics are refused: a peer trains")
    void buffers() {
        Model model = BuiltIns.model("mlp:3-4-2,bn=true", 0);
        Tensor x =
                Tensor.fill(model.network().inputs().get(0).shape().bind(2), org.quotient.autodiff.DType.F64, i -> i);
        assertThatThrownBy(() -> TorchProgram.descent(model, TorchProgram.LossKind.CROSS_ENTROPY, x, x, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bn1.running_mean")
                .hasMessageContaining("training mode");
    }

    @Test
    @DisplayName("the archive is a zip of uncompressed entries under one folder, and holds the source")
    void archive() throws IOException {
        TorchProgram program = descent("mlp:3-4-2", 5);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(TorchArchive.of(program)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        assertThat(entries)
                .containsOnlyKeys(
                        "program/data.pkl", "program/code/__torch__.py", "program/constants.pkl", "program/version");
        assertThat(new String(entries.get("program/code/__torch__.py"), StandardCharsets.UTF_8))
                .isEqualTo(program.source())
                .contains("def forward(self: __torch__.Program");
    }
}
