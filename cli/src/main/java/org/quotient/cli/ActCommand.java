package org.quotient.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.quotient.autodiff.Graph;
import org.quotient.autodiff.Op;
import org.quotient.autodiff.network.Model;
import org.quotient.autodiff.network.Network;
import org.quotient.autodiff.network.Weights;
import org.quotient.geometry.RescalingGroup;
import org.quotient.interop.onnx.OnnxExport;
import org.quotient.interop.onnx.OnnxModel;
import org.quotient.interop.onnx.OnnxWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotient act IN OUT}. */
@Command(
        name = "act",
        description = "Writes a randomly rescaled copy of a network and says how much its outputs changed.",
        footer = {
            "",
            "Every generator is moved. A file is written back with other numbers and nothing else changed; a built-in",
            "becomes a new file. Powers of two are exact in binary arithmetic: outputs then agree bit for bit, up to the",
            "epsilon of normalisations: a scale before a normalisation is a symmetry only for epsilon = 0.",
            "",
            "In JSON, maxOutputChange is max|f' - f| / max|f| on random inputs, for the network as it is given;",
            "maxOutputChangeTraining is the same with the statistics of the batch in batch normalisation, as in training.",
            "It is absent where no running statistics are used.",
            "",
            "Examples:",
            "  quotient act model.onnx rescaled.onnx",
            "  quotient act resnet-18 resnet.onnx --spread 0.5 --seed 7",
            "  quotient act model.onnx exact.onnx --powers-of-two --json"
        })
final class ActCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IN", description = "A file ending in .onnx, or a built-in.")
    private String in;

    @Parameters(index = "1", paramLabel = "OUT", description = "The file to write, ending in .onnx; may be IN.")
    private String out;

    @Option(
            names = "--spread",
            paramLabel = "S",
            defaultValue = "1.0",
            description = "The standard deviation of the logarithms of the scales, positive (default 1.0).")
    private double spread;

    @Option(names = "--powers-of-two", description = "Scales are powers of two, at about the same spread.")
    private boolean powersOfTwo;

    @Mixin
    private NetworkOptions options;

    @Mixin
    private Common common;

    @Override
    public Integer call() {
        if (!(spread > 0 && Double.isFinite(spread))) {
            throw new BadInput("--spread expects a positive number; given " + spread + ".");
        }
        if (!out.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            throw new BadInput("OUT is an ONNX file, its name must end in .onnx; given '" + out + "'.");
        }
        Path target = LoadedNetwork.path(out);
        LoadedNetwork loaded = options.load(in).requireFinite();
        Model model = loaded.model();
        RescalingGroup group = RescalingGroup.of(model.network());
        RandomScales scales = new RandomScales(group, options.seed());
        Weights moved =
                powersOfTwo ? scales.powersOfTwo(model.weights(), spread) : scales.normal(model.weights(), spread);
        OutputChange change = OutputChange.of(model, moved, options.seed());
        OnnxModel file = loaded.file();
        if (file == null) {
            OnnxExport.write(model.at(moved), target);
        } else {
            OnnxWriter.write(file, moved, target);
        }
        return common.deliver(new Action(out, group.rank(), change, withEpsilon(model.network())));
    }

    private static long withEpsilon(Network network) {
        return Graph.topological(network.outputs()).stream()
                .filter(node -> switch (node.op()) {
                    case Op.Standardise s -> s.epsilon() > 0;
                    case Op.StandardiseWith s -> s.epsilon() > 0;
                    default -> false;
                })
                .count();
    }

    /** What was done; {@code withEpsilon} counts the normalisations that scales before them change a little. */
    private record Action(String out, int generators, OutputChange change, long withEpsilon) implements Answer {
        @Override
        public void json(Json json) {
            json.put("generators", generators).put("maxOutputChange", change.relative());
            if (change.training() != null) {
                json.put("maxOutputChangeTraining", change.training());
            }
            json.put("bitForBit", change.sameBits()).put("out", out);
        }

        @Override
        public String text(Style style) {
            Table table = new Table("", "")
                    .row("generators moved", Table.count(generators))
                    .row(
                            "largest change of an output",
                            change.sameBits()
                                    ? "none: on random inputs every output is exactly the same number"
                                    : Table.real(change.relative()) + " (relative)");
            if (change.training() != null) {
                table.row("with batch statistics", Table.real(change.training()) + " (relative)");
            }
            boolean changed = change.relative() != 0 || (change.training() != null && change.training() != 0);
            if (changed && withEpsilon > 0) {
                table.remark("scales before normalisations are symmetries only for epsilon = 0; here "
                        + Table.count(withEpsilon)
                        + (withEpsilon == 1 ? " normalisation has" : " normalisations have") + " epsilon > 0");
            }
            return style.strong(out) + "\n" + table.text(style);
        }
    }
}
